import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { after, before, beforeEach, describe, it } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import type { SSMClient } from '@aws-sdk/client-ssm';
import { EXIT } from '../../core/errors.ts';
import { type FakeSsm, startFakeSsm } from '../../testing/fake-ssm.ts';
import { systemClock } from '../system-clock.ts';
import { LockLostError } from './held-lock.ts';
import { readLock } from './leases.ts';
import { acquireLock, LockHeldError, type LockRequest, withLock } from './lock.ts';

/** The machine's, without jitter. */
const clock = { ...systemClock, random: () => 0 };
const path = '/trading-platform/dev/release/lock';
const request: LockRequest = { environment: 'dev', by: 'ada', doing: 'promote', floor: 0, waitSeconds: 0 };

describe('the lock', () => {
  let fake: FakeSsm;
  let ssm: SSMClient;
  let warnings: string[];
  /** How far the service's clock is from this machine's: leases must not care. */
  let skew = 0;
  const deps = () => ({ ssm, clock, warn: (text: string) => void warnings.push(text) });

  before(async () => {
    fake = await startFakeSsm(() => Date.now() + skew);
    ssm = fake.client();
  });
  after(() => fake.close());
  beforeEach(() => {
    warnings = [];
    skew = 0;
    for (const name of fake.names()) fake.remove(name);
  });

  it('is held by one, released, and taken by the next with a higher generation', async () => {
    const first = await acquireLock(deps(), request);
    assert.equal(first.generation, 1);
    await first.assertHeld();
    await assert.rejects(
      acquireLock(deps(), { ...request, by: 'grace' }),
      (error) =>
        error instanceof LockHeldError &&
        error.exitCode === EXIT.guarded &&
        /by ada \(promote\) for \d+ s/.test(error.message),
    );
    await first.release();
    await assert.rejects(first.assertHeld(), LockLostError);
    assert.deepEqual(await readLock(ssm, 'dev'), { held: false });
    const second = await acquireLock(deps(), request);
    assert.equal(second.generation, 2);
    assert.deepEqual(fake.names(), [`${path}/2`], 'the outdated lease is cleaned up, the newest stays');
    await second.release();
    assert.deepEqual(warnings, []);
  });

  it('is taken by exactly one of many that want it at once', async () => {
    const attempts = await Promise.allSettled(
      Array.from({ length: 8 }, (_, index) => acquireLock(deps(), { ...request, by: `worker ${index}` })),
    );
    const won = attempts.flatMap((attempt) => (attempt.status === 'fulfilled' ? [attempt.value] : []));
    const lost = attempts.flatMap((attempt) => (attempt.status === 'rejected' ? [attempt.reason] : []));
    assert.equal(won.length, 1);
    assert.ok(lost.every((error) => error instanceof LockHeldError));
    await won[0]?.release();
  });

  it('waits for its holder, says so once, and gets it after the release', async () => {
    const first = await acquireLock(deps(), { ...request, by: 'ada' });
    const told: string[] = [];
    const second = acquireLock(
      { ...deps(), clock: { ...clock, sleep: () => pause(20) } },
      { ...request, by: 'grace', waitSeconds: 30, onWaiting: ({ by, doing }) => void told.push(`${by}: ${doing}`) },
    );
    await pause(100);
    await first.release();
    const lock = await second;
    assert.deepEqual([lock.generation, lock.takenOver, told], [2, null, ['ada: promote']]);
    await lock.release();
  });

  it('stops waiting when asked to', async () => {
    const first = await acquireLock(deps(), request);
    const waiting = new AbortController();
    const second = acquireLock(deps(), { ...request, waitSeconds: 30, signal: waiting.signal });
    setTimeout(() => waiting.abort(), 50);
    await assert.rejects(second, { name: 'AbortError' });
    await first.release();
  });

  for (const hours of [-3, 0, 3]) {
    it(`is taken over from a dead process on the service's clock, ${hours} h from ours`, async () => {
      skew = hours * 3_600_000;
      const dead = {
        schema: 1,
        token: 't',
        by: 'ada',
        doing: 'promote',
        since: new Date().toISOString(),
        ttlSeconds: 60,
        released: false,
      };
      fake.put(`${path}/4`, JSON.stringify(dead));
      skew += 59_000;
      await assert.rejects(acquireLock(deps(), request), LockHeldError);
      skew += 2_100;
      const lock = await acquireLock(deps(), request);
      assert.equal(lock.generation, 5);
      assert.equal(lock.takenOver?.by, 'ada');
      await lock.release();
    });
  }

  it('renews its lease while it is held', async () => {
    const lock = await acquireLock(deps(), { ...request, ttlSeconds: 2 });
    await pause(3_500);
    await lock.assertHeld();
    await assert.rejects(acquireLock(deps(), request), LockHeldError);
    assert.ok((fake.versions(`${path}/1`).at(-1) ?? 0) >= 5);
    await lock.release();
    assert.deepEqual(warnings, []);
  });

  it('is lost when it can’t be renewed in time, before anyone may take it over', async () => {
    const lock = await acquireLock(deps(), { ...request, ttlSeconds: 1 });
    fake.fail({ operation: 'PutParameter', kind: 'InternalServerError', times: 50 });
    await pause(850);
    assert.ok(lock.signal.aborted);
    assert.ok(lock.signal.reason instanceof LockLostError);
    await assert.rejects(lock.assertHeld(), /ran out before it could be renewed/);
    fake.clearFaults();
    await lock.release();
    assert.deepEqual(await readLock(ssm, 'dev'), { held: false });
  });

  it('tells the old holder who took over, and the old one then writes nothing', async () => {
    const old = await acquireLock(deps(), request);
    skew += 62_000;
    const taker = await acquireLock(deps(), { ...request, by: 'grace', doing: 'rollback' });
    await assert.rejects(old.assertHeld(), /grace took it over \(rollback, generation 2\)/);
    await old.release();
    await taker.assertHeld();
    assert.deepEqual(fake.names(), [`${path}/2`]);
    await taker.release();
  });

  it('recognises its own lease after a lost answer', async () => {
    fake.fail({ operation: 'PutParameter', kind: 'lost-answer' });
    const lock = await acquireLock(deps(), request);
    assert.equal(lock.generation, 1);
    await lock.release();
  });

  it('has patience with TooManyUpdates, and an end of it', async () => {
    const sleeps: number[] = [];
    const patient = { ...deps(), clock: { ...clock, sleep: async (ms: number) => void sleeps.push(ms) } };
    fake.fail({ operation: 'PutParameter', kind: 'TooManyUpdates', times: 3 });
    const lock = await acquireLock(patient, request);
    assert.deepEqual(sleeps, [100, 200, 400]);
    await lock.release();
    fake.fail({ operation: 'PutParameter', kind: 'TooManyUpdates', times: 7 });
    await assert.rejects(acquireLock(patient, request), { name: 'TooManyUpdates' });
  });

  it('goes on from the ledger’s generation when its parameters were deleted', async () => {
    const lock = await acquireLock(deps(), { ...request, floor: 41 });
    assert.equal(lock.generation, 42);
    await lock.release();
  });

  it('warns when it can’t be released, and runs out by itself', async () => {
    const lock = await acquireLock(deps(), request);
    fake.fail({ operation: 'GetParametersByPath', kind: 'InternalServerError', times: 3 });
    await lock.release();
    assert.match(warnings[0] ?? '', /The lock of dev was not released and runs out in 60 s/);
  });

  describe('withLock', () => {
    it('releases after a failure too, and withdraws its exit hook', async () => {
      const hooks = new Set<() => Promise<void>>();
      const onExit = (hook: () => Promise<void>) => {
        hooks.add(hook);
        return () => void hooks.delete(hook);
      };
      const work = withLock(deps(), request, onExit, async () => {
        assert.equal(hooks.size, 1);
        throw new Error('the deploy failed');
      });
      await assert.rejects(work, /the deploy failed/);
      assert.equal(hooks.size, 0);
      assert.deepEqual(await readLock(ssm, 'dev'), { held: false });
    });

    it('is released by the exit hook of a command that is interrupted', async () => {
      let interrupt = async (): Promise<void> => {};
      const onExit = (hook: () => Promise<void>) => {
        interrupt = hook;
        return () => {};
      };
      await withLock(deps(), request, onExit, async (lock) => {
        await interrupt();
        assert.deepEqual(await readLock(ssm, 'dev'), { held: false });
        await assert.rejects(lock.assertHeld(), /it was released/);
      });
    });
  });
});

