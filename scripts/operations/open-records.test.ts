import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { S3Client } from '@aws-sdk/client-s3';
import type { EnvironmentConfig } from '../../environments/environment-config.ts';
import { loadEnvironments } from '../../environments/load.ts';
import { RELEASE_STORE_PARAMETER } from '../../environments/naming.ts';
import { NoReleaseStoreError } from '../adapters/release-store/store.ts';
import { systemClock } from '../adapters/system-clock.ts';
import type { Target } from '../adapters/target.ts';
import { encodePart } from '../core/ledger/codec.ts';
import { type FakeSsm, startFakeSsm } from '../testing/fake-ssm.ts';
import { deploy, ledgerAfter, type Step } from '../testing/ledger-samples.ts';
import { openRecords } from './open-records.ts';

describe('openRecords', () => {
  let fakes: Record<string, FakeSsm>;
  let environments: EnvironmentConfig[];
  let target: Target;
  const s3 = new S3Client({ region: 'us-east-1' });
  const deps = {
    clients: {
      for: ({ region }: { region: string }) => {
        const fake = fakes[region];
        assert.ok(fake, `no client was expected in ${region}`);
        return { ssm: fake.client(), s3 };
      },
    },
    clock: systemClock,
    warn: assert.fail,
  };

  before(async () => {
    fakes = { 'us-east-1': await startFakeSsm(), 'eu-west-1': await startFakeSsm() };
    const [dev] = await loadEnvironments();
    assert.ok(dev);
    const eu: EnvironmentConfig = {
      ...dev,
      name: 'dev-eu',
      region: 'eu-west-1',
      promotion: { ...dev.promotion, after: 'dev' },
    };
    environments = [dev, eu];
    target = { environment: eu, account: eu.account, region: eu.region, unanswerable: [] };
  });
  after(async () => {
    for (const fake of Object.values(fakes)) await fake.close();
  });

  it('says what is missing where an account was never prepared', async () => {
    await assert.rejects(openRecords(target, environments, deps), NoReleaseStoreError);
  });

  it('keeps the ledger in the region of the environment, and the releases where the account has its store', async () => {
    fakes['us-east-1']?.put(RELEASE_STORE_PARAMETER, 'gitops-releases-1');
    const records = await openRecords(target, environments, deps);
    assert.equal(records.store.bucket, 'gitops-releases-1');
    await records.ledger.read();
    assert.ok(fakes['eu-west-1']?.calls.includes('GetParameters'));
  });

  it('locks with a generation above that of the ledger, whatever became of the lock’s parameters', async () => {
    const ledger = ledgerAfter([{ ...deploy(1), generation: 7 } as Step]);
    fakes['eu-west-1']?.put('/trading-platform/dev-eu/release/current', encodePart('current', ledger.current));
    const records = await openRecords(target, environments, deps);
    const request = { by: 'ada', doing: 'test', waitSeconds: 0, onExit: () => () => {} };
    const seen = await records.locked(request, async (lock) => {
      assert.equal((await records.lock()).held, true);
      return lock.generation;
    });
    assert.equal(seen, 8);
    assert.deepEqual(await records.lock(), { held: false });
  });
});
