/**
 * How promotions, rollbacks and destructions ask for an environment's lock, and what they say while they wait.
 */
import type { Lock } from '../adapters/ledger/held-lock.ts';
import type { Reporter, Task } from '../core/progress.ts';
import type { RecordsLockRequest } from './open-records.ts';
import type { Site } from './site.ts';

/** How long the lease of a dead process keeps others out: an emulated account has no slow network to allow for. */
const LEASE_SECONDS = { aws: 60, local: 30 } as const;

export interface LockWish {
  readonly site: Site;
  readonly by: string;
  /** How long to wait for another holder. */
  readonly waitSeconds: number;
  readonly task: Task;
  readonly signal: AbortSignal;
}

export function lockRequest(
  { site, by, waitSeconds, task, signal }: LockWish,
  { doing, onExit }: Pick<RecordsLockRequest, 'doing' | 'onExit'>,
): RecordsLockRequest {
  return {
    by,
    doing,
    onExit,
    waitSeconds,
    ttlSeconds: site.target.emulator === undefined ? LEASE_SECONDS.aws : LEASE_SECONDS.local,
    signal,
    onWaiting: (holder, until) =>
      task.update(`waits for the lock of ${holder.by} (${holder.doing}), until ${until.toISOString()} if it died`),
  };
}

/** A lock that was taken over tells of a process that died: whoever looks for it should know. */
export function noteTakeover({ takenOver }: Lock, environment: string, reporter: Reporter): void {
  if (takenOver === null) return;
  reporter.info(`${environment}: took over the lock of ${takenOver.by} (${takenOver.doing}), whose lease ran out`);
}
