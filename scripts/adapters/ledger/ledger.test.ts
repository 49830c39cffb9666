import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import type { SSMClient } from '@aws-sdk/client-ssm';
import { EXIT } from '../../core/errors.ts';
import { LedgerCorruptError } from '../../core/ledger/codec.ts';
import type { HistoryRecord } from '../../core/ledger/history.ts';
import { EMPTY_LEDGER } from '../../core/ledger/ledger.ts';
import { type FakeSsm, startFakeSsm } from '../../testing/fake-ssm.ts';
import { notPassed, passed, release } from '../../testing/ledger-samples.ts';
import type { History } from '../release-store/history.ts';
import { systemClock } from '../system-clock.ts';
import { type Lock, LockLostError } from './held-lock.ts';
import { type EnvironmentLedger, LedgerRefusedError, openLedger } from './ledger.ts';
import { acquireLock } from './lock.ts';

const prefix = '/trading-platform/dev/release';
const now = (): string => new Date().toISOString();
const started = (number: number) => ({
  type: 'deploy-started' as const,
  at: now(),
  by: 'ada',
  release: release(number),
  purpose: 'promotion' as const,
});
const finished = () => ({ type: 'deploy-finished' as const, at: now(), by: 'ada' });
const validated = (verdict = passed) => ({ type: 'validated' as const, at: now(), by: 'ada', verdict });
const held = () => ({ type: 'held' as const, at: now(), by: 'grace', reason: 'incident {{7}}' });

