import assert from 'node:assert/strict';
import { it } from 'node:test';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { testStack } from '../testing/test-stack.ts';
import { GitHubRole } from './github-role.ts';
import { inEnvironment, onPullRequest } from './github-trust.ts';

const providerArn = 'arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com';
const template = testStack((stack) => {
  new GitHubRole(stack, 'Role', {
    roleName: 'gitops-test',
    description: 'For a test',
    providerArn,
    repository: { name: 'owner/name' },
    trusted: [{ contexts: [inEnvironment('dev')], workflows: ['deploy.yml'] }, { contexts: [onPullRequest] }],
    managedPolicies: [],
    permissions: [new PolicyStatement({ actions: ['ssm:GetParameter'], resources: ['arn:aws:ssm:::parameter/one'] })],
  });
});
const [role] = Object.values(template.findResources('AWS::IAM::Role'));

it('is trusted to the jobs named, by claims that must be equal, and to nobody else', () => {
  const trust = { Effect: 'Allow', Action: 'sts:AssumeRoleWithWebIdentity', Principal: { Federated: providerArn } };
  assert.deepEqual(role?.['Properties'].AssumeRolePolicyDocument.Statement, [
    {
      ...trust,
      Condition: {
        StringEquals: {
          'token.actions.githubusercontent.com:aud': 'sts.amazonaws.com',
          'token.actions.githubusercontent.com:sub': ['repo:owner/name:environment:dev'],
          'token.actions.githubusercontent.com:job_workflow_ref': [
            'owner/name/.github/workflows/deploy.yml@refs/heads/main',
          ],
        },
      },
    },
    {
      ...trust,
      Condition: {
        StringEquals: {
          'token.actions.githubusercontent.com:aud': 'sts.amazonaws.com',
          'token.actions.githubusercontent.com:sub': ['repo:owner/name:pull_request'],
        },
      },
    },
  ]);
});

it('may do what it is told', () => {
  assert.deepEqual(
    role?.['Properties'].Policies.map(({ PolicyDocument }: { PolicyDocument: unknown }) => PolicyDocument),
    [
      {
        Version: '2012-10-17',
        Statement: [{ Effect: 'Allow', Action: 'ssm:GetParameter', Resource: 'arn:aws:ssm:::parameter/one' }],
      },
    ],
  );
});

it('lasts an hour', () => {
  assert.equal(role?.['Properties'].MaxSessionDuration, 3_600);
});
