/** The guardrails in a synth: a stack that is known bad fails it, an acknowledged one passes, and so do all of ours. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';
import { type App, Stack, Validations } from 'aws-cdk-lib';
import { ManagedPolicy, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { CfnBucket } from 'aws-cdk-lib/aws-s3';
import { pipelineHome } from '../../environments/accounts.ts';
import { addEnvironmentStacks } from '../stacks/environment-stacks.ts';
import { PipelineStack } from '../stacks/pipeline-stack.ts';
import { fleetEnvironments } from '../testing/fleet.ts';
import { stackProps, TEST_BUNDLES, testApp } from '../testing/test-stack.ts';
import { addGuardrails } from './index.ts';

/** The ids of all rules a synth of `app` was stopped or warned by; CDK reports on stderr besides. */
function findingsOf(app: App): string[] {
  addGuardrails(app);
  try {
    app.synth();
  } catch (error) {
    assert.equal((error as Error).name, 'ValidationFailed');
  }
  const report = JSON.parse(readFileSync(path.join(app.outdir, 'validation-report.json'), 'utf8')) as Report;
  return report.pluginReports.flatMap(({ violations }) => violations.map(({ ruleName }) => ruleName)).sort();
}

interface Report {
  readonly pluginReports: readonly { readonly violations: readonly { readonly ruleName: string }[] }[];
}

function knownBad(): { app: App; stack: Stack } {
  const app = testApp();
  const stack = new Stack(app, 'KnownBad');
  new CfnBucket(stack, 'Bucket');
  const role = new Role(stack, 'Role', {
    assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
    managedPolicies: [ManagedPolicy.fromAwsManagedPolicyName('AdministratorAccess')],
  });
  role.addToPrincipalPolicy(new PolicyStatement({ sid: 'Everything', actions: ['*'], resources: ['*'] }));
  return { app, stack };
}

describe('a stack that is known bad', () => {
  it('fails the synth', () => {
    const { app } = knownBad();
    addGuardrails(app);
    assert.throws(() => app.synth(), { name: 'ValidationFailed' });
  });

  it('is told every rule it breaks, of both sets', () => {
    assert.deepEqual(findingsOf(knownBad().app), [
      'AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/AdministratorAccess]',
      'AwsSolutions-S1',
      'AwsSolutions-S10',
      'bucket-closed',
      'bucket-encrypted',
      'bucket-tls-only',
      'wildcard-action[Everything]',
      'wildcard-resource[Everything]',
    ]);
  });

  it('is forgiven what is acknowledged, and that alone', () => {
    const { app, stack } = knownBad();
    Validations.of(stack).acknowledge({ id: 'House-rules::wildcard-resource[Everything]', reason: 'To see it go.' });
    const findings = findingsOf(app);
    assert.ok(!findings.includes('wildcard-resource[Everything]'));
    assert.ok(findings.includes('wildcard-action[Everything]'));
  });
});

describe('our own stacks', () => {
  const environments = fleetEnvironments();

  for (const environment of environments) {
    it(`of ${environment.name} break no rule`, () => {
      const app = testApp();
      addEnvironmentStacks(app, { ...stackProps(environment), bundles: TEST_BUNDLES });
      assert.deepEqual(findingsOf(app), []);
    });
  }

  it('of an account break no rule, whoever lives in it', () => {
    const account = '111122223333';
    const home = pipelineHome(
      environments.map((one) => ({ ...one, account })),
      { CDK_DEFAULT_ACCOUNT: account },
    );
    assert.equal(home.environments.length, environments.length);
    const [environment] = home.environments;
    assert.ok(environment);
    const app = testApp();
    new PipelineStack(app, 'PipelineStack', { ...stackProps(environment), home });
    assert.deepEqual(findingsOf(app), []);
  });
});
