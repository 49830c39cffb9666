import assert from 'node:assert/strict';
import { it } from 'node:test';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { testEnvironment } from '../testing/test-environment.ts';
import { stackProps, testApp } from '../testing/test-stack.ts';
import { PipelineStack, type PipelineStackProps } from './pipeline-stack.ts';

const one = testEnvironment({ name: 'one' });
const two = testEnvironment({ name: 'two', region: 'eu-west-2' });

function make(props: Partial<PipelineStackProps> = {}): PipelineStack {
  const home = { account: one.account, region: one.region, environments: [one, two] };
  return new PipelineStack(testApp(), 'PipelineStack', { ...stackProps(one), home, ...props });
}

const stack = make();
const template = Template.fromStack(stack);

it('makes four roles for each environment of the account, and one provider for all of them', () => {
  const names = Object.values(template.findResources('AWS::IAM::Role')).map(({ Properties }) => Properties.RoleName);
  assert.deepEqual(names.sort(), [
    'gitops-deploy-one',
    'gitops-deploy-two',
    'gitops-destroy-one',
    'gitops-destroy-two',
    'gitops-read-one',
    'gitops-read-two',
    'gitops-validate-one',
    'gitops-validate-two',
    'trading-api-logs',
  ]);
  template.resourceCountIs('AWS::IAM::OIDCProvider', 1);
});

it('makes the store of releases and says its name', () => {
  template.hasResourceProperties('AWS::S3::Bucket', { BucketNamePrefix: 'gitops-releases' });
  template.hasResourceProperties('AWS::SSM::Parameter', {
    Name: '/trading-platform/release-store-bucket-name',
    Value: { Ref: Match.stringLikeRegexp('^Releases') },
  });
});

it('makes the OIDC provider, or uses the one the account has', () => {
  template.hasResourceProperties('AWS::IAM::OIDCProvider', {
    Url: 'https://token.actions.githubusercontent.com',
    ClientIdList: ['sts.amazonaws.com'],
  });
  const oidcProviderArn = 'arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com';
  const importing = Template.fromStack(make({ oidcProviderArn }));
  importing.resourceCountIs('AWS::IAM::OIDCProvider', 0);
  importing.hasResourceProperties('AWS::IAM::Role', {
    AssumeRolePolicyDocument: { Statement: [Match.objectLike({ Principal: { Federated: oidcProviderArn } })] },
  });
});

it('says which policy bootstrap is to give CloudFormation', () => {
  template.hasOutput('ExecutionPolicyArn', { Value: { Ref: Match.stringLikeRegexp('^Execution') } });
});

it('needs no bootstrapped account, no role of one and no asset: an administrator deploys it first', () => {
  const app = testApp();
  const home = { account: one.account, region: one.region, environments: [one] };
  new PipelineStack(app, 'PipelineStack', { ...stackProps(one), home });
  const [artifact] = app.synth().stacks;
  assert.equal(artifact?.assumeRoleArn, undefined);
  assert.equal(artifact?.cloudFormationExecutionRoleArn, undefined);
  assert.equal(artifact?.requiresBootstrapStackVersion, undefined);
  assert.equal(artifact?.stackTemplateAssetObjectUrl, undefined);
  // More environments in one account make it longer than a request takes: see scripts/operations/bootstrap-account.ts.
  assert.ok(
    JSON.stringify(artifact?.template, null, 1).length < 45_000,
    'fits into the request itself, with room to spare',
  );
});

it('stays within the length IAM gives policies, whatever the names', () => {
  const name = 'a-name-as-long-as-any';
  const home = {
    account: one.account,
    region: 'ap-southeast-1',
    environments: [{ ...one, name, region: 'ap-southeast-1' }],
  };
  const long = Template.fromStack(make({ home }));
  // https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html: without spaces.
  for (const { Properties } of Object.values(long.findResources('AWS::IAM::ManagedPolicy'))) {
    assert.ok(JSON.stringify(Properties.PolicyDocument).length < 6_144, Properties.ManagedPolicyName);
  }
  for (const { Properties } of Object.values(long.findResources('AWS::IAM::Role'))) {
    assert.ok(JSON.stringify(Properties.Policies ?? []).length < 10_240, Properties.RoleName);
    assert.ok(JSON.stringify(Properties.AssumeRolePolicyDocument).length < 2_048, Properties.RoleName);
  }
});

it('warns in an account that holds no environment, and makes no role for one', () => {
  const strange = make({ home: { account: '999988887777', region: one.region, environments: [] } });
  Annotations.fromStack(strange).hasWarning('*', Match.stringLikeRegexp('account 999988887777 holds no environment'));
  Template.fromStack(strange).resourceCountIs('AWS::IAM::Role', 1);
});

it('names all environments it serves in its tag', () => {
  template.hasResourceProperties('AWS::S3::Bucket', {
    Tags: Match.arrayWith([{ Key: 'environment', Value: 'one two' }]),
  });
});
