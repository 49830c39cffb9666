import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  apply,
  at,
  deploy,
  deployed,
  ledgerAfter,
  notPassed,
  passed,
  promoted,
  release,
  rollback,
  type Step,
  stamped,
  validated,
} from '../../testing/ledger-samples.ts';
import type { LedgerEvent, ReleaseEvent } from './event.ts';
import { EMPTY_LEDGER, type Ledger, LIMITS, type State } from './ledger.ts';
import type { RefusalCode } from './refusal.ts';
import { transition } from './transition.ts';

const once = ledgerAfter(promoted(1));
const failing: Step = { type: 'failed', reason: 'the stack trading-api-dev rolled back', details: ['line'] };
const bare: Step = {
  type: 'deploy-started',
  release: release(2),
  purpose: 'deploy',
  retry: false,
  freezeOverride: null,
};
const rolling = ledgerAfter([deploy(2), deployed, rollback(once, 1)], once);
const destroy: Step = { type: 'destroy-started', reason: 'end of the trial' };
const mended: Step = { type: 'drift-mended', before: ['/MemorySize of order-intake-dev'], after: [], details: [] };
const rolledBack: Step = { type: 'rolled-back', verdict: passed };
const rollbackFailed: Step = { type: 'rollback-failed', reason: 'no', details: [] };

/** A ledger in each of the states, every one reached by events alone. */
const ledgers: Record<State, Ledger> = {
  empty: EMPTY_LEDGER,
  deploying: ledgerAfter([deploy(2)], once),
  validating: ledgerAfter([deploy(2), deployed], once),
  validated: once,
  deployed: ledgerAfter([bare, deployed], once),
  failed: ledgerAfter([bare, failing], once),
  'rolling-back': rolling,
  'rolled-back': ledgerAfter([rolledBack], rolling),
  'rollback-failed': ledgerAfter([rollbackFailed], rolling),
  destroying: ledgerAfter([destroy], once),
};
const states = Object.keys(ledgers) as State[];

/** Per event: from which states it leads where, within one attempt and as the first of a later lock generation. */
const table: { step: Step; own: Partial<Record<State, State>>; later: Partial<Record<State, State>> }[] = [
  {
    step: deploy(3),
    own: to('deploying', ['empty', 'validated', 'deployed', 'failed', 'rolled-back', 'rollback-failed']),
    later: to(
      'deploying',
      states.filter((state) => state !== 'destroying'),
    ),
  },
  { step: deployed, own: to('validating', ['deploying']), later: {} },
  { step: validated, own: to('validated', ['validating']), later: {} },
  { step: failing, own: to('failed', ['deploying', 'validating']), later: {} },
  {
    step: rollback(once, 1),
    own: to(
      'rolling-back',
      states.filter((state) => !['empty', 'destroying', 'rolling-back'].includes(state)),
    ),
    later: to(
      'rolling-back',
      states.filter((state) => !['empty', 'destroying'].includes(state)),
    ),
  },
  { step: rolledBack, own: to('rolled-back', ['rolling-back']), later: {} },
  { step: rollbackFailed, own: to('rollback-failed', ['rolling-back']), later: {} },
  {
    step: mended,
    own: { validated: 'validated', 'rolled-back': 'rolled-back' },
    later: { validated: 'validated', 'rolled-back': 'rolled-back' },
  },
  {
    step: destroy,
    own: to(
      'destroying',
      states.filter((state) => !['deploying', 'validating', 'rolling-back', 'destroying'].includes(state)),
    ),
    later: to('destroying', states),
  },
  { step: { type: 'destroyed' }, own: to('empty', ['destroying']), later: {} },
];

function to(target: State, from: readonly State[]): Partial<Record<State, State>> {
  return Object.fromEntries(from.map((state) => [state, target]));
}

function refusal(ledger: Ledger, event: LedgerEvent): RefusalCode | undefined {
  const result = transition(ledger, event);
  return result.ok ? undefined : result.refusal.code;
}

