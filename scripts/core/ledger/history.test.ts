import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  apply,
  deploy,
  deployed,
  passed,
  promoted,
  release,
  rollback,
  type Step,
  validated,
} from '../../testing/ledger-samples.ts';
import { historyKey, historyRecordSchema, markApplied, validatedReleases } from './history.ts';

const first = apply([...promoted(1), ...promoted(2)]);
const { records } = apply(
  [rollback(first.ledger, 1, { manual: true }), { type: 'rolled-back', verdict: passed }],
  first.ledger,
);
const story = [...first.records, ...records];

describe('history', () => {
  it('tells each event with the states it led between, and reads back', () => {
    assert.deepEqual(
      story.map(({ sequence, from, to }) => `${sequence} ${from} → ${to}`),
      [
        '1 empty → deploying',
        '2 deploying → validating',
        '3 validating → validated',
        '4 validated → deploying',
        '5 deploying → validating',
        '6 validating → validated',
        '7 validated → rolling-back',
        '8 rolling-back → rolled-back',
      ],
    );
    for (const record of story) assert.deepEqual(historyRecordSchema.parse(JSON.parse(JSON.stringify(record))), record);
  });

  it('has keys that sort as things happened, one for each event', () => {
    const keys = story.map(historyKey);
    assert.equal(keys[0], '20261123T120001000Z-00000001-g1-deploy-started');
    assert.deepEqual([...keys].sort(), keys);
    assert.equal(new Set(keys).size, keys.length);
  });

  it('finds the record that a dead process left without its ledger', () => {
    const lost = apply([validated], apply([deploy(1), deployed]).ledger).records;
    const again = apply([{ ...deploy(1), generation: 2 } as Step], apply([deploy(1), deployed]).ledger);
    const told = [...first.records.slice(0, 2), ...lost, ...again.records];
    assert.deepEqual(
      markApplied(told, { current: 3, hold: 0 }).map(
        ({ sequence, event, applied }) => `${sequence} ${event.type} ${applied}`,
      ),
      ['1 deploy-started true', '2 deploy-finished true', '3 validated false', '3 deploy-started true'],
    );
    assert.equal(markApplied(told.slice(0, 3), { current: 2, hold: 0 })[2]?.applied, false);
  });

  it('knows which releases were validated and when, the last first', () => {
    const again = apply(promoted(1), first.ledger).records;
    assert.deepEqual(
      validatedReleases([...first.records, ...again, ...apply([deploy(3)]).records]).map((entry) => [
        entry.release,
        entry.at,
      ]),
      [
        [release(1), again[2]?.time],
        [release(2), first.records[5]?.time],
      ],
    );
  });
});
