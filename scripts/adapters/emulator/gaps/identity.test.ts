/**
 * IAM resources of a template, seen through the IAM API.
 */
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import {
  GetOpenIDConnectProviderCommand,
  GetRoleCommand,
  IAMClient,
  ListOpenIDConnectProvidersCommand,
} from '@aws-sdk/client-iam';
import { emulatedStack } from '../../../testing/emulated-stack.ts';
import { withEmulatedAccount } from '../../../testing/emulator.ts';

const ACCOUNT = '210000000004';
const account = await withEmulatedAccount({ after }, { account: ACCOUNT });

test('an OpenID Connect provider is in the IAM API', async () => {
  const iam = new IAMClient(account.client);
  const identity = emulatedStack(account, 'identity');
  const provider = (audiences: readonly string[]): Record<string, unknown> => ({
    Provider: {
      Type: 'AWS::IAM::OIDCProvider',
      Properties: { Url: 'https://token.actions.githubusercontent.com', ClientIdList: audiences },
    },
  });
  const outputs = { Arn: { Ref: 'Provider' } };

  const { Arn } = await identity.put(provider(['one']), { outputs });
  assert.equal(Arn, `arn:aws:iam::${ACCOUNT}:oidc-provider/token.actions.githubusercontent.com`);
  assert.deepEqual(await identity.put(provider(['sts.amazonaws.com']), { outputs }), { Arn });
  const found = await iam.send(new GetOpenIDConnectProviderCommand({ OpenIDConnectProviderArn: Arn }));
  assert.deepEqual(found.ClientIDList, ['sts.amazonaws.com']);

  await identity.delete();
  assert.deepEqual((await iam.send(new ListOpenIDConnectProvidersCommand({}))).OpenIDConnectProviderList, []);
});

test('a role keeps the boundary its template gives, takes another, and loses it', async () => {
  const iam = new IAMClient(account.client);
  const stack = emulatedStack(account, 'bounded');
  const role = (boundary: string | undefined): Record<string, unknown> => ({
    Role: {
      Type: 'AWS::IAM::Role',
      Properties: {
        RoleName: 'bounded',
        AssumeRolePolicyDocument: {
          Version: '2012-10-17',
          Statement: [{ Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' }],
        },
        ...(boundary !== undefined && { PermissionsBoundary: boundary }),
      },
    },
  });
  for (const boundary of ['one', 'two', undefined]) {
    const arn = boundary === undefined ? undefined : `arn:aws:iam::${ACCOUNT}:policy/${boundary}`;
    await stack.put(role(arn));
    const { Role } = await iam.send(new GetRoleCommand({ RoleName: 'bounded' }));
    assert.equal(Role?.PermissionsBoundary?.PermissionsBoundaryArn, arn);
  }
  await stack.delete();
});
