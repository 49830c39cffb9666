/**
 * Lock and ledger against an emulated account: what the fake says of Parameter Store holds there too.
 */
import assert from 'node:assert/strict';
import { after, describe, it } from 'node:test';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { RELEASE_STORE_PARAMETER } from '../../../environments/naming.ts';
import { markApplied } from '../../core/ledger/history.ts';
import { automaticTarget } from '../../core/promotion/decide-rollback.ts';
import { withEmulatedAccount } from '../../testing/emulator.ts';
import { notPassed, passed, release } from '../../testing/ledger-samples.ts';
import { openHistory } from '../release-store/history.ts';
import { openReleaseStore } from '../release-store/store.ts';
import { systemClock } from '../system-clock.ts';
import { readLock } from './leases.ts';
import { openLedger } from './ledger.ts';
import { LockHeldError, withLock } from './lock.ts';

const account = await withEmulatedAccount({ after }, { account: '234567890123', region: 'us-east-2' });
const ssm = new SSMClient(account.client);
const s3 = new S3Client({ ...account.client, forcePathStyle: true });
const bucket = 'gitops-releases-234567890123-us-east-2';

describe('lock and ledger in an emulated account', () => {
  it('take a promotion, a failed one with its rollback, and a hold', async () => {
    await s3.send(
      new CreateBucketCommand({ Bucket: bucket, CreateBucketConfiguration: { LocationConstraint: 'us-east-2' } }),
    );
    await ssm.send(new PutParameterCommand({ Name: RELEASE_STORE_PARAMETER, Value: bucket, Type: 'String' }));
    const history = openHistory(await openReleaseStore({ ssm, s3 }), 'staging', systemClock);
    const ledger = openLedger({ ssm, history, clock: systemClock }, 'staging');
    const deps = { ssm, clock: systemClock, warn: assert.fail };
    const request = { environment: 'staging', by: 'ada', doing: 'promote', floor: 0, waitSeconds: 0 };
    const onExit = () => () => {};
    const stamp = () => ({ at: new Date().toISOString(), by: 'ada' });

    for (const number of [1, 2]) {
      await withLock(deps, request, onExit, async (lock) => {
        await assert.rejects(
          withLock(deps, { ...request, by: 'grace' }, onExit, async () => assert.fail()),
          LockHeldError,
        );
        await ledger.record(lock, {
          ...stamp(),
          type: 'deploy-started',
          release: release(number),
          purpose: 'promotion',
        });
        const validating = await ledger.record(lock, { ...stamp(), type: 'deploy-finished' });
        if (number === 1) return void (await ledger.record(lock, { ...stamp(), type: 'validated', verdict: passed }));
        await assert.rejects(ledger.record(lock, { ...stamp(), type: 'validated', verdict: notPassed }));
        const target = automaticTarget(validating);
        assert.ok(target);
        const reason = 'function.memory of order-processing-staging';
        await ledger.record(lock, {
          ...stamp(),
          type: 'rollback-started',
          target,
          trigger: 'automatic',
          rejects: true,
          reason,
        });
        await ledger.record(lock, { ...stamp(), type: 'rolled-back', verdict: passed });
      });
    }
    await ledger.recordHold({ ...stamp(), type: 'held', reason: 'incident {{7}}' });

    const { current, hold } = await ledger.read();
    assert.equal(current.state, 'rolled-back');
    assert.equal(hold.hold?.reason, 'incident {{7}}');
    assert.deepEqual(await readLock(ssm, 'staging'), { held: false });
    const told = markApplied(await history.list(), { current: current.sequence, hold: hold.sequence });
    assert.deepEqual(
      told.map(({ event, applied }) => `${event.type} ${applied}`),
      [
        'deploy-started',
        'deploy-finished',
        'validated',
        'deploy-started',
        'deploy-finished',
        'rollback-started',
        'rolled-back',
        'held',
      ].map((type) => `${type} true`),
    );
  });
});
