/**
 * How an environment stood before a deployment, and whether it stands worse after it. Pure.
 *
 * Why: a dead letter queue that was filled last week, or an alarm that rang before, is not this release's doing and
 * must not stop it, nor stop the rollback that would cure it.
 */
import type { Check } from '../check.ts';

/** A number or list that could not be read is `null` with its reason in `unread`. */
export interface Baseline {
  readonly environment: string;
  /** Account and endpoint it was taken from: a baseline of an emulated account says nothing about AWS. */
  readonly source: string;
  /** ISO 8601, UTC. */
  readonly takenAt: string;
  readonly deadLetters: number | null;
  /** Names of the alarms in state ALARM, drift alarms left out. */
  readonly alarming: readonly string[] | null;
  /** Why something could not be read. */
  readonly unread: readonly string[];
}

/** The same facts, read after the deployment. */
export type Standing = Pick<Baseline, 'deadLetters' | 'alarming' | 'unread'>;

/** What `validate` compares with when no deployment took a baseline: a healthy environment. */
export const HEALTHY: Standing = { deadLetters: 0, alarming: [], unread: [] };

/**
 * Drift alarms are no judgement of a release: left-overs of a bad one would keep them ringing and so stop every
 * rollback. They are known by their name, `drift…`.
 */
export const isDriftAlarm = (name: string): boolean => /(^|-)drift(ed)?(-|$)/.test(name);

/** Compares; `queue` is the dead letter queue's name, `environment` what the alarms belong to. */
export function compareWithBaseline(
  subjects: { readonly queue: string; readonly environment: string },
  before: Standing,
  now: Standing,
): Check[] {
  return [compareDeadLetters(subjects.queue, before, now), compareAlarms(subjects.environment, before, now)];
}

function compareDeadLetters(queue: string, before: Standing, now: Standing): Check {
  const base = { id: 'baseline.dead-letters', subject: queue, actual: now.deadLetters };
  if (before.deadLetters === null || now.deadLetters === null) return unread(base, before, now);
  const expected = `at most ${before.deadLetters}, as before the deployment`;
  return now.deadLetters <= before.deadLetters
    ? { ...base, expected, status: 'pass', detail: '' }
    : {
        ...base,
        expected,
        status: 'fail',
        detail: `Orders failed for good. Read the messages of ${queue} and the log of the function that processes them.`,
      };
}

function compareAlarms(environment: string, before: Standing, now: Standing): Check {
  const base = { id: 'baseline.alarms', subject: environment };
  if (before.alarming === null || now.alarming === null) return unread({ ...base, actual: now.alarming }, before, now);
  const already = new Set(before.alarming);
  const fresh = now.alarming.filter((name) => !already.has(name)).sort();
  const expected = already.size === 0 ? 'no alarm' : `no alarm beyond ${[...already].sort().join(', ')}`;
  return fresh.length === 0
    ? { ...base, expected, actual: now.alarming, status: 'pass', detail: '' }
    : {
        ...base,
        expected,
        actual: fresh,
        status: 'fail',
        detail:
          'Rings since the deployment. The alarm’s description says what it means for people; its graph says since when.',
      };
}

const unread = (base: Pick<Check, 'id' | 'subject' | 'actual'>, before: Standing, now: Standing): Check => ({
  ...base,
  expected: 'no worse than before the deployment',
  status: 'unknown',
  detail: [...before.unread, ...now.unread].join('; ') || 'could not be read',
});
