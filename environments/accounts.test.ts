import assert from 'node:assert/strict';
import { it } from 'node:test';
import { pipelineHome } from './accounts.ts';
import { loadEnvironments } from './load.ts';

const [template] = loadEnvironments({ variables: {} });
assert.ok(template);
const make = (name: string, account: string, region: string) => ({ ...template, name, account, region });
const environments = [
  make('dev', '111111111111', 'us-east-1'),
  make('staging', '222222222222', 'us-east-2'),
  make('prod', '222222222222', 'us-west-2'),
];
const namesIn = (account?: string) =>
  pipelineHome(environments, { CDK_DEFAULT_ACCOUNT: account }).environments.map(({ name }) => name);

it('is in the account of the first wave when there are no credentials', () => {
  for (const none of [undefined, '']) {
    const { account, region } = pipelineHome(environments, { CDK_DEFAULT_ACCOUNT: none, CDK_DEFAULT_REGION: none });
    assert.deepEqual([account, region], ['111111111111', 'us-east-1']);
  }
});

it('serves every environment of an account, from the region of the first', () => {
  assert.deepEqual(namesIn('222222222222'), ['staging', 'prod']);
  const home = pipelineHome(environments, { CDK_DEFAULT_ACCOUNT: '222222222222', CDK_DEFAULT_REGION: 'eu-west-1' });
  assert.equal(home.region, 'us-east-2');
});

it('is in CDK_DEFAULT_REGION where an account holds no environment', () => {
  const nobody = { CDK_DEFAULT_ACCOUNT: '333333333333' };
  assert.deepEqual(namesIn('333333333333'), []);
  assert.equal(pipelineHome(environments, { ...nobody, CDK_DEFAULT_REGION: 'eu-west-1' }).region, 'eu-west-1');
  assert.equal(pipelineHome(environments, nobody).region, 'us-east-1');
});

it('is nowhere without environments', () => {
  assert.throws(() => pipelineHome([], {}), RangeError);
});
