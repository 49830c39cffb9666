/** The real PipelineStack in an emulated account: made, left alone, and fitted to a provider that was there before. */
import assert from 'node:assert/strict';
import { after, describe, it } from 'node:test';
import { DescribeStackResourcesCommand } from '@aws-sdk/client-cloudformation';
import { CreateOpenIDConnectProviderCommand } from '@aws-sdk/client-iam';
import { GetParameterCommand } from '@aws-sdk/client-ssm';
import { pipelineHome } from '../../environments/accounts.ts';
import type { EnvironmentConfig } from '../../environments/environment-config.ts';
import { loadEnvironments } from '../../environments/load.ts';
import { PIPELINE_STACK, RELEASE_STORE_PARAMETER } from '../../environments/naming.ts';
import { AwsClientPool } from '../adapters/aws-clients.ts';
import { synthesize } from '../adapters/cdk-app/synthesize.ts';
import { PlainReporter } from '../adapters/reporter/plain.ts';
import { REPOSITORY_ROOT } from '../adapters/repository-root.ts';
import { ToolkitPool } from '../adapters/toolkit/toolkit-pool.ts';
import { type TestAccount, withEmulatedAccount } from '../testing/emulator.ts';
import { bootstrapAccount } from './bootstrap-account.ts';

const environments = loadEnvironments();
const [dev, staging] = environments;
assert.ok(dev && staging);

const [first, second] = await Promise.all(
  [dev, staging].map((environment) =>
    withEmulatedAccount({ after }, { account: environment.account, region: environment.region }),
  ),
);
assert.ok(first && second);
const clients = new AwsClientPool();
const toolkits = new ToolkitPool();
after(() => toolkits.close());

const emulatorOf = ({ endpoint, client }: TestAccount) => ({ endpoint, credentials: client.credentials });

function bootstrap(environment: EnvironmentConfig, account: TestAccount) {
  return bootstrapAccount(
    {
      root: REPOSITORY_ROOT,
      home: pipelineHome(environments, { CDK_DEFAULT_ACCOUNT: environment.account }),
      regions: [environment.region],
      emulator: emulatorOf(account),
      task: new PlainReporter({ write: () => {} }).task('bootstrap'),
      warn: (text) => assert.fail(`warned: ${text}`),
    },
    { synthesize, clients, toolkits },
  );
}

describe('bootstrapAccount', () => {
  it('makes the bootstrap stack and PipelineStack, and finds nothing to do the second time', async () => {
    const made = await bootstrap(dev, first);
    assert.deepEqual(
      made.stacks.map(({ stack, status, region }) => [stack, status, region]),
      [
        ['CDKToolkit', 'created', 'us-east-1'],
        [PIPELINE_STACK, 'created', 'us-east-1'],
      ],
    );
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
});
