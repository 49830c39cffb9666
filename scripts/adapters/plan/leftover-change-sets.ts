/**
 * Removes the change sets that a killed plan left on a stack: those of the plan's own name, and none that another plan may
 * be looking at right now.
 */
import {
  type CloudFormationClient,
  CloudFormationServiceException,
  DeleteChangeSetCommand,
  paginateListChangeSets,
} from '@aws-sdk/client-cloudformation';
import { DIFF_CHANGE_SET_PREFIX } from '../../../environments/naming.ts';

/** A plan looks at its change set for a few minutes (`change-set.ts`); this leaves room for clocks that differ. */
const LEFT_BEHIND_MS = 30 * 60_000;

export interface LeftoverInput {
  readonly stack: string;
  /** Milliseconds since the epoch. */
  readonly now: number;
  readonly signal?: AbortSignal;
  /** Takes what could not be removed. */
  readonly warn: (text: string) => void;
}

/**
 * Tidying up is no part of a plan: what CloudFormation refuses is said, and the plan is made all the same.
 * @returns names of those that are gone
 */
export async function removeLeftoverChangeSets(client: CloudFormationClient, input: LeftoverInput): Promise<string[]> {
  const { stack, signal, warn } = input;
  const removed: string[] = [];
  try {
    for (const name of await listLeftovers(client, input)) {
      await client.send(new DeleteChangeSetCommand({ StackName: stack, ChangeSetName: name }), { abortSignal: signal });
      removed.push(name);
    }
  } catch (error) {
    if (!(error instanceof CloudFormationServiceException)) throw error;
    warn(
      `Change sets that an interrupted plan left on ${stack} could not be removed (${error.name}: ${error.message}).`,
    );
  }
  return removed;
}

async function listLeftovers(client: CloudFormationClient, { stack, now, signal }: LeftoverInput): Promise<string[]> {
  const names: string[] = [];
  const pages = paginateListChangeSets({ client }, { StackName: stack }, { abortSignal: signal });
  for await (const { Summaries = [] } of pages) {
    for (const { ChangeSetName = '', CreationTime } of Summaries) {
      const old = CreationTime !== undefined && now - CreationTime.getTime() > LEFT_BEHIND_MS;
      if (old && ChangeSetName.startsWith(DIFF_CHANGE_SET_PREFIX)) names.push(ChangeSetName);
    }
  }
  return names;
}
