/** Reads stacks as they are: one by name, or all of an environment, those that nobody expected included. */
import {
  type CloudFormationClient,
  CloudFormationServiceException,
  DescribeStacksCommand,
  paginateDescribeStacks,
  type Stack,
} from '@aws-sdk/client-cloudformation';
import { PIPELINE_STACK, PROJECT, TAG_KEYS } from '../../../environments/naming.ts';
import type { StackToPrepare } from '../../core/stacks/status.ts';
import { readStatus } from './stack-status.ts';

/** A stack as CloudFormation describes it. An absent one has a name and nothing else. */
export interface DescribedStack extends StackToPrepare {
  /** ARN; undefined while absent. */
  readonly id: string | undefined;
  /** CloudFormation's words on the status; empty for none. */
  readonly reason: string;
  readonly parameters: Readonly<Record<string, string>>;
  /** What CloudFormation read when it last deployed, of parameters that name an SSM parameter. */
  readonly resolvedParameters: Readonly<Record<string, string>>;
  readonly tags: Readonly<Record<string, string>>;
  readonly outputs: Readonly<Record<string, string>>;
  readonly createdAt: Date | undefined;
  readonly updatedAt: Date | undefined;
}

/** The stacks of an environment, beside what its release expects. */
export interface EnvironmentStacks {
  /** One for each expected name, in that order, absent ones included. */
  readonly expected: readonly DescribedStack[];
  /** Stacks that bear the environment's tags and that nobody expected: orphans, or made by hand. By name. */
  readonly unexpected: readonly DescribedStack[];
}

/** The stack of that name, or what is known of one that is not there. */
export async function describeStack(
  client: CloudFormationClient,
  name: string,
  signal?: AbortSignal,
): Promise<DescribedStack> {
  try {
    const { Stacks } = await client.send(new DescribeStacksCommand({ StackName: name }), { abortSignal: signal });
    const [stack] = Stacks ?? [];
    return stack === undefined ? absent(name) : toDescribed(stack);
  } catch (error) {
    if (isMissingStack(error)) return absent(name);
    throw error;
  }
}

/** All stacks of an environment, over all pages of the account's stacks in that region. */
export async function describeEnvironmentStacks(
  client: CloudFormationClient,
  { environment, expected }: { readonly environment: string; readonly expected: readonly string[] },
): Promise<EnvironmentStacks> {
  const present = new Map<string, DescribedStack>();
  for await (const { Stacks = [] } of paginateDescribeStacks({ client }, {})) {
    for (const stack of Stacks) {
      const name = stack.StackName ?? '';
      if (expected.includes(name) || belongsTo(stack, environment)) present.set(name, toDescribed(stack));
    }
  }
  return {
    expected: expected.map((name) => present.get(name) ?? absent(name)),
    unexpected: [...present.values()]
      .filter(({ name }) => !expected.includes(name))
      .sort((a, b) => (a.name < b.name ? -1 : 1)),
  };
}

/** CloudFormation has no error of its own for a stack that is not there, only words: `Stack with id x does not exist`. */
export const isMissingStack = (error: unknown): boolean =>
  error instanceof CloudFormationServiceException &&
  error.name === 'ValidationError' &&
  /^Stack (with id )?\S+ does not exist$/.test(error.message);

/** PipelineStack bears the tag of an environment that is alone in its account, yet it is the account's, not of a release. */
function belongsTo(stack: Stack, environment: string): boolean {
  if (stack.StackName === PIPELINE_STACK) return false;
  const tags = tagsOf(stack);
  return tags[TAG_KEYS.project] === PROJECT && tags[TAG_KEYS.environment] === environment;
}

const tagsOf = ({ Tags = [] }: Stack): Record<string, string> =>
  Object.fromEntries(Tags.map(({ Key = '', Value = '' }) => [Key, Value]));

function toDescribed(stack: Stack): DescribedStack {
  const name = stack.StackName ?? '';
  return {
    name,
    id: stack.StackId,
    state: readStatus(name, stack.StackStatus),
    reason: stack.StackStatusReason ?? '',
    terminationProtection: stack.EnableTerminationProtection ?? false,
    parameters: Object.fromEntries(
      (stack.Parameters ?? []).map(({ ParameterKey = '', ParameterValue = '' }) => [ParameterKey, ParameterValue]),
    ),
    resolvedParameters: Object.fromEntries(
      (stack.Parameters ?? []).flatMap(({ ParameterKey, ResolvedValue }) =>
        ParameterKey === undefined || ResolvedValue === undefined ? [] : [[ParameterKey, ResolvedValue]],
      ),
    ),
    tags: tagsOf(stack),
    outputs: Object.fromEntries(
      (stack.Outputs ?? []).map(({ OutputKey = '', OutputValue = '' }) => [OutputKey, OutputValue]),
    ),
    createdAt: stack.CreationTime,
    updatedAt: stack.LastUpdatedTime,
  };
}

const absent = (name: string): DescribedStack => ({
  name,
  id: undefined,
  state: 'ABSENT',
  reason: '',
  terminationProtection: false,
  parameters: {},
  resolvedParameters: {},
  tags: {},
  outputs: {},
  createdAt: undefined,
  updatedAt: undefined,
});