describe('the ledger in Parameter Store', () => {
  let fake: FakeSsm;
  let ssm: SSMClient;
  let records: HistoryRecord[];
  let ledger: EnvironmentLedger;
  let lock: Lock;
  const clock = { ...systemClock, sleep: async () => {} };
  const history: History = {
    append: async (record) => void records.push(record),
    list: async () => records,
  };

  before(async () => {
    fake = await startFakeSsm();
    ssm = fake.client({ maxAttempts: 7 });
  });
  after(() => fake.close());
  beforeEach(async () => {
    for (const name of fake.names()) fake.remove(name);
    fake.clearFaults();
    records = [];
    ledger = openLedger({ ssm, history, clock }, 'dev');
    lock = await acquireLock(
      { ssm, clock, warn: assert.fail },
      { environment: 'dev', by: 'ada', doing: 'test', floor: 0, waitSeconds: 0 },
    );
  });

  it('is empty at first, and takes a promotion to its end', async () => {
    assert.deepEqual(await ledger.read(), EMPTY_LEDGER);
    await ledger.record(lock, started(1));
    await ledger.record(lock, finished());
    const written = await ledger.record(lock, validated());
    assert.equal(written.current.state, 'validated');
    assert.deepEqual(await openLedger({ ssm, history, clock }, 'dev').read(), written);
    assert.deepEqual(
      records.map(({ sequence, to }) => [sequence, to]),
      [
        [1, 'deploying'],
        [2, 'validating'],
        [3, 'validated'],
      ],
    );
    assert.deepEqual(fake.names(), [`${prefix}/current`, `${prefix}/lock/1`, `${prefix}/validated`]);
  });

  it('takes a hold without the lock, and keeps what people write', async () => {
    assert.equal((await ledger.recordHold(held())).hold.hold?.reason, 'incident {{7}}');
    assert.equal((await ledger.read()).hold.hold?.reason, 'incident {{7}}');
    await assert.rejects(ledger.recordHold(held()), (error) => {
      return (
        error instanceof LedgerRefusedError &&
        error.exitCode === EXIT.guarded &&
        /dev: grace holds it/.test(error.message)
      );
    });
    assert.equal(records.length, 1);
  });

  it('writes no state that may not follow, and no record of it', async () => {
    await ledger.record(lock, started(1));
    await assert.rejects(ledger.record(lock, validated()), { code: 'LEDGER_NOT_ALLOWED' });
    await ledger.record(lock, finished());
    await assert.rejects(ledger.record(lock, validated(notPassed)), { code: 'LEDGER_CHECKS_NOT_PASSED' });
    assert.equal((await ledger.read()).current.state, 'validating');
    assert.equal(records.length, 2);
  });

  it('writes the history first: without it nothing changes', async () => {
    const full: History = { ...history, append: () => Promise.reject(new Error('the bucket is gone')) };
    await assert.rejects(
      openLedger({ ssm, history: full, clock }, 'dev').record(lock, started(1)),
      /the bucket is gone/,
    );
    assert.deepEqual(await ledger.read(), EMPTY_LEDGER);
  });

  it('writes nothing once the lock is lost', async () => {
    await ledger.record(lock, started(1));
    const lease = JSON.parse(fake.value(`${prefix}/lock/1`) ?? '') as object;
    fake.put(`${prefix}/lock/2`, JSON.stringify({ ...lease, token: 'other', by: 'grace' }));
    await assert.rejects(ledger.record(lock, finished()), LockLostError);
    assert.equal((await ledger.read()).current.state, 'deploying');
    assert.equal(records.length, 1);
  });

  it('writes nothing when the lock is lost between the record and the ledger', async () => {
    const slow: History = {
      ...history,
      append: async (record) => {
        records.push(record);
        await lock.release();
      },
    };
    await assert.rejects(openLedger({ ssm, history: slow, clock }, 'dev').record(lock, started(1)), LockLostError);
    assert.deepEqual(await ledger.read(), EMPTY_LEDGER);
    assert.equal(records.length, 1);
  });

  it('refuses a writer of an earlier generation, also if the lock’s parameters are gone', async () => {
    await ledger.record(lock, started(1));
    fake.put(`${prefix}/current`, (fake.value(`${prefix}/current`) ?? '').replace('"generation":1', '"generation":5'));
    await assert.rejects(ledger.record(lock, finished()), (error) => {
      return error instanceof LedgerRefusedError && error.refusal.code === 'FENCED' && error.exitCode === EXIT.guarded;
    });
  });

  it('comes through throttling, TooManyUpdates and lost answers', async () => {
    for (const kind of [
      'ThrottlingException',
      'TooManyUpdates',
      'lost-answer',
      'lost-request',
      'InternalServerError',
    ] as const) {
      fake.fail({ operation: 'PutParameter', kind });
    }
    await ledger.record(lock, started(1));
    fake.fail({ operation: 'GetParameters', kind: 'lost-answer', times: 2 });
    await ledger.record(lock, finished());
    fake.fail({ operation: 'PutParameter', kind: 'TooManyUpdates', times: 6 });
    await ledger.record(lock, validated());
    assert.equal((await ledger.read()).current.state, 'validated');
    assert.equal(records.length, 3);
  });

  it('is refused when it was edited by hand, naming the parameter', async () => {
    await ledger.record(lock, started(1));
    fake.put(`${prefix}/current`, '{"state":"validated"}');
    await assert.rejects(ledger.read(), (error) => {
      return (
        error instanceof LedgerCorruptError &&
        error.parameter === `${prefix}/current` &&
        /Nothing was changed/.test(error.message)
      );
    });
    await assert.rejects(ledger.record(lock, finished()), LedgerCorruptError);
    assert.equal(records.length, 1);
  });

  it('reads again what was read while someone wrote', async () => {
    await ledger.record(lock, started(1));
    await ledger.record(lock, finished());
    await ledger.record(lock, validated());
    const complete = fake.value(`${prefix}/validated`) ?? '';
    fake.remove(`${prefix}/validated`);
    const pausing = { ...clock, sleep: async () => fake.put(`${prefix}/validated`, complete) };
    assert.equal((await openLedger({ ssm, history, clock: pausing }, 'dev').read()).current.state, 'validated');
  });

  it('reads again what is older than its own last write', async () => {
    const careful = openLedger(
      { ssm, history, clock: { ...clock, sleep: async () => fake.put(`${prefix}/current`, newest) } },
      'dev',
    );
    await ledger.record(lock, started(1));
    const older = fake.value(`${prefix}/current`) ?? '';
    await careful.record(lock, finished());
    const newest = fake.value(`${prefix}/current`) ?? '';
    fake.put(`${prefix}/current`, older);
    assert.equal((await careful.record(lock, validated())).current.state, 'validated');
  });

  it('keeps a hundred versions of a parameter without trouble', async () => {
    for (let number = 0; number < 104; number += 1) {
      await ledger.recordHold(number % 2 === 0 ? held() : { type: 'resumed', at: now(), by: 'ada', reason: 'fixed' });
    }
    assert.equal((await ledger.read()).hold.sequence, 104);
    assert.equal(fake.versions(`${prefix}/hold`).length, 100);
  });
});
