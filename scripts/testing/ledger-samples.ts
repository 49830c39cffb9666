/**
 * Releases, verdicts and ledgers for tests: short to write, valid in every field.
 */
import type { ReleaseEvent, VerdictSummary } from '../core/ledger/event.ts';
import type { HistoryRecord } from '../core/ledger/history.ts';
import { EMPTY_LEDGER, type Ledger, type PartName } from '../core/ledger/ledger.ts';
import type { ReleaseRef } from '../core/ledger/release-ref.ts';
import { transition } from '../core/ledger/transition.ts';

/** The nth release, made on the nth minute: a higher number is newer. */
export function release(number: number, overrides: Partial<ReleaseRef> = {}): ReleaseRef {
  const hex = number.toString(16);
  return {
    id: hex.padStart(64, 'a'),
    digest: hex.padStart(64, 'd'),
    commit: hex.padStart(40, 'c'),
    committedAt: new Date(Date.UTC(2026, 10, 1, 0, number)).toISOString(),
    dirty: false,
    ...overrides,
  };
}

export const passed: VerdictSummary = { ok: true, pass: 42, fail: 0, unknown: 1, unexcused: 0 };
export const notPassed: VerdictSummary = { ok: false, pass: 41, fail: 1, unknown: 1, unexcused: 0 };

/** An event without its stamp: `ledgerAfter` numbers the seconds and brings who and under which generation. */
export type Step = StepOf<ReleaseEvent>;
type StepOf<Event> = Event extends unknown
  ? Omit<Event, 'at' | 'by' | 'generation'> & {
      readonly generation?: number;
      readonly at?: string;
      readonly by?: string;
    }
  : never;

export const deploy = (number: number): Step => ({
  type: 'deploy-started',
  release: release(number),
  purpose: 'promotion',
  retry: false,
  freezeOverride: null,
});
export const deployed: Step = { type: 'deploy-finished' };
export const validated: Step = { type: 'validated', verdict: passed };
/** Deployed, checked and recorded. */
export const promoted = (number: number): Step[] => [deploy(number), deployed, validated];
export const rollback = (ledger: Ledger, number: number, more: { manual?: boolean; rejects?: boolean } = {}): Step => ({
  type: 'rollback-started',
  target: ledger.validated.releases.find((entry) => entry.release.id === release(number).id) ?? {
    release: release(number),
    at: at(0),
  },
  trigger: more.manual ? 'manual' : 'automatic',
  rejects: more.rejects ?? !more.manual,
  reason: 'a check failed',
  details: [],
});

/** The nth second. */
export const at = (second: number): string => new Date(Date.UTC(2026, 10, 23, 12, 0, second)).toISOString();

export interface Applied {
  readonly ledger: Ledger;
  readonly records: readonly HistoryRecord[];
  readonly writes: readonly (readonly PartName[])[];
}

/** @throws Error where a step is refused: a test's preparation must not fail unseen. */
export function apply(steps: readonly Step[], from: Ledger = EMPTY_LEDGER): Applied {
  let ledger = from;
  const records: HistoryRecord[] = [];
  const writes: (readonly PartName[])[] = [];
  for (const step of steps) {
    const result = transition(ledger, stamped(ledger, step));
    if (!result.ok) throw new Error(`${step.type} was refused: ${result.refusal.message}`);
    ledger = result.ledger;
    records.push(result.record);
    writes.push(result.writes);
  }
  return { ledger, records, writes };
}

export const ledgerAfter = (steps: readonly Step[], from: Ledger = EMPTY_LEDGER): Ledger => apply(steps, from).ledger;

/** The step as an event that comes right after where the ledger stands, under its generation unless the step says another. */
export function stamped(ledger: Ledger, step: Step): ReleaseEvent {
  const { sequence, generation } = ledger.current;
  return { at: at(sequence + 1), by: 'ada', generation: Math.max(1, generation), ...step } as ReleaseEvent;
}
