/**
 * The lock of an environment as leases: who holds it, when a lease has run out, and which generation comes next. Pure.
 *
 * A generation is one parameter. Making it is atomic; the highest one counts, whatever became of the others, and it stays as a
 * mark when it is released: numbers only grow, so a lower one can always be told for a thing of the past (fencing).
 * Ages are counted on the service's clock alone: when it stored the lease, and what it says the time is now.
 */
import { z } from 'zod';
import { EXIT, GitOpsError } from '../errors.ts';

/** A dead process's lease runs out within two minutes at most. */
export const MAX_TTL_SECONDS = 120;
/** How much earlier a holder counts its lease as lost than others may take it: what is on its way then still arrives. */
export const SAFETY_SECONDS = 5;

const valueSchema = z.strictObject({
  schema: z.literal(1),
  /** Random, one for each attempt to lock: tells one's own lease from another's after a lost answer. */
  token: z.string().min(1),
  by: z.string(),
  /** What it is held for: `promote 4f2a90c1b7d3`. */
  doing: z.string(),
  since: z.iso.datetime(),
  ttlSeconds: z.number().positive().max(MAX_TTL_SECONDS),
  released: z.boolean(),
});
export type LeaseValue = z.infer<typeof valueSchema>;

export interface Lease extends LeaseValue {
  readonly generation: number;
  /** When the service stored it last: made, renewed or released. */
  readonly storedAt: Date;
}

/** Thrown when a lock parameter can't be what this product wrote. Exit 1: taking the lock would be a guess. */
export class LockCorruptError extends GitOpsError {
  constructor(parameter: string, problem: string, cause?: unknown) {
    super(
      `The lock parameter ${parameter} can't be relied on: ${problem}. If no deployment is running, delete it: ` +
        `aws ssm delete-parameter --name ${parameter}`,
      { code: 'LOCK_CORRUPT', source: 'user', exitCode: EXIT.failed, cause },
    );
  }
}

export interface StoredLease {
  /** `/trading-platform/dev/release/lock/7` */
  readonly parameter: string;
  readonly value: string;
  readonly storedAt: Date;
}

/** @throws LockCorruptError */
export function decodeLease({ parameter, value, storedAt }: StoredLease): Lease {
  const generation = Number(/\/([1-9]\d*)$/.exec(parameter)?.[1]);
  if (!Number.isSafeInteger(generation)) throw new LockCorruptError(parameter, 'its name does not end in a generation');
  let found: unknown;
  try {
    found = JSON.parse(value);
  } catch (error) {
    throw new LockCorruptError(parameter, 'it is no JSON', error);
  }
  const parsed = valueSchema.safeParse(found);
  if (!parsed.success) throw new LockCorruptError(parameter, z.prettifyError(parsed.error), parsed.error);
  return { ...parsed.data, generation, storedAt };
}

export const highest = (leases: readonly Lease[]): Lease | undefined =>
  leases.reduce<Lease | undefined>((top, lease) => (top && top.generation > lease.generation ? top : lease), undefined);

/** When others may take it over. */
export const expiresAt = ({ storedAt, ttlSeconds }: Lease): Date => new Date(storedAt.getTime() + ttlSeconds * 1_000);

export type Acquisition =
  /** Make `generation`. `takenOver`: the lease of a process that died, for the note. */
  | { readonly kind: 'take'; readonly generation: number; readonly takenOver: Lease | null }
  | { readonly kind: 'wait'; readonly holder: Lease; readonly until: Date };

/**
 * What someone who wants the lock does next.
 * @param now the service's clock, as the answer with the leases gave it.
 * @param floor the highest generation known from elsewhere (the ledger's): should lock parameters have been deleted by
 *   hand, numbers go on from there.
 */
export function decideAcquisition(leases: readonly Lease[], now: Date, floor: number): Acquisition {
  const top = highest(leases);
  const generation = Math.max(top?.generation ?? 0, floor) + 1;
  if (top === undefined || top.released) return { kind: 'take', generation, takenOver: null };
  if (now > expiresAt(top)) return { kind: 'take', generation, takenOver: top };
  return { kind: 'wait', holder: top, until: expiresAt(top) };
}

/** Whether the lease is still the one that counts. A lower generation and a missing one are both lost. */
export function isStillHeld(leases: readonly Lease[], mine: Pick<Lease, 'generation' | 'token'>): boolean {
  const top = highest(leases);
  return top !== undefined && top.generation === mine.generation && top.token === mine.token && !top.released;
}

/** What no longer counts and may be deleted by the holder of `generation`: never the highest. */
export const outdated = (leases: readonly Lease[], generation: number): number[] =>
  leases.map((lease) => lease.generation).filter((other) => other < generation);

/** Until when a holder may rely on a lease it asked for at `requestedAt`, on its own monotonic clock; milliseconds. */
export const deadlineOf = (requestedAt: number, ttlSeconds: number): number =>
  requestedAt + (ttlSeconds - Math.min(SAFETY_SECONDS, ttlSeconds / 4)) * 1_000;

/** The lock as `status` shows it. */
export type LockView =
  | { readonly held: false }
  | {
      readonly held: true;
      readonly by: string;
      readonly doing: string;
      readonly generation: number;
      readonly ageSeconds: number;
      /** The process that held it died: the next one takes it over. */
      readonly expired: boolean;
    };

export function viewLock(leases: readonly Lease[], now: Date): LockView {
  const top = highest(leases);
  if (top === undefined || top.released) return { held: false };
  const { by, doing, generation } = top;
  const ageSeconds = Math.max(0, Math.round((now.getTime() - Date.parse(top.since)) / 1_000));
  return { held: true, by, doing, generation, ageSeconds, expired: now > expiresAt(top) };
}
