/**
 * The past of an environment: one immutable record per event, under a key that sorts by time. Pure.
 *
 * A record is written before the ledger it leads to, so that no ledger ever stands without its past. A process that dies in
 * between leaves a record of an event that never took effect: `markApplied` finds those.
 */
import { z } from 'zod';
import { eventSchema } from './event.ts';
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

const SEQUENCE_DIGITS = 8;

/**
 * `20261123T114123123Z-00000012-g7-validated`: the same for the same event, another for every other. The lock's generation
 * keeps apart what two machines with different clocks wrote as the same step.
 */
export function historyKey({ time, sequence, event }: HistoryRecord): string {
  const compact = time.replaceAll(/[-:.]/g, '');
  const lock = 'generation' in event ? [`g${event.generation}`] : [];
  return [compact, String(sequence).padStart(SEQUENCE_DIGITS, '0'), ...lock, event.type].join('-');
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
 * sequence, the ledger went on from the one under the latest lock, and under one lock from the last: clocks of machines
 * differ, generations don't.
 */
export function markApplied(records: readonly HistoryRecord[], reached: AppliedSequences): MarkedRecord[] {
  const winners = new Map<string, HistoryRecord>();
  for (const record of records) {
    const place = placeOf(record);
    const other = winners.get(place);
    if (other === undefined || generationOf(record) >= generationOf(other)) winners.set(place, record);
  }
  return records.map((record) => {
    const applied = record.sequence <= reached[partOf(record)] && winners.get(placeOf(record)) === record;
    return { ...record, applied };
  });
}

const partOf = ({ event }: HistoryRecord): keyof AppliedSequences =>
  event.type === 'held' || event.type === 'resumed' ? 'hold' : 'current';
const placeOf = (record: HistoryRecord): string => `${partOf(record)} ${record.sequence}`;
const generationOf = ({ event }: HistoryRecord): number => ('generation' in event ? event.generation : 0);

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
