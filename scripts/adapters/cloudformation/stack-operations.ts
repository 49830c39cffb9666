/** The operations that lead a stack out of a bad status. Each starts one and waits for nothing. */
import { randomUUID } from 'node:crypto';
import {
  CancelUpdateStackCommand,
  type CloudFormationClient,
  CloudFormationServiceException,
  ContinueUpdateRollbackCommand,
  DeleteChangeSetCommand,
  DeleteStackCommand,
  InvalidChangeSetStatusException,
  paginateListChangeSets,
  RollbackStackCommand,
} from '@aws-sdk/client-cloudformation';
import { isOwnChangeSet, type PreparationStep } from '../../core/stacks/status.ts';

/** Steps that start something in CloudFormation. */
export type Operation = Exclude<PreparationStep['step'], 'ready' | 'wait' | 'refuse' | 'discard-change-sets'>;

/** What people know each step by. */
export const OPERATION_NAMES: Readonly<Record<Operation, string>> = {
  'cancel-update': 'CancelUpdateStack',
  'continue-rollback': 'ContinueUpdateRollback',
  'roll-back': 'RollbackStack',
  delete: 'DeleteStack',
};

/**
 * Starts an operation. Its token makes the SDK's own retries harmless when an answer was lost. No role is given:
 * CloudFormation goes on with the one the stack was deployed with.
 * @throws CloudFormationServiceException when refused: the stack may have moved on since it was looked at
 */
export async function startOperation(
  client: CloudFormationClient,
  operation: Operation,
  stackName: string,
  signal?: AbortSignal,
): Promise<void> {
  const input = { StackName: stackName, ClientRequestToken: `gitops-${randomUUID()}` };
  const options = { abortSignal: signal };
  switch (operation) {
    case 'cancel-update':
      await client.send(new CancelUpdateStackCommand(input), options);
      return;
    case 'continue-rollback':
      // Never ResourcesToSkip: CloudFormation would forget what state they are in. That is a person's decision.
      await client.send(new ContinueUpdateRollbackCommand(input), options);
      return;
    case 'roll-back':
      // What the failed operation created goes again, whatever its deletion policy: it has a fixed name that the next
      // attempt needs.
      await client.send(new RollbackStackCommand({ ...input, RetainExceptOnCreate: true }), options);
      return;
    case 'delete':
      await client.send(new DeleteStackCommand(input), options);
      return;
  }
}

export interface DiscardedChangeSets {
  readonly discarded: readonly string[];
  /** Change sets that are not ours: left alone. */
  readonly kept: readonly string[];
  /** Ours, but CloudFormation is still making them. */
  readonly busy: readonly string[];
}

/** Deletes the change sets that only our tools make and that a killed process left behind. */
export async function discardOwnChangeSets(
  client: CloudFormationClient,
  stackName: string,
  signal?: AbortSignal,
): Promise<DiscardedChangeSets> {
  const names: string[] = [];
  for await (const { Summaries = [] } of paginateListChangeSets(
    { client },
    { StackName: stackName },
    { abortSignal: signal },
  )) {
    names.push(...Summaries.flatMap(({ ChangeSetName }) => ChangeSetName ?? []));
  }
  const discarded: string[] = [];
  const busy: string[] = [];
  for (const name of names.filter(isOwnChangeSet)) {
    const gone = await deleteChangeSet(client, stackName, name, signal);
    (gone ? discarded : busy).push(name);
  }
  return { discarded, busy, kept: names.filter((name) => !isOwnChangeSet(name)) };
}

async function deleteChangeSet(
  client: CloudFormationClient,
  stackName: string,
  name: string,
  signal?: AbortSignal,
): Promise<boolean> {
  try {
    await client.send(new DeleteChangeSetCommand({ StackName: stackName, ChangeSetName: name }), {
      abortSignal: signal,
    });
    return true;
  } catch (error) {
    if (error instanceof InvalidChangeSetStatusException) return false;
    throw error;
  }
}

/** True for an answer in which CloudFormation refuses; false for trouble on the way, where nothing is known. */
export const isRefusal = (error: unknown): error is CloudFormationServiceException =>
  error instanceof CloudFormationServiceException &&
  error.$fault === 'client' &&
  error.$retryable === undefined &&
  !/^(Throttling|RequestLimitExceeded|TooManyRequests)/.test(error.name);