describe('transition, every event from every state', () => {
  for (const { step, own, later } of table) {
    for (const state of states) {
      for (const [attempt, expected] of [
        ['own', own[state]],
        ['later', later[state]],
      ] as const) {
        it(`${step.type} from ${state}, ${attempt} generation: ${expected ?? 'refused'}`, () => {
          const ledger = ledgers[state];
          const generation = ledger.current.generation + (attempt === 'later' ? 1 : 0);
          const result = transition(ledger, stamped(ledger, { ...step, generation: Math.max(1, generation) }));
          assert.equal(result.ok ? result.ledger.current.state : undefined, expected);
          if (!result.ok) assert.match(result.refusal.code, /^(NOT_ALLOWED|IN_PROGRESS)$/);
        });
      }
    }
  }

  it('refuses the writer of an earlier generation, whatever the event', () => {
    for (const { step } of table) {
      for (const state of states) {
        const ledger = ledgers[state];
        const ahead = { ...ledger, current: { ...ledger.current, generation: 9 } };
        assert.equal(refusal(ahead, stamped(ahead, { ...step, generation: 8 })), 'FENCED');
      }
    }
  });
});

describe('validated', () => {
  const ledger = ledgers.validating;
  for (const [why, verdict] of [
    ['a check failed', notPassed],
    ['the verdict is not ok', { ...passed, ok: false }],
    ['it says ok, yet counts a failure', { ...passed, fail: 1 }],
    ['an unknown check is not excused', { ...passed, unexcused: 1 }],
    ['no check ran', { ok: true, pass: 0, fail: 0, unknown: 0, unexcused: 0 }],
  ] as const) {
    it(`is refused when ${why}`, () => {
      assert.equal(refusal(ledger, stamped(ledger, { type: 'validated', verdict })), 'CHECKS_NOT_PASSED');
      assert.equal(refusal(rolling, stamped(rolling, { type: 'rolled-back', verdict })), 'CHECKS_NOT_PASSED');
    });
  }

  it('puts the release first of those to go back to, once', () => {
    const twice = ledgerAfter([...promoted(2), ...promoted(1)], once);
    assert.deepEqual(
      twice.validated.releases.map((entry) => entry.release.id),
      [release(1).id, release(2).id],
    );
  });

  it('keeps a bounded list', () => {
    const ledger = ledgerAfter(Array.from({ length: 12 }, (_, index) => promoted(index)).flat());
    assert.equal(ledger.validated.releases.length, LIMITS.validated);
    assert.equal(ledger.validated.releases[0]?.release.id, release(11).id);
  });

  it('is written before the state that rests on it', () => {
    assert.deepEqual(apply(promoted(1)).writes, [['current'], ['current'], ['validated', 'current']]);
  });
});

describe('mended drift', () => {
  it('is in the history, and leaves the state as it was: since when, by whom, what it can go back to', () => {
    const result = transition(once, stamped(once, { ...mended, generation: once.current.generation + 1 }));
    assert.ok(result.ok);
    const { sequence, generation } = once.current;
    assert.deepEqual(result.ledger, {
      ...once,
      current: { ...once.current, sequence: sequence + 1, generation: generation + 1 },
    });
    assert.deepEqual(
      [result.record.from, result.record.to, result.record.sequence, result.record.event.type],
      ['validated', 'validated', sequence + 1, 'drift-mended'],
    );
    assert.ok(result.record.time > once.current.since);
  });
});

