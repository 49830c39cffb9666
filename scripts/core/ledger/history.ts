/**
 * The past of an environment: one immutable record per event, under a key that sorts by time. Pure.
 *
 * A record is written before the ledger it leads to, so that no ledger ever stands without its past. A process that dies in
 * between leaves a record of an event that never took effect: `markApplied` finds those.
 */
import { z } from 'zod';
import { eventSchema, type LedgerEvent } from './event.ts';
import { SCHEMA_VERSION } from './ledger.ts';
import { momentSchema, type ReleaseRef, type ValidatedRelease } from './release-ref.ts';

export const historyRecordSchema = z.strictObject({
  schema: z.literal(SCHEMA_VERSION),
  /** Place of the event in its part of the ledger, from 1. */
  sequence: z.int().min(1),
  /** The time it is filed under: the event's, but never before the one that precedes it, however clocks differ. */
  time: momentSchema,
  /** State before and after; equal for `held` and `resumed`. */
  from: z.string(),
  to: z.string(),
  /** Id of the release the environment holds after it, or is brought to. */
  release: z.string().nullable(),
  event: eventSchema,
});
export type HistoryRecord = z.infer<typeof historyRecordSchema>;

const HOLD_EVENTS: readonly LedgerEvent['type'][] = ['held', 'resumed'];
const SEQUENCE_DIGITS = 8;

/** `20261123T114123123Z-00000012-validated`: the same for the same event, another for every other. */
export function historyKey({ time, sequence, event }: HistoryRecord): string {
  const compact = time.replaceAll(/[-:.]/g, '');
  return `${compact}-${String(sequence).padStart(SEQUENCE_DIGITS, '0')}-${event.type}`;
}

export interface MarkedRecord extends HistoryRecord {
  /** False: the process that wrote it died before the ledger followed. */
  readonly applied: boolean;
}

/** What the ledger counts so far, by its parts. */
export interface AppliedSequences {
  readonly current: number;
  readonly hold: number;
}

/**
 * Tells the records that took effect from those that did not, in the order given (oldest first). Where several bear one
 * sequence the last is the one the ledger went on from.
 */
export function markApplied(records: readonly HistoryRecord[], reached: AppliedSequences): MarkedRecord[] {
  const later = { current: new Set<number>(), hold: new Set<number>() };
  return records
    .toReversed()
    .map((record) => {
      const part = HOLD_EVENTS.includes(record.event.type) ? 'hold' : 'current';
      const applied = record.sequence <= reached[part] && !later[part].has(record.sequence);
      later[part].add(record.sequence);
      return { ...record, applied };
    })
    .reverse();
}

/**
 * Every release whose checks passed here, as the history tells, the last first: for a rollback to one that the ledger's
 * short list no longer holds. A record counts even if the ledger never followed: the checks did pass.
 */
export function validatedReleases(records: readonly HistoryRecord[]): ValidatedRelease[] {
  const known = new Map<string, ReleaseRef>();
  const found = new Map<string, ValidatedRelease>();
  for (const { event, release: id, time } of records) {
    if (event.type === 'deploy-started') known.set(event.release.id, event.release);
    const release = id === null ? undefined : known.get(id);
    if (event.type === 'validated' && release !== undefined) {
      found.delete(release.id);
      found.set(release.id, { release, at: time });
    }
  }
  return [...found.values()].reverse();
}
