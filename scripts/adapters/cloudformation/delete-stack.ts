/** Deletes one stack and says how that ended: gone, with what it left on purpose, or still there and why. */
import type { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import type { Clock } from '../../core/clock.ts';
import type { Task } from '../../core/progress.ts';
import { renderCause } from '../../core/stacks/failure-cause.ts';
import { isMoving, type StackState } from '../../core/stacks/status.ts';
import { type DescribedStack, describeStack } from './describe-stacks.ts';
import { findFailureCause, readLastOperation } from './stack-events.ts';
import { isRefusal, startOperation } from './stack-operations.ts';

export interface DeletedStack {
  readonly stackName: string;
  readonly before: StackState;
  /** `ABSENT` when it is gone. */
  readonly after: StackState;
  /** Why it is still there; empty when it is gone. */
  readonly reason: string;
  /** Resources that its template says to keep: `TradeBucket (AWS::S3::Bucket) trade-data-dev`. */
  readonly kept: readonly string[];
}

export interface DeletionRun {
  readonly client: CloudFormationClient;
  readonly clock: Clock;
  readonly task: Task;
  readonly pollMs: number;
  /** Milliseconds since the epoch. */
  readonly deadline: number;
  readonly signal: AbortSignal | undefined;
}

/** Waits for a stack that moves, deletes it once, and waits for the end. A stack that is not there is as good as gone. */
export async function deleteStack(name: string, run: DeletionRun): Promise<DeletedStack> {
  const { client, signal, task } = run;
  const found = await rest(await describeStack(client, name, signal), run);
  const end = (after: StackState, reason: string, kept: readonly string[] = []): DeletedStack => {
    if (after === 'ABSENT') task.done(kept.length === 0 ? 'gone' : `gone, kept ${kept.join(', ')}`);
    else task.fail(reason);
    return { stackName: name, before: found.state, after, reason, kept };
  };

  if (found.state === 'ABSENT') return end('ABSENT', '');
  if (isMoving(found.state))
    return end(found.state, `still in ${found.state}: run destroy again when it has come to rest`);
  if (found.terminationProtection) {
    return end(
      found.state,
      `termination protection is on: aws cloudformation update-termination-protection --no-enable-termination-protection --stack-name ${name}`,
    );
  }
  try {
    await startOperation(client, 'delete', name, signal);
  } catch (error) {
    if (!isRefusal(error)) throw error;
    return end(found.state, error.message);
  }
  const left = await untilGone(found, run);
  if (left.state === 'ABSENT') return end('ABSENT', '', await keptOf(found, run));
  const cause = await findFailureCause(client, { stack: found.id ?? name, signal });
  return end(left.state, cause === undefined ? left.reason || `is in ${left.state}` : renderCause(cause));
}

/** The status before the deletion may still show for a look or two after it was accepted. */
async function untilGone(found: DescribedStack, run: DeletionRun): Promise<DescribedStack> {
  let now = await describeStack(run.client, found.name, run.signal);
  for (let looks = 0; now.state === found.state && looks < 3; looks += 1) now = await lookAgain(now, run);
  return rest(now, run);
}

async function rest(stack: DescribedStack, run: DeletionRun): Promise<DescribedStack> {
  let now = stack;
  while (isMoving(now.state) && run.clock.now() < run.deadline) now = await lookAgain(now, run);
  return now;
}

async function lookAgain(stack: DescribedStack, run: DeletionRun): Promise<DescribedStack> {
  run.task.update(stack.state);
  await run.clock.sleep(run.pollMs * (0.8 + 0.4 * run.clock.random()), run.signal);
  return describeStack(run.client, stack.name, run.signal);
}

/** A deleted stack has its events under its id. */
async function keptOf(found: DescribedStack, { client, signal }: DeletionRun): Promise<string[]> {
  if (found.id === undefined) return [];
  const events = await readLastOperation(client, { stack: found.id, signal });
  return events
    .filter(({ status }) => status === 'DELETE_SKIPPED')
    .map(({ logicalId, type, physicalId }) => `${logicalId} (${type}) ${physicalId}`);
}