describe('a process that holds the lock', () => {
  it('is not kept alive by it, and when it died without a word the next one takes over with a note', async () => {
    await using fake = await startFakeSsm();
    const program = `
      import { SSMClient } from '@aws-sdk/client-ssm';
      import { systemClock } from ${JSON.stringify(new URL('../system-clock.ts', import.meta.url).href)};
      import { acquireLock } from ${JSON.stringify(new URL('lock.ts', import.meta.url).href)};
      const credentials = { accessKeyId: '1', secretAccessKey: '1' };
      const ssm = new SSMClient({ endpoint: ${JSON.stringify(fake.endpoint)}, region: 'us-east-1', credentials });
      await acquireLock({ ssm, clock: systemClock, warn: () => {} }, ${JSON.stringify({ ...request, ttlSeconds: 2 })});
    `;
    const child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '--eval', program], {
      stdio: 'inherit',
    });
    const [code] = await once(child, 'exit', { signal: AbortSignal.timeout(20_000) });
    assert.equal(code, 0);
    const ssm = fake.client();
    await assert.rejects(acquireLock({ ssm, clock, warn: assert.fail }, request), LockHeldError);
    const lock = await acquireLock(
      { ssm, clock: { ...clock, sleep: () => pause(100) }, warn: assert.fail },
      { ...request, waitSeconds: 10 },
    );
    assert.equal(lock.takenOver?.generation, 1);
    await lock.release();
  });
});
