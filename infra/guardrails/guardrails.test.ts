/** The guardrails in a synth: a stack that is known bad fails it, and what is acknowledged passes. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type App, Stack, Validations } from 'aws-cdk-lib';
import { ManagedPolicy, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { CfnBucket } from 'aws-cdk-lib/aws-s3';
import { findingsOf } from '../testing/findings.ts';
import { testApp } from '../testing/test-stack.ts';
import { addGuardrails } from './index.ts';

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
