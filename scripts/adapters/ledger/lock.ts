/**
 * The lock of an environment: taken as a lease in Parameter Store, renewed while work goes on, released at its end. What a
 * lease means is decided in core/lock; here it is asked for, kept and given up.
 */
import { randomUUID } from 'node:crypto';
import { ParameterAlreadyExists, type SSMClient } from '@aws-sdk/client-ssm';
import type { Clock } from '../../core/clock.ts';
import { EXIT, GitOpsError } from '../../core/errors.ts';
import { decideAcquisition, type Lease, type LeaseValue, outdated } from '../../core/lock/lease.ts';
import { HeldLock, type Lock } from './held-lock.ts';
import { deleteLeases, type LeaseKey, readLeases, writeLease } from './leases.ts';

/** How long the lease of a process that died keeps others out. */
const DEFAULT_TTL_SECONDS = 60;
const POLL_MS = 2_000;

/** Thrown when someone else holds the lock and the time to wait is over. Exit 3. */
export class LockHeldError extends GitOpsError {
  readonly holder: Lease;

  constructor(environment: string, holder: Lease, ageSeconds: number) {
    super(
      `${environment} is locked by ${holder.by} (${holder.doing}) for ${ageSeconds} s. Wait for it to end; should it have ` +
        `died, its lease runs out within ${holder.ttlSeconds} s.`,
      { code: 'LOCK_HELD', source: 'user', exitCode: EXIT.guarded },
    );
    this.holder = holder;
  }
}

export interface LockDependencies {
  readonly ssm: SSMClient;
  readonly clock: Clock;
  /** Something a person should know, yet nothing to stop for. */
  readonly warn: (text: string) => void;
  /** Milliseconds of a clock that never goes back, for the holder's own deadline. */
  readonly elapsed?: () => number;
}

export interface LockRequest {
  readonly environment: string;
  readonly by: string;
  /** `promote 4f2a90c1b7d3` */
  readonly doing: string;
  /** The ledger's generation: numbers go on from there, even if the lock's parameters were deleted. */
  readonly floor: number;
  /** How long to wait for another holder; 0: not at all. Less than a lease's length never outwaits a dead one. */
  readonly waitSeconds: number;
  readonly ttlSeconds?: number;
  /** Ends the waiting. */
  readonly signal?: AbortSignal;
  /** Called at the first wait, and whenever the holder changes. */
  readonly onWaiting?: (holder: Lease, until: Date) => void;
}

/**
 * Takes the lock, waiting for another holder as long as asked, or taking over the lease of one that died (`takenOver`).
 * Whoever gets it must release it: see `withLock`.
 * @throws LockHeldError, LockCorruptError
 */
export async function acquireLock(dependencies: LockDependencies, request: LockRequest): Promise<Lock> {
  const deps = { elapsed, ...dependencies };
  const { environment, by, doing, ttlSeconds = DEFAULT_TTL_SECONDS } = request;
  const giveUpAt = deps.elapsed() + request.waitSeconds * 1_000;
  let waitingFor: number | undefined;
  for (;;) {
    const { leases, now } = await readLeases(deps.ssm, environment, request.signal);
    const decision = decideAcquisition(leases, now, request.floor);
    if (decision.kind === 'take') {
      const { generation, takenOver } = decision;
      const value = { schema: 1, token: randomUUID(), by, doing, since: now.toISOString(), ttlSeconds } as const;
      const requestedAt = deps.elapsed();
      if (await make(deps, { environment, generation }, { ...value, released: false }, request.signal)) {
        const lock = new HeldLock(deps, { environment, generation, takenOver, value, requestedAt });
        await cleanUp(deps, environment, outdated(leases, generation));
        return lock;
      }
      continue;
    }
    if (deps.elapsed() >= giveUpAt) {
      const ageSeconds = Math.max(0, Math.round((now.getTime() - Date.parse(decision.holder.since)) / 1_000));
      throw new LockHeldError(environment, decision.holder, ageSeconds);
    }
    if (waitingFor !== decision.holder.generation) {
      waitingFor = decision.holder.generation;
      request.onWaiting?.(decision.holder, decision.until);
    }
    const left = giveUpAt - deps.elapsed();
    await deps.clock.sleep(Math.min(left, POLL_MS * (0.5 + deps.clock.random())), request.signal);
  }
}

/**
 * Does `work` under the lock, and releases it whatever way the work ends.
 * @param onExit registers what a signal must still do (`CommandContext.onExit`), and returns how to withdraw it.
 */
export async function withLock<T>(
  dependencies: LockDependencies,
  request: LockRequest,
  onExit: (hook: () => Promise<void>) => () => void,
  work: (lock: Lock) => Promise<T>,
): Promise<T> {
  const lock = await acquireLock(dependencies, request);
  const withdraw = onExit(() => lock.release());
  try {
    return await work(lock);
  } finally {
    withdraw();
    await lock.release();
  }
}

/** True: the generation is ours. A lost answer makes the retry say that it exists: then the token tells whose it is. */
async function make(
  deps: Pick<LockDependencies, 'ssm' | 'clock'>,
  key: LeaseKey,
  value: LeaseValue,
  signal: AbortSignal | undefined,
): Promise<boolean> {
  try {
    await writeLease(deps, key, value, { overwrite: false, signal });
    return true;
  } catch (error) {
    if (!(error instanceof ParameterAlreadyExists)) throw error;
    const { leases } = await readLeases(deps.ssm, key.environment, signal);
    return leases.some(({ generation, token }) => generation === key.generation && token === value.token);
  }
}

/** What is left of earlier generations only takes room: failing to delete it stops nobody. */
async function cleanUp(
  { ssm, warn }: LockDependencies,
  environment: string,
  generations: readonly number[],
): Promise<void> {
  if (generations.length === 0) return;
  try {
    await deleteLeases(ssm, environment, generations);
  } catch (error) {
    warn(`Outdated leases of ${environment} were left: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** Both clocks, as each misses something: the monotonic one stands still while a laptop sleeps, the other may be set back. */
function elapsed(): number {
  return Math.max(performance.now() - origin.monotonic, Date.now() - origin.wall);
}
const origin = { monotonic: performance.now(), wall: Date.now() };
