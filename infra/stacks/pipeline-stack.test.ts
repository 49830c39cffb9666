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

const statementsOf = (role: string): Record<string, unknown>[] => {
  const [policy] = Object.values(
    template.findResources('AWS::IAM::Policy', { Properties: { PolicyName: Match.stringLikeRegexp(`^${role}`) } }),
  );
  return policy?.['Properties'].PolicyDocument.Statement;
};

it('makes a read and a deploy role for each environment of the account', () => {
  const names = Object.values(template.findResources('AWS::IAM::Role')).map(({ Properties }) => Properties.RoleName);
  assert.deepEqual(names.sort(), [
    'gitops-deploy-one',
    'gitops-deploy-two',
    'gitops-read-one',
    'gitops-read-two',
    'trading-api-logs',
  ]);
});

it("trusts each deploy role to its GitHub environment and that environment's rollback", () => {
  template.hasResourceProperties('AWS::IAM::Role', {
    RoleName: 'gitops-deploy-two',
    AssumeRolePolicyDocument: {
      Statement: [
        Match.objectLike({
          Condition: {
            StringEquals: {
              'token.actions.githubusercontent.com:aud': 'sts.amazonaws.com',
              'token.actions.githubusercontent.com:sub': [
                'repo:example-org/example-repository:environment:two',
                'repo:example-org/example-repository:environment:two-rollback',
              ],
            },
          },
        }),
      ],
    },
  });
});

it('lets the read role change nothing and read no data', () => {
  const actions = statementsOf('Readone').flatMap(({ Action }) => Action as string | string[]);
  const reads = /:(Describe|Get|List|DetectStackDrift)/;
  assert.deepEqual(
    actions.filter((action) => !reads.test(action)),
    ['cloudwatch:PutMetricData'],
  );
  assert.deepEqual(
    actions.filter((action) => /^(s3|dynamodb|sqs|secretsmanager|kms):/.test(action)),
    [],
  );
});

it('lets the deploy role deploy through the bootstrap roles of its own region', () => {
  const assume = statementsOf('Deploytwo').find(({ Sid }) => Sid === 'DeployThroughBootstrapRoles');
  assert.deepEqual(assume?.['Resource'], [
    'arn:aws:iam::111122223333:role/cdk-hnb659fds-deploy-role-111122223333-eu-west-2',
    'arn:aws:iam::111122223333:role/cdk-hnb659fds-file-publishing-role-111122223333-eu-west-2',
  ]);
});

it('reaches no environment with the role of another', () => {
  for (const role of ['Readone', 'Deployone']) assert.doesNotMatch(JSON.stringify(statementsOf(role)), /-two|\/two\//);
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

it('needs no bootstrapped account and no asset: an administrator deploys it first', () => {
  assert.deepEqual(template.findParameters('BootstrapVersion'), {});
  assert.ok(JSON.stringify(template.toJSON(), null, 1).length < 51_200, 'fits into the request itself');
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
