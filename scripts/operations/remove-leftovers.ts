/**
 * After a rollback's deployment: finds the stacks that the release brought back does not have, removes those that only
 * the undone release had and that hold no data, and names the others.
 */
import { deleteStack } from '../adapters/cloudformation/delete-stack.ts';
import { describeEnvironmentStacks } from '../adapters/cloudformation/describe-stacks.ts';
import { listResources } from '../adapters/cloudformation/list-resources.ts';
import type { Clock } from '../core/clock.ts';
import type { Task } from '../core/progress.ts';
import { decideLeftover, type LeftoverDecision } from '../core/promotion/leftovers.ts';
import type { Site } from './site.ts';

const WAIT_MS = 30 * 60_000;
const POLL_MS = 5_000;
const EMULATOR_POLL_MS = 100;

export interface Leftover extends LeftoverDecision {
  /** False also when removing it failed; `reason` then says why. */
  readonly removed: boolean;
}

export interface RemoveLeftoversInput {
  readonly site: Site;
  /** Names of the stacks of the release that is brought back. */
  readonly expected: readonly string[];
  /** Those of the release that is undone; null: not known. */
  readonly undone: readonly string[] | null;
  readonly task: Task;
  readonly signal: AbortSignal;
}

/** @returns every stack that is in the environment beyond `expected`, by name */
export async function removeLeftovers(
  { site, expected, undone, task, signal }: RemoveLeftoversInput,
  { clock }: { readonly clock: Clock },
): Promise<Leftover[]> {
  const { cloudformation } = site.clients;
  const environment = site.target.environment.name;
  const { unexpected } = await describeEnvironmentStacks(cloudformation, { environment, expected });
  const decisions = await Promise.all(
    unexpected.map(async ({ name }) =>
      decideLeftover({ name, resources: await listResources(cloudformation, name, signal) }, undone),
    ),
  );
  const pollMs = site.target.emulator === undefined ? POLL_MS : EMULATOR_POLL_MS;
  const run = { client: cloudformation, clock, pollMs, deadline: clock.now() + WAIT_MS, signal };
  const leftovers: Leftover[] = [];
  // One after another: one may stand on another.
  for (const decision of decisions) {
    if (!decision.remove) {
      leftovers.push({ ...decision, removed: false });
      continue;
    }
    const { after, reason } = await deleteStack(decision.name, { ...run, task: task.child(`remove ${decision.name}`) });
    const removed = after === 'ABSENT';
    leftovers.push({ ...decision, removed, reason: removed ? decision.reason : `removing it failed: ${reason}` });
  }
  return leftovers;
}
