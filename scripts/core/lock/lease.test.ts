import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  deadlineOf,
  decideAcquisition,
  decodeLease,
  isStillHeld,
  type Lease,
  LockCorruptError,
  outdated,
  viewLock,
} from './lease.ts';

const start = Date.parse('2026-11-23T12:00:00.000Z');
const after = (seconds: number): Date => new Date(start + seconds * 1_000);
const lease = (generation: number, more: Partial<Lease> = {}): Lease => ({
  schema: 1,
  generation,
  token: `token-${generation}`,
  by: 'ada',
  doing: 'promote',
  since: new Date(start).toISOString(),
  ttlSeconds: 60,
  released: false,
  storedAt: after(0),
  ...more,
});

describe('decideAcquisition', () => {
  it('takes the first generation, or goes on from the ledger’s', () => {
    assert.deepEqual(decideAcquisition([], after(0), 0), { kind: 'take', generation: 1, takenOver: null });
    assert.deepEqual(decideAcquisition([], after(0), 7), { kind: 'take', generation: 8, takenOver: null });
  });
  it('takes the next after a release', () => {
    const released = lease(3, { released: true });
    assert.deepEqual(decideAcquisition([released], after(0), 1), { kind: 'take', generation: 4, takenOver: null });
  });
  it('waits while a lease lasts, to its last moment', () => {
    const holder = lease(3);
    assert.deepEqual(decideAcquisition([holder], after(60), 0), { kind: 'wait', holder, until: after(60) });
  });
  it('takes over what ran out, and says from whom', () => {
    const dead = lease(3);
    assert.deepEqual(decideAcquisition([dead], after(60.001), 0), { kind: 'take', generation: 4, takenOver: dead });
  });
  it('counts from the last renewal', () => {
    assert.equal(decideAcquisition([lease(3, { storedAt: after(50) })], after(100), 0).kind, 'wait');
  });
  it('looks at the highest alone: a renewal of the dead, come late, makes no lower one count again', () => {
    const late = lease(9, { storedAt: after(500) });
    const released = lease(10, { released: true });
    assert.deepEqual(decideAcquisition([released, late], after(501), 0), {
      kind: 'take',
      generation: 11,
      takenOver: null,
    });
  });
});

describe('a lease', () => {
  const mine = lease(5);
  it('is held while it is the highest, and ours', () => {
    assert.equal(isStillHeld([lease(4), mine], mine), true);
    assert.equal(isStillHeld([mine, lease(6)], mine), false);
    assert.equal(isStillHeld([{ ...mine, token: 'other' }], mine), false);
    assert.equal(isStillHeld([{ ...mine, released: true }], mine), false);
    assert.equal(isStillHeld([], mine), false);
  });
  it('lets only lower ones be cleaned up', () => {
    assert.deepEqual(outdated([lease(6), lease(5), lease(4), lease(2)], 5), [4, 2]);
  });
  it('is given up by its holder before others may take it', () => {
    assert.equal(deadlineOf(1_000, 60), 56_000);
    assert.equal(deadlineOf(0, 8), 6_000);
  });
});

describe('decodeLease', () => {
  const { generation: _, storedAt, ...value } = lease(1);
  const parameter = '/trading-platform/dev/release/lock/12';
  it('takes the generation from the name', () => {
    assert.deepEqual(decodeLease({ parameter, value: JSON.stringify(value), storedAt }), {
      ...lease(12),
      token: 'token-1',
    });
  });
  for (const [what, name, text] of [
    ['no JSON', parameter, 'locked'],
    ['a lease without end', parameter, JSON.stringify({ ...value, ttlSeconds: 86_400 })],
    ['a field too many', parameter, JSON.stringify({ ...value, note: '' })],
    ['a name without generation', '/trading-platform/dev/release/lock/mine', JSON.stringify(value)],
  ] as const) {
    it(`refuses ${what}`, () => {
      assert.throws(
        () => decodeLease({ parameter: name, value: text, storedAt }),
        (error) => error instanceof LockCorruptError && error.message.includes(name),
      );
    });
  }
});

describe('viewLock', () => {
  it('says who, for what, how long, and whether they died', () => {
    assert.deepEqual(viewLock([lease(2)], after(90)), {
      held: true,
      by: 'ada',
      doing: 'promote',
      generation: 2,
      ageSeconds: 90,
      expired: true,
    });
    assert.deepEqual(viewLock([lease(2, { released: true })], after(1)), { held: false });
    assert.deepEqual(viewLock([], after(1)), { held: false });
  });
});