describe('rollback', () => {
  const thrice = ledgerAfter([...promoted(2), ...promoted(3)], once);

  it('rejects what it undoes, names it, and says who tried what', () => {
    const { current } = rolling;
    assert.ok(current.state === 'rolling-back');
    assert.equal(current.undone.id, release(2).id);
    assert.equal(current.release.id, release(1).id);
    assert.deepEqual(current.rejected, [{ id: release(2).id, at: current.since, reason: 'a check failed' }]);
    assert.equal(refusal(ledgers['rolled-back'], stamped(ledgers['rolled-back'], deploy(2))), 'REJECTED_RELEASE');
  });

  it('forgets the rejection when the release is tried again', () => {
    const again = ledgerAfter([{ ...deploy(2), retry: true } as Step], ledgers['rolled-back']);
    assert.deepEqual(again.current.rejected, []);
  });

  it('by hand under a hold rejects nothing: the hold keeps the release out', () => {
    const ledger = ledgerAfter([rollback(thrice, 2, { manual: true }), rolledBack], thrice);
    assert.deepEqual(ledger.current.rejected, []);
    assert.equal(refusal(ledger, stamped(ledger, deploy(3))), undefined);
  });

  it('drops what it goes past, so that the next one goes further back', () => {
    const ledger = ledgerAfter([rollback(thrice, 2, { manual: true }), rolledBack], thrice);
    assert.deepEqual(
      ledger.validated.releases.map((entry) => entry.release.id),
      [release(2).id, release(1).id],
    );
  });

  it('keeps the list while it runs and when it fails', () => {
    assert.deepEqual(ledgers['rolling-back'].validated, once.validated);
    assert.deepEqual(ledgers['rollback-failed'].validated, once.validated);
  });

  it('to a release the list no longer holds keeps what was validated before it', () => {
    const target = { release: release(9), at: at(4) };
    const ledger = ledgerAfter(
      [{ type: 'rollback-started', target, trigger: 'manual', rejects: true, reason: 'r', details: [] }, rolledBack],
      thrice,
    );
    assert.deepEqual(
      ledger.validated.releases.map((entry) => entry.release.id),
      [release(9).id, release(1).id],
    );
  });

  it('taken up again after a crash still undoes the first failure', () => {
    const ledger = ledgerAfter([{ ...rollback(once, 1), generation: 2 } as Step], rolling);
    assert.ok(ledger.current.state === 'rolling-back');
    assert.equal(ledger.current.undone.id, release(2).id);
    assert.equal(ledger.current.rejected.length, 1);
  });

  it('to the release that stands repairs it and rejects nothing', () => {
    const ledger = ledgerAfter([rollback(once, 1, { manual: true, rejects: true }), rolledBack], once);
    assert.deepEqual(ledger.current.rejected, []);
  });

  it('keeps a bounded list of rejections, the newest first', () => {
    let ledger = once;
    for (let number = 2; number < 10; number += 1) {
      ledger = ledgerAfter([deploy(number), rollback(ledger, 1), rolledBack], ledger);
    }
    assert.equal(ledger.current.rejected.length, LIMITS.rejected);
    assert.equal(ledger.current.rejected[0]?.id, release(9).id);
  });
});

describe('hold', () => {
  const held = { type: 'held', at: at(1), by: 'grace', reason: 'incident 7' } as const;
  const resumed = { type: 'resumed', at: at(2), by: 'ada', reason: 'fixed' } as const;

  it('is set once, says who and why, and is lifted', () => {
    const set = transition(once, held);
    assert.ok(set.ok);
    assert.deepEqual(set.ledger.hold.hold, { by: 'grace', since: at(1), reason: 'incident 7' });
    assert.deepEqual(set.writes, ['hold']);
    assert.equal(set.ledger.current, once.current);
    assert.equal(refusal(set.ledger, held), 'ALREADY_HELD');
    const lifted = transition(set.ledger, resumed);
    assert.ok(lifted.ok);
    assert.equal(lifted.ledger.hold.hold, null);
    assert.equal(lifted.record.sequence, 2);
    assert.equal(refusal(lifted.ledger, resumed), 'NOT_HELD');
  });

  it('may be set in any state', () => {
    for (const state of states) assert.equal(refusal(ledgers[state], held), undefined);
  });
});

describe('every transition', () => {
  it('counts, and time does not run back when a clock does', () => {
    const late = ledgerAfter([{ ...deploy(2), at: '2026-11-24T00:00:00.000Z' } as Step], once);
    const next = transition(late, { ...stamped(late, deployed), at: '2026-11-23T23:00:00.000Z' } as ReleaseEvent);
    assert.ok(next.ok);
    assert.equal(next.ledger.current.since, '2026-11-24T00:00:00.000Z');
    assert.equal(next.record.time, '2026-11-24T00:00:00.000Z');
    assert.equal(next.record.event.at, '2026-11-23T23:00:00.000Z');
    assert.equal(next.ledger.current.sequence, once.current.sequence + 2);
  });

  it('keeps the freeze override with the attempt, shortened, and in full in the history', () => {
    const reason = `regulator asked for it ${'!'.repeat(500)}`;
    const { ledger, records } = apply([{ ...deploy(2), freezeOverride: reason } as Step, deployed, validated], once);
    assert.ok(ledger.current.state === 'validated');
    assert.match(ledger.current.freezeOverride ?? '', /^regulator asked for it !+…$/);
    const [first] = records;
    assert.ok(first?.event.type === 'deploy-started');
    assert.equal(first.event.freezeOverride, reason);
  });
});
