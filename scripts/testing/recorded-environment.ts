/**
 * A deployed environment with what a promotion leaves behind: its release in a store, and a ledger that says it is
 * validated. In a few calls, without the promotion.
 */
import { CreateBucketCommand } from '@aws-sdk/client-s3';
import { PutParameterCommand } from '@aws-sdk/client-ssm';
import { loadEnvironments } from '../../environments/load.ts';
import { RELEASE_STORE_PARAMETER, RELEASE_STORE_PREFIX } from '../../environments/naming.ts';
import { AwsClientPool } from '../adapters/aws-clients.ts';
import { storeRelease } from '../adapters/release-store/store.ts';
import { systemClock } from '../adapters/system-clock.ts';
import type { Target } from '../adapters/target.ts';
import { type ReleaseRef, releaseRefOf } from '../core/ledger/release-ref.ts';
import { openSite, type Site } from '../operations/site.ts';
import type { DeployedEnvironment } from './deployed-environment.ts';
import { passed } from './ledger-samples.ts';

/** One for all: clients made anew take longer than most calls. */
const clients = new AwsClientPool();

export const testSite = (target: Target): Promise<Site> =>
  openSite(target, loadEnvironments(), {
    clients,
    clock: systemClock,
    warn: () => {},
  });

/** @param change what the ledger says otherwise than the release does */
export async function recordRelease(
  { clients: { s3, ssm }, target, release, folder }: DeployedEnvironment,
  change: Partial<ReleaseRef> = {},
): Promise<Site> {
  const { account, region, environment } = target;
  const bucket = `${RELEASE_STORE_PREFIX}-${account}-${region}`;
  const location =
    region === 'us-east-1' ? {} : { CreateBucketConfiguration: { LocationConstraint: region as 'us-east-2' } };
  await s3.send(new CreateBucketCommand({ Bucket: bucket, ...location }));
  await ssm.send(new PutParameterCommand({ Name: RELEASE_STORE_PARAMETER, Value: bucket, Type: 'String' }));
  const site = await testSite(target);
  await storeRelease(site.store, release, folder);
  await recordInLedger(site, { ...releaseRefOf(release, environment.name), ...change });
  return site;
}

/** Deployed, checked and recorded, as the ledger knows it. */
export async function recordInLedger(site: Site, release: ReleaseRef): Promise<void> {
  const stamp = () => ({ at: new Date().toISOString(), by: 'ada' });
  await site.locked({ by: 'ada', doing: 'test', waitSeconds: 0, onExit: () => () => {} }, async (lock) => {
    await site.ledger.record(lock, { ...stamp(), type: 'deploy-started', release, purpose: 'promotion' });
    await site.ledger.record(lock, { ...stamp(), type: 'deploy-finished' });
    await site.ledger.record(lock, { ...stamp(), type: 'validated', verdict: passed });
  });
}
