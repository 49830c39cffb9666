/** An emulated account: empty, prepared, and prepared but broken in each way that is looked for. */
import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import {
  CreateOpenIDConnectProviderCommand,
  DeleteOpenIDConnectProviderCommand,
  DeletePolicyCommand,
  DeleteRoleCommand,
  DeleteRolePolicyCommand,
  DetachRolePolicyCommand,
  UpdateAssumeRolePolicyCommand,
} from '@aws-sdk/client-iam';
import { PutBucketVersioningCommand } from '@aws-sdk/client-s3';
import { DeleteParameterCommand, GetParameterCommand } from '@aws-sdk/client-ssm';
import { pipelineHome } from '../../../environments/accounts.ts';
import { loadEnvironments } from '../../../environments/load.ts';
import { RELEASE_STORE_PARAMETER, ROLE_BOUNDARY } from '../../../environments/naming.ts';
import { AwsClientPool } from '../../adapters/aws-clients.ts';
import { synthesize } from '../../adapters/cdk-app/synthesize.ts';
import { PlainReporter } from '../../adapters/reporter/plain.ts';
import { REPOSITORY_ROOT } from '../../adapters/repository-root.ts';
import { WrongAccountError } from '../../adapters/resolve-targets.ts';
import type { Target } from '../../adapters/target.ts';
import { ToolkitPool } from '../../adapters/toolkit/toolkit-pool.ts';
import type { Check } from '../../core/check.ts';
import { withEmulatedAccount } from '../../testing/emulator.ts';
import { bootstrapAccount } from '../bootstrap-account.ts';
import { type AccountsDependencies, examineAccounts } from './examine-accounts.ts';

const environments = loadEnvironments({ variables: {} });
const [dev] = environments;
assert.ok(dev);
const account = await withEmulatedAccount({ after }, { account: dev.account, region: dev.region });
const emulator = { endpoint: account.endpoint, credentials: account.client.credentials };
const target: Target = { environment: dev, account: dev.account, region: dev.region, emulator, unanswerable: [] };
const clients = new AwsClientPool();
const { iam, ssm, s3 } = clients.for(target);
const toolkits = new ToolkitPool();
after(() => toolkits.close());

async function examine(deps: Partial<AccountsDependencies> = {}, named = false): Promise<readonly Check[]> {
  const input = { root: REPOSITORY_ROOT, environments, chosen: [dev as typeof target.environment], named };
  const found = await examineAccounts(input, { resolveTarget: async () => target, synthesize, clients, ...deps });
  assert.deepEqual(
    found.map(({ title }) => title),
    ['account 123456789012 (dev)'],
  );
  return found.flatMap(({ checks }) => checks);
}

/** `role.trust gitops-read-dev` */
const failed = (checks: readonly Check[]): string[] =>
  checks.filter(({ status }) => status === 'fail').map(({ id, subject }) => `${id} ${subject}`);

/** A template is made once: what is tried is the account. */
const made = new Map<string, Promise<string>>();
const synthesizeOnce: typeof synthesize = async (input) => {
  const key = JSON.stringify(input.context);
  const folder =
    made.get(key) ??
    (async () => {
      const outdir = mkdtempSync(join(tmpdir(), 'gitops-doctor-'));
      await synthesize({ ...input, outdir });
      return outdir;
    })();
  made.set(key, folder);
  cpSync(await folder, input.outdir, { recursive: true });
  return '';
};
after(async () => {
  for (const folder of made.values()) rmSync(await folder, { recursive: true });
});

describe('an account that is not prepared', () => {
  it('lacks everything, each with the command that makes it', async () => {
    const checks = await examine({ synthesize: synthesizeOnce });
    assert.deepEqual(failed(checks), [
      'provider.present token.actions.githubusercontent.com',
      'pipeline.present PipelineStack',
      ...['read', 'deploy', 'validate', 'destroy'].map((role) => `role.present gitops-${role}-dev`),
      'policy.present gitops-cloudformation-execution',
      'policy.present gitops-boundary',
      'store.present /trading-platform/release-store-bucket-name',
      'bootstrap.present CDKToolkit in us-east-1',
    ]);
    for (const { status, detail } of checks) {
      if (status === 'fail') assert.match(detail, /npm run bootstrap -- --env dev/);
    }
  });

  it('is unknown with credentials of another one, and missing when it was asked for by name', async () => {
    const resolveTarget = () =>
      Promise.reject(new WrongAccountError([dev], { account: '9'.repeat(12), arn: 'arn:me' }));
    const [other, rest] = await examine({ resolveTarget });
    assert.deepEqual([other?.status, rest?.id, rest?.status], ['unknown', 'account.prepared', 'unknown']);
    assert.match(other?.detail ?? '', /999999999999.*Then: npm run doctor -- --env dev/s);
    const [asked] = await examine({ resolveTarget }, true);
    assert.equal(asked?.status, 'fail');
  });
});

