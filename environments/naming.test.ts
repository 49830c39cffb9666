/** Names: the override variable, and that the longest environment's name fits what AWS takes, in every region. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RegionInfo } from 'aws-cdk-lib/region-info';
import { environmentSchema } from './environment-config.ts';
import { accountVariable, COMPONENTS, type ResourceType, resourceName, stackName } from './naming.ts';

const longest = 'a-name-of-sixtee';
const regions = RegionInfo.regions.map(({ name }) => name);

/** What CloudFormation appends to a prefix in the account-regional namespace of S3. */
const bucketSuffixes = regions.map((region) => `-123456789012-${region}-an`);

/** Longest name the service of each takes, and what is put behind ours. A new type does not compile without its limit. */
const limits: Record<ResourceType, { most: number; suffixes?: string[] }> = {
  orders: { most: 255 },
  'order-intake': { most: 64 },
  'order-processing': { most: 64 },
  'order-queue': { most: 80 },
  'order-dead-letter-queue': { most: 80 },
  'trading-api': { most: 255 },
  'trading-platform': { most: 255 },
  'trade-data': { most: 63, suffixes: bucketSuffixes },
  'trading-alarms': { most: 256 },
  'release-health': { most: 255 },
};

test('the longest name is the longest the schema takes', () => {
  const { name } = environmentSchema.shape;

  assert.equal(name.safeParse(longest).success, true);
  assert.equal(name.safeParse(`${longest}n`).success, false);
});

for (const [type, { most, suffixes = [''] }] of Object.entries(limits) as [
  ResourceType,
  (typeof limits)[ResourceType],
][]) {
  test(`${type}-{environment} fits ${most} characters`, () => {
    for (const suffix of suffixes) {
      const name = `${resourceName(type, longest)}${suffix}`;
      assert.ok(name.length <= most, `${name} has ${name.length}`);
    }
  });
}

test('stack names fit 128 characters', () => {
  for (const component of COMPONENTS) assert.ok(stackName(component, longest).length <= 128);
});

test('the schema takes every region AWS has', () => {
  assert.ok(regions.length > 30);
  for (const region of regions) assert.ok(environmentSchema.shape.region.safeParse(region).success, region);
});

test('the override variable is the name in capitals, - as _', () => {
  assert.equal(accountVariable('dev'), 'CDK_DEV_ACCOUNT');
  assert.equal(accountVariable('prod-eu'), 'CDK_PROD_EU_ACCOUNT');
});
