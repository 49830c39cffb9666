import assert from 'node:assert/strict';
import { it } from 'node:test';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { testStack } from '../testing/test-stack.ts';
import { GitHubRole } from './github-role.ts';

const template = testStack((stack) => {
  new GitHubRole(stack, 'Role', {
    roleName: 'gitops-test',
    description: 'For a test',
    providerArn: 'arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com',
    repository: 'owner/name',
    githubEnvironments: ['dev', 'dev-rollback'],
    permissions: [new PolicyStatement({ actions: ['ssm:GetParameter'], resources: ['arn:aws:ssm:::parameter/one'] })],
  });
});
const [role] = Object.values(template.findResources('AWS::IAM::Role'));

it('trusts jobs of the repository in the GitHub environments, exactly', () => {
  assert.deepEqual(role?.['Properties'].AssumeRolePolicyDocument.Statement, [
    {
      Effect: 'Allow',
      Action: 'sts:AssumeRoleWithWebIdentity',
      Principal: { Federated: 'arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com' },
      Condition: {
        StringEquals: {
          'token.actions.githubusercontent.com:aud': 'sts.amazonaws.com',
          'token.actions.githubusercontent.com:sub': [
            'repo:owner/name:environment:dev',
            'repo:owner/name:environment:dev-rollback',
          ],
        },
      },
    },
  ]);
});

it('lasts an hour', () => {
  assert.equal(role?.['Properties'].MaxSessionDuration, 3_600);
});