describe('a prepared account', () => {
  it('lacks nothing; whether roles can be taken only those who are trusted can tell', async () => {
    const prepared = await bootstrapAccount(
      {
        root: REPOSITORY_ROOT,
        home: pipelineHome(environments, { CDK_DEFAULT_ACCOUNT: dev.account }),
        regions: [dev.region],
        emulator,
        task: new PlainReporter({ write: () => {} }).task('bootstrap'),
        warn: (text) => assert.fail(text),
      },
      { synthesize, clients, toolkits },
    );
    assert.ok(prepared.ok);
    made.clear();
    const checks = await examine({ synthesize: synthesizeOnce });
    assert.deepEqual(failed(checks), []);
    assert.deepEqual(
      [...new Set(checks.filter(({ status }) => status === 'unknown').map(({ id }) => id))],
      ['role.assumable'],
    );
    assert.ok(checks.filter(({ status }) => status === 'pass').length > 15);
  });

  it('is seen to trust another repository than cdk.json says, and to be another than this tree makes', async () => {
    const elsewhere: typeof synthesize = (input) =>
      synthesizeOnce({ ...input, context: { ...input.context, repository: 'somebody/else' } });
    const checks = await examine({ synthesize: elsewhere });
    assert.deepEqual(failed(checks), [
      'pipeline.current PipelineStack',
      ...['read', 'deploy', 'destroy'].map((role) => `role.trust gitops-${role}-dev`),
    ]);
    const trust = checks.find(({ id }) => id === 'role.trust');
    assert.match(JSON.stringify(trust?.expected), /repo:somebody\/else:pull_request/);
    assert.match(JSON.stringify(trust?.actual), /repo:example-org\/trading-platform-gitops:pull_request/);
  });

  it('is compared as far as it goes where PipelineStack can’t be made', async () => {
    const checks = await examine({ synthesize: () => Promise.reject(new Error('no app')) });
    assert.deepEqual(failed(checks), []);
    const trust = checks.filter(({ id }) => id === 'role.trust');
    assert.ok(trust.length === 4 && trust.every(({ status, detail }) => status === 'unknown' && /no app/.test(detail)));
    assert.ok(checks.some(({ id, status }) => id === 'pipeline.current' && status === 'unknown'));
  });

  const provider = `arn:aws:iam::${dev.account}:oidc-provider/token.actions.githubusercontent.com`;
  const breaks: readonly [finding: string, act: () => Promise<unknown>][] = [
    [
      'role.trust gitops-deploy-dev',
      () => {
        const everybody = {
          Effect: 'Allow',
          Principal: { Federated: provider },
          Action: 'sts:AssumeRoleWithWebIdentity',
        };
        const PolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement: [everybody] });
        return iam.send(new UpdateAssumeRolePolicyCommand({ RoleName: 'gitops-deploy-dev', PolicyDocument }));
      },
    ],
    [
      'role.present gitops-validate-dev',
      async () => {
        const RoleName = 'gitops-validate-dev';
        for (const policy of ['gitops-inspect', 'gitops-inspect-dev']) {
          const PolicyArn = `arn:aws:iam::${dev.account}:policy/${policy}`;
          await iam.send(new DetachRolePolicyCommand({ RoleName, PolicyArn }));
        }
        await iam.send(new DeleteRolePolicyCommand({ RoleName, PolicyName: 'own' }));
        await iam.send(new DeleteRoleCommand({ RoleName }));
      },
    ],
    [
      'policy.present gitops-boundary',
      () => iam.send(new DeletePolicyCommand({ PolicyArn: `arn:aws:iam::${dev.account}:policy/${ROLE_BOUNDARY}` })),
    ],
    [
      'store.versioned /trading-platform/release-store-bucket-name',
      async () => {
        const { Parameter } = await ssm.send(new GetParameterCommand({ Name: RELEASE_STORE_PARAMETER }));
        const VersioningConfiguration = { Status: 'Suspended' as const };
        await s3.send(new PutBucketVersioningCommand({ Bucket: Parameter?.Value, VersioningConfiguration }));
      },
    ],
    [
      'store.present /trading-platform/release-store-bucket-name',
      () => ssm.send(new DeleteParameterCommand({ Name: RELEASE_STORE_PARAMETER })),
    ],
    [
      'provider.present token.actions.githubusercontent.com',
      () => iam.send(new DeleteOpenIDConnectProviderCommand({ OpenIDConnectProviderArn: provider })),
    ],
    [
      'provider.audience token.actions.githubusercontent.com',
      () =>
        iam.send(
          new CreateOpenIDConnectProviderCommand({
            Url: 'https://token.actions.githubusercontent.com',
            ClientIDList: ['somebody.else'],
          }),
        ),
    ],
  ];
  let before: readonly string[] = [];
  for (const [finding, act] of breaks) {
    it(`is seen to fail: ${finding}`, async () => {
      await act();
      const now = failed(await examine({ synthesize: synthesizeOnce }));
      assert.ok(!before.includes(finding) && now.includes(finding), now.join('\n'));
      before = now;
    });
  }
});
