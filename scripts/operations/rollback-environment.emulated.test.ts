/** A person's rollback: what it brings back, what it tells before, what it holds, what it refuses. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import { archiveKey } from '../adapters/release-store/store.ts';
import { EXIT } from '../core/errors.ts';
import { currentRelease } from '../core/ledger/ledger.ts';
import { withPromotionBench } from '../testing/promotion-bench.ts';
import { planEnvironment } from './plan-environment.ts';
import { promoteEnvironment } from './promote-environment.ts';
import { type PlannedRollback, type RollbackEnvironmentInput, rollbackEnvironment } from './rollback-environment.ts';

const bench = await withPromotionBench({ after });
const { site, deps } = bench;
type OnDisk = Awaited<ReturnType<typeof bench.release>>;
let one: OnDisk;
let two: OnDisk;
let planned: PlannedRollback[] = [];

const promote = (release: OnDisk, retry = false) => {
  const options = { retry, overrideFreeze: null, local: true, enforceFreeze: false };
  return promoteEnvironment(bench.input(release, { options }), deps);
};
type Plan = Parameters<typeof rollbackEnvironment>[1]['plan'];
const planFor: Plan = (fetched, target) => {
  const input = { ...fetched, allowDestructive: true, onExit: deps.onExit, warn: assert.fail };
  return planEnvironment(input, target, site.clients);
};
const rollback = (more: Partial<RollbackEnvironmentInput> = {}, plan: Plan = planFor) => {
  planned = [];
  return rollbackEnvironment(
    {
      ...bench.input(two),
      requested: null,
      reason: 'orders are stuck',
      hold: false,
      recreateFailed: false,
      onPlanned: (what) => planned.push(what),
      ...more,
    },
    { ...deps, plan },
  );
};
const current = async () => (await site.ledger.read()).current;
const resume = () =>
  site.ledger.recordHold({ type: 'resumed', at: new Date().toISOString(), by: 'ada', reason: 'test' });

before(async () => {
  [one, two] = [await bench.release('one'), await bench.release('two')];
});

describe('a rollback by hand', () => {
  it('is refused where nothing is deployed, or nothing was validated before', async () => {
    await assert.rejects(rollback(), { code: 'ROLLBACK_NOTHING_DEPLOYED' });
    await promote(one);
    await assert.rejects(rollback({ hold: true }), { code: 'ROLLBACK_NO_EARLIER' });
    assert.equal((await site.ledger.read()).hold.hold, null, 'nothing was touched');
  });

  it('tells what it knows of what will change, brings the release before back, and holds', async () => {
    await promote(two);
    const result = await rollback({ hold: true });
    assert.equal(result.ok, true);
    assert.deepEqual([result.from.id, result.target.id], [two.release.id, one.release.id]);
    assert.equal(await bench.value(), 'one');
    assert.equal((await current()).state, 'rolled-back');
    assert.equal(result.hold?.reason, 'orders are stuck');
    assert.deepEqual((await current()).rejected, [], 'the hold keeps it out, so it may come again');
    assert.deepEqual(await site.lock(), { held: false });

    const [what] = planned;
    assert.deepEqual([what?.from.id, what?.to.id], [two.release.id, one.release.id]);
    const changed = what?.plan?.stacks.flatMap(({ resources }) => resources.flatMap(({ properties }) => properties));
    assert.deepEqual(
      changed?.map(({ path, old, new: value }) => [path, old, value]),
      [['Value', 'two', 'one']],
    );
    assert.equal((await promote(two)).code, 'HELD');
    await resume();
    assert.equal((await promote(two)).outcome, 'validated');
  });

  it('tells that it can’t find out what will change, which is no reason to stop at night', async () => {
    const { ok } = await rollback({}, () => Promise.reject(new Error('AWS does not answer')));
    assert.equal(ok, true);
    assert.equal(planned[0]?.plan, null);
    assert.ok(bench.lines.some((line) => /What will change could not be found out: AWS does not answer/.test(line)));
    await promote(two, true);
  });

  it('--no-hold rejects what is undone instead', async () => {
    const result = await rollback();
    assert.deepEqual([result.ok, result.hold], [true, null]);
    const again = await promote(two);
    assert.deepEqual([again.code, again.exitCode], ['REJECTED', EXIT.failed]);
  });

  it('goes to any release that was validated here, by its first digits', async () => {
    await rollback({ requested: two.release.id.slice(0, 10) });
    assert.equal(currentRelease(await current())?.id, two.release.id);
    assert.equal(await bench.value(), 'two');
    await assert.rejects(rollback({ requested: 'abcdef012345' }), { code: 'ROLLBACK_NEVER_VALIDATED' });
  });

  it('that fails says so and can be made again', async () => {
    await rollback({ requested: one.release.id });
    bench.verdicts.push('fail');
    const failed = await rollback({ requested: two.release.id });
    assert.equal(failed.ok, false);
    assert.match(failed.failure?.reason ?? '', /1 of 1 checks did not pass: bench of dev/);
    assert.equal((await current()).state, 'rollback-failed');
    assert.equal((await rollback()).ok, true);
    assert.equal(currentRelease(await current())?.id, two.release.id, 'what was begun is finished');
  });

  it('stops when the environment moved while it waited for the lock', async () => {
    await rollback({ requested: one.release.id });
    const three = await bench.release('three');
    assert.equal((await promote(two, true)).outcome, 'validated');
    let begun: (() => void) | undefined;
    const onPlanned = (): void => begun?.();
    const waiting = new Promise<void>((resolve) => {
      begun = resolve;
    });
    bench.verdicts.push(async () => {
      // Under the promotion's lock: the rollback has decided for `one`, and waits.
      raced = rollback({ onPlanned, waitSeconds: 60 }).catch((error: unknown) => error);
      await waiting;
      return 'pass';
    });
    let raced: Promise<unknown> = Promise.resolve();
    // The rollback decides while the ledger says "validating three": back to two. That is still so when three stands.
    assert.equal((await promote(three)).outcome, 'validated');
    assert.ok(((await raced) as { ok?: boolean }).ok);
    assert.equal(currentRelease(await current())?.id, two.release.id);

    let decidedFor: string | undefined;
    const secondPlan = new Promise<void>((resolve) => {
      begun = resolve;
    });
    bench.verdicts.push(async () => {
      raced = rollback({
        waitSeconds: 60,
        onPlanned: ({ to }) => {
          decidedFor = to.id;
          begun?.();
        },
      }).catch((error: unknown) => error);
      await secondPlan;
      return 'fail';
    });
    // Now the promotion fails and is undone to two by itself: going back would mean one, which nobody decided.
    const four = await bench.release('four');
    assert.equal((await promote(four)).outcome, 'rolled-back');
    assert.equal(((await raced) as { code?: string }).code, 'ROLLBACK_MOVED');
    assert.equal(decidedFor, two.release.id);
    assert.equal(currentRelease(await current())?.id, two.release.id);
  });

  it('touches nothing when the archive is not what was put', async () => {
    const { s3, bucket } = site.store;
    const Metadata = { sha256: '0'.repeat(64) };
    await s3.send(
      new PutObjectCommand({ Bucket: bucket, Key: archiveKey(one.release.id), Body: 'not an archive', Metadata }),
    );
    const before = await current();
    await assert.rejects(rollback({ requested: one.release.id, hold: true }), { code: 'ARCHIVE_CORRUPT' });
    assert.deepEqual(await current(), before);
    assert.equal((await site.ledger.read()).hold.hold, null);
  });
});
