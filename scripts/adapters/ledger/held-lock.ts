/**
 * A lock in hand: renews its lease while the process lives, tells when it is lost, and is given up once.
 */
import type { SSMClient } from '@aws-sdk/client-ssm';
import type { Clock } from '../../core/clock.ts';
import { EXIT, GitOpsError } from '../../core/errors.ts';
import { deadlineOf, isStillHeld, type Lease, type LeaseValue } from '../../core/lock/lease.ts';
import { readLeases, writeLease } from './leases.ts';

/** What a renewal or a release may take: the next renewal has another chance, and a command that was interrupted ends soon. */
const CALLS_MS = 4_000;

/** Thrown by the holder when its lease ran out or was taken over: it must write nothing more. Exit 3. */
export class LockLostError extends GitOpsError {
  constructor(environment: string, generation: number, why: string, cause?: unknown) {
    super(
      `The lock of ${environment} (generation ${generation}) is lost: ${why}. Nothing more was recorded; see "npm run status".`,
      { code: 'LOCK_LOST', source: 'user', exitCode: EXIT.guarded, cause },
    );
  }
}

/** What a holder may do with the lock. */
export interface Lock {
  readonly generation: number;
  /** The lease of a process that died, which was taken over: for a note. */
  readonly takenOver: Lease | null;
  /** Aborted, with a LockLostError, the moment the lease can't be relied on any more. Bounds each write. */
  readonly signal: AbortSignal;
  /** Asks the service: still ours? Before each write of the ledger. @throws LockLostError */
  assertHeld(): Promise<void>;
  /** Lets the next one in. Never throws: a lease that can't be released runs out. Once; later calls do nothing. */
  release(): Promise<void>;
}

export interface HeldLockDependencies {
  readonly clock: Clock;
  readonly ssm: SSMClient;
  readonly warn: (text: string) => void;
  readonly elapsed: () => number;
}

interface Taken {
  readonly environment: string;
  readonly generation: number;
  readonly takenOver: Lease | null;
  readonly value: Omit<LeaseValue, 'released'>;
  /** On `elapsed`, when the lease was asked for. */
  readonly requestedAt: number;
}

export class HeldLock implements Lock {
  readonly generation: number;
  readonly takenOver: Lease | null;
  readonly #deps: HeldLockDependencies;
  readonly #taken: Taken;
  readonly #lost = new AbortController();
  readonly #renewal: NodeJS.Timeout;
  #expiry: NodeJS.Timeout | undefined;
  #deadline = 0;
  #renewing: Promise<void> = Promise.resolve();
  #released: Promise<void> | undefined;

  constructor(deps: HeldLockDependencies, taken: Taken) {
    this.#deps = deps;
    this.#taken = taken;
    this.generation = taken.generation;
    this.takenOver = taken.takenOver;
    this.#extend(taken.requestedAt);
    // Neither timer keeps the process alive: work does.
    this.#renewal = setInterval(() => this.#renew(), (taken.value.ttlSeconds * 1_000) / 4).unref();
  }

  get signal(): AbortSignal {
    return this.#lost.signal;
  }

  async assertHeld(): Promise<void> {
    if (this.#released !== undefined) this.#lose('it was released');
    if (this.#deps.elapsed() >= this.#deadline) this.#lose('its lease ran out before it could be renewed');
    this.signal.throwIfAborted();
    await this.#check(this.signal);
  }

  /** @throws LockLostError, or what the reading failed with. */
  async #check(signal: AbortSignal): Promise<void> {
    try {
      const { leases } = await this.#read(signal);
      if (!isStillHeld(leases, this.#mine)) this.#lose(describeTaker(leases, this.generation));
    } finally {
      // Also where the deadline cut the reading short: the loss is the reason to tell.
      this.signal.throwIfAborted();
    }
  }

  release(): Promise<void> {
    this.#released ??= this.#giveUp();
    return this.#released;
  }

  get #mine() {
    return { generation: this.generation, token: this.#taken.value.token };
  }

  /** The lease counts from when it was asked for: the service can't have stored it earlier. */
  #extend(requestedAt: number): void {
    this.#deadline = deadlineOf(requestedAt, this.#taken.value.ttlSeconds);
    clearTimeout(this.#expiry);
    const left = Math.max(0, this.#deadline - this.#deps.elapsed());
    this.#expiry = setTimeout(() => this.#lose('its lease ran out before it could be renewed'), left).unref();
  }

  /** One at a time. A failure is no loss yet: the next one may come through before the deadline. */
  #renew(): void {
    this.#renewing = this.#renewing.then(async () => {
      if (this.#released !== undefined || this.signal.aborted) return;
      try {
        const limit = AbortSignal.any([this.signal, AbortSignal.timeout(CALLS_MS)]);
        // Looks first: to write a lease that someone took over would bring back what they cleaned up.
        await this.#check(limit);
        const requestedAt = this.#deps.elapsed();
        await this.#write(false, limit);
        if (!this.signal.aborted) this.#extend(requestedAt);
      } catch (error) {
        if (this.#released !== undefined || this.signal.aborted) return;
        this.#deps.warn(`The lock of ${this.#taken.environment} was not renewed, trying again: ${messageOf(error)}`);
      }
    });
  }

  async #giveUp(): Promise<void> {
    clearInterval(this.#renewal);
    clearTimeout(this.#expiry);
    await this.#renewing;
    try {
      const limit = AbortSignal.timeout(CALLS_MS);
      const { leases } = await this.#read(limit);
      if (isStillHeld(leases, this.#mine)) await this.#write(true, limit);
    } catch (error) {
      const { environment, value } = this.#taken;
      this.#deps.warn(
        `The lock of ${environment} was not released and runs out in ${value.ttlSeconds} s: ${messageOf(error)}`,
      );
    }
    this.#lost.abort(new LockLostError(this.#taken.environment, this.generation, 'it was released'));
  }

  #read(signal: AbortSignal) {
    return readLeases(this.#deps.ssm, this.#taken.environment, signal);
  }

  #write(released: boolean, signal: AbortSignal): Promise<void> {
    const { environment, generation, value } = this.#taken;
    return writeLease(this.#deps, { environment, generation }, { ...value, released }, { overwrite: true, signal });
  }

  /** Marks the lock as lost for everyone who holds its signal. */
  #lose(why: string): void {
    clearInterval(this.#renewal);
    clearTimeout(this.#expiry);
    this.#lost.abort(new LockLostError(this.#taken.environment, this.generation, why));
  }
}

function describeTaker(leases: readonly Lease[], generation: number): string {
  const taker = leases.find((lease) => lease.generation > generation);
  return taker === undefined
    ? 'its parameter was deleted or changed'
    : `${taker.by} took it over (${taker.doing}, generation ${taker.generation})`;
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
