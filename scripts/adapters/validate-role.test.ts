/** Whose credentials validation uses: asked of a stand-in for STS, as the emulator knows no roles. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { AssumeRoleCommand, GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import { loadEnvironments } from '../../environments/load.ts';
import type { AwsClients } from './aws-clients.ts';
import { clientsForValidation } from './validate-role.ts';

const [dev] = loadEnvironments({ variables: {} });
assert.ok(dev);
const target = { environment: dev, account: dev.account, region: dev.region };
const validated = { AccessKeyId: 'validate', SecretAccessKey: 'secret', SessionToken: 'token' };

/** Clients of a caller, and the roles that were asked for with them. */
function clientsOf(arn: string, Credentials: object = validated) {
  const asked: (string | undefined)[] = [];
  const sts = {
    send: async (command: unknown) => {
      if (command instanceof GetCallerIdentityCommand) return { Arn: arn };
      assert.ok(command instanceof AssumeRoleCommand);
      asked.push(command.input.RoleArn);
      return { Credentials };
    },
  };
  return { clients: { sts } as unknown as AwsClients, asked };
}

const session = (role: string): string => `arn:aws:sts::${dev.account}:assumed-role/${role}/gitops-1-1`;

describe('clientsForValidation', () => {
  it('takes on the validate role where a deployment runs', async () => {
    const { clients, asked } = clientsOf(session('gitops-deploy-dev'));
    const own = await clientsForValidation(target, clients);
    assert.deepEqual(asked, [`arn:aws:iam::${dev.account}:role/gitops-validate-dev`]);
    assert.equal((await own.dynamodb.config.credentials()).accessKeyId, 'validate');
    assert.equal((await own.dynamodb.config.credentials()).sessionToken, 'token');
  });

  it('leaves people and other roles what they have', async () => {
    for (const arn of [session('gitops-deploy-dev-eu'), session('admin'), `arn:aws:iam::${dev.account}:user/me`]) {
      const { clients, asked } = clientsOf(arn);
      assert.equal(await clientsForValidation(target, clients), clients);
      assert.deepEqual(asked, []);
    }
  });

  it('asks nothing of an emulated account', async () => {
    const emulator = {
      endpoint: 'http://127.0.0.1:1',
      credentials: { accessKeyId: dev.account, secretAccessKey: 'local' },
    };
    const { clients, asked } = clientsOf(session('gitops-deploy-dev'));
    assert.equal(await clientsForValidation({ ...target, emulator }, clients), clients);
    assert.deepEqual(asked, []);
  });

  it('takes the role in an emulated account that takes sessions only, at its endpoint', async () => {
    const emulator = {
      endpoint: 'http://127.0.0.1:1',
      credentials: { accessKeyId: 'ASIA1', secretAccessKey: 'secret', sessionToken: 'token' },
      signedBy: 'environment' as const,
    };
    const { clients, asked } = clientsOf(session('gitops-deploy-dev'));
    const own = await clientsForValidation({ ...target, emulator }, clients);
    assert.deepEqual(asked, [`arn:aws:iam::${dev.account}:role/gitops-validate-dev`]);
    assert.equal((await own.dynamodb.config.credentials()).accessKeyId, 'validate');
    assert.equal((await own.dynamodb.config.endpoint?.())?.port, 1);
  });

  it('does not go on with the deployment’s own rights when STS gives none', async () => {
    const { clients } = clientsOf(session('gitops-deploy-dev'), {});
    await assert.rejects(clientsForValidation(target, clients), /STS gave no credentials for arn:aws:iam/);
  });
});
