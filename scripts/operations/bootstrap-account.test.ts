/**
 * The real PipelineStack in an emulated account: made before CDK's bootstrap stacks, left alone, fitted to a provider that
 * was there before, and shared by environments of two regions.
 */
import assert from 'node:assert/strict';
import { after, describe, it } from 'node:test';
import { DescribeStackResourcesCommand, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { CreateOpenIDConnectProviderCommand } from '@aws-sdk/client-iam';
import { GetParameterCommand } from '@aws-sdk/client-ssm';
import { pipelineHome } from '../../environments/accounts.ts';
import type { EnvironmentConfig } from '../../environments/environment-config.ts';
import { loadEnvironments } from '../../environments/load.ts';
import { accountVariable, PIPELINE_STACK, RELEASE_STORE_PARAMETER } from '../../environments/naming.ts';
import { AwsClientPool } from '../adapters/aws-clients.ts';
import { synthesize } from '../adapters/cdk-app/synthesize.ts';
import { PlainReporter } from '../adapters/reporter/plain.ts';
import { REPOSITORY_ROOT } from '../adapters/repository-root.ts';
import { ToolkitPool } from '../adapters/toolkit/toolkit-pool.ts';
import { type TestAccount, withEmulatedAccount } from '../testing/emulator.ts';
import { bootstrapAccount } from './bootstrap-account.ts';

const environments = loadEnvironments();
const [dev, staging, prod] = environments;
assert.ok(dev && staging && prod);
// Every environment in one account: dev and prod in one region, staging in another.
const crowded = environments.map((environment) => ({ ...environment, account: prod.account }));

const [first, second, third] = await Promise.all(
  [dev, staging, prod].map((environment) =>
    withEmulatedAccount({ after }, { account: environment.account, region: environment.region }),
  ),
);
assert.ok(first && second && third);
const clients = new AwsClientPool();
const toolkits = new ToolkitPool();
after(() => toolkits.close());

const emulatorOf = ({ endpoint, client }: TestAccount) => ({ endpoint, credentials: client.credentials });

function bootstrap(environment: EnvironmentConfig, account: TestAccount, all = environments) {
  // The app is a process of its own and reads the environments by itself.
  const overrides = Object.fromEntries(all.map(({ name, account: id }) => [accountVariable(name), id]));
  return bootstrapAccount(
    {
      root: REPOSITORY_ROOT,
      home: pipelineHome(all, { CDK_DEFAULT_ACCOUNT: environment.account }),
      regions: all.filter(({ account: id }) => id === environment.account).map(({ region }) => region),
      emulator: emulatorOf(account),
      task: new PlainReporter({ write: () => {} }).task('bootstrap'),
      warn: (text) => assert.fail(`warned: ${text}`),
    },
    {
      synthesize: (input) => synthesize({ ...input, variables: { ...input.variables, ...overrides } }),
      clients,
      toolkits,
    },
  );
}

/** The policies CloudFormation works with in a region. */
async function executionPolicies(environment: EnvironmentConfig, account: TestAccount): Promise<string | undefined> {
  const { cloudformation } = clients.for({ ...environment, emulator: emulatorOf(account) });
  const { Stacks = [] } = await cloudformation.send(new DescribeStacksCommand({ StackName: 'CDKToolkit' }));
  const parameters = Stacks.flatMap(({ Parameters = [] }) => Parameters);
  return parameters.find(({ ParameterKey }) => ParameterKey === 'CloudFormationExecutionPolicies')?.ParameterValue;
}

describe('bootstrapAccount', () => {
  it('makes PipelineStack, then the bootstrap stack with the policy it brought, and finds nothing to do the second time', async () => {
    const made = await bootstrap(dev, first);
    assert.deepEqual(
      made.stacks.map(({ stack, status, region }) => [stack, status, region]),
      [
        [PIPELINE_STACK, 'created', 'us-east-1'],
        ['CDKToolkit', 'created', 'us-east-1'],
      ],
    );
    const policy = 'arn:aws:iam::123456789012:policy/gitops-cloudformation-execution';
    assert.equal(await executionPolicies(dev, first), policy);
    const { ssm } = clients.for({ ...dev, emulator: emulatorOf(first) });
    const { Parameter } = await ssm.send(new GetParameterCommand({ Name: RELEASE_STORE_PARAMETER }));
    assert.match(Parameter?.Value ?? '', /^gitops-releases/);
    const again = await bootstrap(dev, first);
    assert.ok(again.ok);
    assert.deepEqual(
      again.stacks.map(({ status }) => status),
      ['unchanged', 'unchanged'],
    );
  });

  it('uses the GitHub provider that an account has already', async () => {
    const { iam, cloudformation } = clients.for({ ...staging, emulator: emulatorOf(second) });
    await iam.send(new CreateOpenIDConnectProviderCommand({ Url: 'https://token.actions.githubusercontent.com' }));
    const { ok } = await bootstrap(staging, second);
    assert.ok(ok);
    const { StackResources = [] } = await cloudformation.send(
      new DescribeStackResourcesCommand({ StackName: PIPELINE_STACK }),
    );
    assert.ok(StackResources.length > 0);
    assert.ok(!StackResources.some(({ ResourceType }) => /OIDC/.test(ResourceType ?? '')));
  });

  it('gives an account of many environments a bucket for the long template first, which allows nothing', async () => {
    const made = await bootstrap({ ...prod, account: prod.account }, third, crowded);
    assert.deepEqual(
      made.stacks.map(({ stack, status, region }) => [stack, status, region]),
      [
        ['CDKToolkit', 'created', 'us-east-1'],
        [PIPELINE_STACK, 'created', 'us-east-1'],
        ['CDKToolkit', 'updated', 'us-east-1'],
        ['CDKToolkit', 'created', 'us-east-2'],
      ],
    );
    const policy = `arn:aws:iam::${prod.account}:policy/gitops-cloudformation-execution`;
    assert.equal(await executionPolicies({ ...prod, account: prod.account }, third), policy);
    assert.equal(await executionPolicies({ ...staging, account: prod.account }, third), policy);
  });
});
