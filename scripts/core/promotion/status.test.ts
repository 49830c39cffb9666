import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  at,
  deploy,
  deployed,
  ledgerAfter,
  promoted,
  release,
  rollback,
  type Step,
} from '../../testing/ledger-samples.ts';
import { EMPTY_LEDGER, type Ledger } from '../ledger/ledger.ts';
import type { LockView } from '../lock/lease.ts';
import { type StatusFacts, statusRows } from './status.ts';

const unlocked: LockView = { held: false };
const locked = (generation: number, expired = false): LockView => ({
  held: true,
  by: 'ada',
  doing: 'promote',
  generation,
  ageSeconds: 5,
  expired,
});
const facts = (name: string, ledger: Ledger, lock: LockView = unlocked): StatusFacts => ({
  environment: { name, stage: 'staging' },
  read: { ok: true, ledger, lock },
  freeze: { frozen: false },
});
const one = ledgerAfter(promoted(1));
const three = ledgerAfter([...promoted(2), ...promoted(3)], one);

function row(of: StatusFacts, ...others: StatusFacts[]) {
  const [first] = statusRows([of, ...others]);
  assert.ok(first?.known);
  return first;
}

describe('statusRows', () => {
  it('shows where an environment stands, since when and by whom', () => {
    const { state, release: shown, since, by, lastValidated, behind, abandoned } = row(facts('dev', one));
    assert.deepEqual(
      { state, release: shown, since, by, last: lastValidated?.release.id, behind, abandoned },
      {
        state: 'validated',
        release: release(1),
        since: at(3),
        by: 'ada',
        last: release(1).id,
        behind: 0,
        abandoned: false,
      },
    );
  });

  it('counts how far each is behind the newest release anyone knows', () => {
    const rows = statusRows([facts('dev', three), facts('staging', one), facts('prod', EMPTY_LEDGER)]);
    assert.deepEqual(
      rows.map((line) => line.known && line.behind),
      [0, 2, 3],
    );
    const [ahead] = statusRows([facts('dev', three)], release(4));
    assert.equal(ahead?.known && ahead.behind, 1);
  });

  it('does not guess how far behind, where a commit’s time is not known', () => {
    const undated = ledgerAfter([{ ...deploy(5), release: release(5, { committedAt: null }) } as Step]);
    assert.equal(row(facts('dev', one), facts('staging', undated)).behind, 'unknown');
    assert.equal(row(facts('dev', undated)).behind, 0);
  });

  it('tells what is going on from what a dead process left', () => {
    const going = ledgerAfter([{ ...deploy(2), generation: 4 } as Step], one);
    assert.equal(row(facts('dev', going, locked(4))).abandoned, false);
    assert.equal(row(facts('dev', going, locked(4, true))).abandoned, true);
    assert.equal(row(facts('dev', going, unlocked)).abandoned, true);
    assert.equal(row(facts('dev', one, unlocked)).abandoned, false);
  });

  it('tells why, what was rejected, and who holds it', () => {
    const rolling = ledgerAfter([deploy(2), deployed, rollback(one, 1)], one);
    const failed = ledgerAfter([{ type: 'rollback-failed', reason: 'the table is gone', details: [] }], rolling);
    assert.equal(row(facts('dev', rolling)).reason, 'a check failed');
    assert.equal(row(facts('dev', failed)).reason, 'the table is gone');
    assert.deepEqual(
      row(facts('dev', failed)).rejected.map(({ id }) => id),
      [release(2).id],
    );
    const hold = { by: 'grace', since: at(9), reason: 'incident' };
    assert.deepEqual(row(facts('dev', { ...one, hold: { ...one.hold, hold } })).hold, hold);
  });

  it('shows nothing for an environment nothing happened to, and the problem of one that can’t be read', () => {
    const { state, since, by, release: none } = row(facts('dev', EMPTY_LEDGER));
    assert.deepEqual({ state, since, by, none }, { state: 'empty', since: null, by: null, none: null });
    const unreadable: StatusFacts = { ...facts('prod', one), read: { ok: false, problem: 'no credentials' } };
    const rows = statusRows([facts('dev', one), unreadable]);
    assert.deepEqual(rows[1], {
      environment: 'prod',
      stage: 'staging',
      freeze: { frozen: false },
      known: false,
      problem: 'no credentials',
    });
  });
});
