import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  apply,
  deploy,
  deployed,
  ledgerAfter,
  passed,
  promoted,
  release,
  rollback,
  type Step,
} from '../../testing/ledger-samples.ts';
import { EXIT } from '../errors.ts';
import { EMPTY_LEDGER, type Ledger } from '../ledger/ledger.ts';
import { automaticTarget, decideRollback } from './decide-rollback.ts';

const story = apply([...promoted(1), ...promoted(2), ...promoted(3)]);
const three = story.ledger;
const rolledBack: Step = { type: 'rolled-back', verdict: passed };
const rolling = ledgerAfter([rollback(three, 2, { manual: true })], three);

function target(ledger: Ledger, requested: string | null = null) {
  const decision = decideRollback({ environment: 'prod', ledger, requested, history: story.records });
  return decision.kind === 'refuse' ? decision.code : decision.target.release.id.replace(/^a+/, '');
}

describe('decideRollback, by default', () => {
  const steps: [string, Ledger, string][] = [
    ['goes to the validated release before the current one', three, '2'],
    ['goes further back the second time', ledgerAfter([rolledBack], rolling), '1'],
    ['goes to the last validated one where the current never was', ledgerAfter([deploy(4)], three), '3'],
    [
      'goes to the last validated one after a failure',
      ledgerAfter([deploy(4), { type: 'failed', reason: 'r', details: [] }], three),
      '3',
    ],
    ['does not go to a release that is deployed again', ledgerAfter([deploy(3), deployed], three), '2'],
    ['finishes a rollback that was left', rolling, '2'],
    [
      'tries a rollback again that failed',
      ledgerAfter([{ type: 'rollback-failed', reason: 'r', details: [] }], rolling),
      '2',
    ],
    ['goes back again after the release was let in again', ledgerAfter([rolledBack, ...promoted(3)], rolling), '2'],
    ['refuses where there is no earlier one', ledgerAfter(promoted(1)), 'NO_EARLIER'],
    ['refuses where nothing was ever validated', ledgerAfter([deploy(1)]), 'NO_EARLIER'],
    ['refuses where nothing is deployed', EMPTY_LEDGER, 'NOTHING_DEPLOYED'],
    ['refuses in the midst of a destroy', ledgerAfter([{ type: 'destroy-started', reason: 'r' }], three), 'DESTROYING'],
  ];
  for (const [name, ledger, expected] of steps) it(name, () => assert.equal(target(ledger), expected));

  it('names what is undone: the first failure, also when taken up again', () => {
    const decision = decideRollback({ environment: 'prod', ledger: rolling, requested: null });
    assert.ok(decision.kind === 'roll-back');
    assert.equal(decision.from.id, release(3).id);
  });
});

describe('decideRollback, with --release', () => {
  it('takes one that was validated here, in the list or long ago', () => {
    assert.equal(target(three, release(1).id), '1');
    assert.equal(target(ledgerAfter([rolledBack], rolling), release(3).id), '3');
    assert.equal(target({ ...three, validated: { ...three.validated, releases: [] } }, release(1).id), '1');
  });
  it('takes the first digits of an id, if they are enough', () => {
    const other = release(9, { id: 'beef123'.padEnd(64, '0') });
    const ledger = ledgerAfter(
      [{ ...deploy(9), release: other } as Step, deployed, { type: 'validated', verdict: passed }],
      three,
    );
    assert.equal(target(ledger, 'BEEF123'), other.id);
    assert.equal(target(ledger, 'aaaaaaaa'), 'AMBIGUOUS');
    assert.equal(target(ledger, 'beef'), 'SHORT_ID');
    assert.equal(target(ledger, 'latest!!'), 'SHORT_ID');
  });
  it('refuses one that never was', () => {
    assert.equal(target(ledgerAfter([deploy(4)], three), release(4).id), 'NEVER_VALIDATED');
    const decision = decideRollback({ environment: 'prod', ledger: three, requested: 'f'.repeat(64) });
    assert.ok(decision.kind === 'refuse' && decision.exitCode === EXIT.failed);
  });
  it('to what stands already is a repair, and says so', () => {
    const decision = decideRollback({ environment: 'prod', ledger: three, requested: release(3).id });
    assert.ok(decision.kind === 'roll-back');
    assert.match(decision.notes[0] ?? '', /prod is on .* already/);
  });
});

describe('automaticTarget', () => {
  it('is the last validated release but the failing one, or none', () => {
    assert.equal(automaticTarget(ledgerAfter([deploy(4)], three))?.release.id, release(3).id);
    assert.equal(automaticTarget(ledgerAfter([deploy(3)], three))?.release.id, release(2).id);
    assert.equal(automaticTarget(ledgerAfter([deploy(1)])), null);
  });
});
