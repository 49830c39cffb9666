/** Which SSM parameters that a stack reads have another value now than when it was deployed. */
import { GetParametersCommand, type SSMClient } from '@aws-sdk/client-ssm';
import type { StackFacts, Template } from '../../core/plan/facts.ts';

type Moved = NonNullable<StackFacts['movedParameters']>;

/** Quota of GetParameters. */
const AT_ONCE = 10;
/** CDK's word for parameters whose value makes no difference: its bootstrap version. */
const NO_MATTER = '[cdk:skip]';

export interface ReadsParameters {
  readonly name: string;
  readonly template: Template;
  /** Values CloudFormation read when it last deployed the stack, by template parameter. */
  readonly resolved: Readonly<Record<string, string>>;
  /** Values of the template parameters: names of SSM parameters, or, in an emulated account, what they held. */
  readonly parameters: Readonly<Record<string, string>>;
}

/** By stack; stacks that read nothing, or whose values are as they were, are not in it. */
export async function findMovedParameters(
  client: SSMClient,
  stacks: readonly ReadsParameters[],
  signal?: AbortSignal,
): Promise<ReadonlyMap<string, Moved>> {
  const names = new Set(stacks.flatMap((stack) => readsOf(stack).map(({ ssmName }) => ssmName)));
  const values = await readValues(client, [...names].sort(), signal);
  const moved = stacks.map(({ name, ...stack }): [string, Moved] => {
    const changed = readsOf({ name, ...stack }).flatMap(({ parameter, ssmName, was }) => {
      const now = values.get(ssmName) ?? '(not there)';
      return was === undefined || was === now ? [] : [[parameter, { old: was, new: now }] as const];
    });
    return [name, Object.fromEntries(changed)];
  });
  return new Map(moved.filter(([, parameters]) => Object.keys(parameters).length > 0));
}

interface Read {
  readonly parameter: string;
  readonly ssmName: string;
  /** Undefined when it can't be known: then the value is taken as unchanged. */
  readonly was: string | undefined;
}

function readsOf({ template, resolved, parameters }: ReadsParameters): Read[] {
  return Object.entries(template.Parameters ?? {}).flatMap(([parameter, { Type, Default, Description = '' }]) => {
    if (!Type.startsWith('AWS::SSM::Parameter::Value') || Default === undefined) return [];
    if (Description.includes(NO_MATTER)) return [];
    const value = parameters[parameter];
    return [{ parameter, ssmName: Default, was: resolved[parameter] ?? (value === Default ? undefined : value) }];
  });
}

async function readValues(
  client: SSMClient,
  names: readonly string[],
  signal: AbortSignal | undefined,
): Promise<ReadonlyMap<string, string>> {
  const batches = Array.from({ length: Math.ceil(names.length / AT_ONCE) }, (_, index) =>
    names.slice(index * AT_ONCE, (index + 1) * AT_ONCE),
  );
  const answers = await Promise.all(
    batches.map((Names) => client.send(new GetParametersCommand({ Names }), { abortSignal: signal })),
  );
  return new Map(
    answers.flatMap(({ Parameters = [] }) => Parameters.map(({ Name = '', Value = '' }) => [Name, Value])),
  );
}
