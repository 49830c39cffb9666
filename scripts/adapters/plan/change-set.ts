/**
 * CloudFormation's own reckoning of an update: a change set is made, read over all its pages and deleted, never
 * executed. Its name begins with `gitops-diff-`: the read role may make no other.
 */
import { randomUUID } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import {
  type Change,
  type CloudFormationClient,
  CloudFormationServiceException,
  CreateChangeSetCommand,
  DeleteChangeSetCommand,
  DescribeChangeSetCommand,
  type DescribeChangeSetCommandOutput,
  type Parameter,
} from '@aws-sdk/client-cloudformation';
import { DIFF_CHANGE_SET_PREFIX } from '../../../environments/naming.ts';
import type { ChangeSet, Template } from '../../core/plan/facts.ts';

/** Quota of a template that is sent along: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html */
const INLINE_LIMIT_BYTES = 51_200;
const POLL_MS = 500;
/** A change set takes seconds; one that hooks and macros hold up is not waited for. */
const DEADLINE_MS = 180_000;

export interface ChangeSetInput {
  readonly stack: string;
  readonly template: Template;
  readonly tags: Readonly<Record<string, string>>;
  /** Names of the parameters the stack has now: their values are kept, but for those read from SSM. */
  readonly presentParameters: readonly string[];
  readonly signal?: AbortSignal;
  /** Registers the removal of the change set, should the process be ended meanwhile; gives back what withdraws it. */
  readonly onExit: (hook: () => Promise<void>) => () => void;
  /** Takes a change set that could not be removed. */
  readonly warn: (text: string) => void;
}

export interface Dependencies {
  readonly client: CloudFormationClient;
  readonly newName: () => string;
  readonly sleep: (milliseconds: number, signal?: AbortSignal) => Promise<unknown>;
}

export const withDefaults = (client: CloudFormationClient): Dependencies => ({
  client,
  newName: () => `${DIFF_CHANGE_SET_PREFIX}${randomUUID()}`,
  sleep: (milliseconds, signal) => setTimeout(milliseconds, undefined, { signal }),
});

/** The changes, or why CloudFormation could not say them. */
export type ChangeSetAnswer = { readonly changeSet: ChangeSet } | { readonly problem: string };

/** Of a stack that exists and is at rest. The change set is gone afterwards, whatever happened. */
export async function askForChanges(input: ChangeSetInput, deps: Dependencies): Promise<ChangeSetAnswer> {
  const body = JSON.stringify(input.template);
  const bytes = Buffer.byteLength(body);
  if (bytes > INLINE_LIMIT_BYTES) {
    return { problem: `the template has ${bytes} bytes and only ${INLINE_LIMIT_BYTES} can be sent without a bucket` };
  }
  const name = deps.newName();
  const cleanUp = once(() => remove(input, name, deps));
  const withdraw = input.onExit(cleanUp);
  try {
    input.signal?.throwIfAborted();
    await create(input, name, body, deps);
    return await read(input, name, deps);
  } catch (error) {
    // What the service refuses is an answer; a lost connection or an interruption is none.
    if (error instanceof CloudFormationServiceException) return { problem: `${error.name}: ${error.message}` };
    throw error;
  } finally {
    await cleanUp();
    withdraw();
  }
}

async function create(input: ChangeSetInput, name: string, body: string, { client }: Dependencies): Promise<void> {
  await client.send(
    new CreateChangeSetCommand({
      StackName: input.stack,
      ChangeSetName: name,
      ChangeSetType: 'UPDATE',
      Description: 'Made to show what would change; never executed',
      TemplateBody: body,
      Parameters: parametersOf(input),
      Tags: Object.entries(input.tags).map(([Key, Value]) => ({ Key, Value })),
      Capabilities: ['CAPABILITY_IAM', 'CAPABILITY_NAMED_IAM', 'CAPABILITY_AUTO_EXPAND'],
    }),
    { abortSignal: input.signal },
  );
}

/** As the deployment will: values stay, and SSM parameters are read anew. New parameters take their defaults. */
function parametersOf({ template, presentParameters }: ChangeSetInput): Parameter[] {
  return Object.entries(template.Parameters ?? {}).flatMap(([ParameterKey, { Type, Default }]): Parameter[] => {
    if (Type.startsWith('AWS::SSM::Parameter::') && Default !== undefined) {
      return [{ ParameterKey, ParameterValue: Default }];
    }
    return presentParameters.includes(ParameterKey) ? [{ ParameterKey, UsePreviousValue: true }] : [];
  });
}

const isMaking = ({ Status }: Pick<DescribeChangeSetCommandOutput, 'Status'>): boolean =>
  Status === 'CREATE_PENDING' || Status === 'CREATE_IN_PROGRESS';

/** CloudFormation has no code of its own for a change set without changes, only words. */
const NO_CHANGES = /didn't contain changes|No updates are to be performed/;

async function read(input: ChangeSetInput, name: string, deps: Dependencies): Promise<ChangeSetAnswer> {
  const made = await waitUntilMade(input, name, deps, input.signal);
  if (isMaking(made)) return { problem: `it was not made within ${DEADLINE_MS / 60_000} minutes` };
  if (made.Status === 'FAILED' && !NO_CHANGES.test(made.StatusReason ?? '')) {
    return { problem: made.StatusReason ?? 'it failed without a reason' };
  }
  const changes: Change[] = [];
  let token: string | undefined;
  do {
    const page: DescribeChangeSetCommandOutput = await deps.client.send(
      new DescribeChangeSetCommand({
        StackName: input.stack,
        ChangeSetName: name,
        IncludePropertyValues: true,
        NextToken: token,
      }),
      { abortSignal: input.signal },
    );
    changes.push(...(page.Changes ?? []));
    token = page.NextToken;
  } while (token !== undefined);
  return { changeSet: { Changes: changes } };
}

async function waitUntilMade(
  { stack }: Pick<ChangeSetInput, 'stack'>,
  name: string,
  { client, sleep }: Dependencies,
  signal: AbortSignal | undefined,
): Promise<DescribeChangeSetCommandOutput> {
  const command = new DescribeChangeSetCommand({ StackName: stack, ChangeSetName: name });
  for (let waited = 0; ; waited += POLL_MS) {
    const state = await client.send(command, { abortSignal: signal });
    if (!isMaking(state) || waited >= DEADLINE_MS) return state;
    await sleep(POLL_MS, signal);
  }
}

/** Waits out what is still being made, as that can't be deleted. Reports what is left behind; never throws. */
async function remove({ stack, warn }: ChangeSetInput, name: string, deps: Dependencies): Promise<void> {
  try {
    await waitUntilMade({ stack }, name, deps, undefined);
    await deps.client.send(new DeleteChangeSetCommand({ StackName: stack, ChangeSetName: name }));
  } catch (error) {
    if (isAbsent(error)) return;
    const reason = error instanceof Error ? error.message : String(error);
    warn(`The change set ${name} of ${stack} was left behind (${reason}). It does nothing; delete it by hand.`);
  }
}

const isAbsent = (error: unknown): boolean =>
  error instanceof CloudFormationServiceException && error.name.startsWith('ChangeSetNotFound');

/** Runs once, however many ask. */
function once(work: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | undefined;
  return () => {
    running ??= work();
    return running;
  };
}
