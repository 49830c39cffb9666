/**
 * For tests: an emulated account prepared as an administrator prepares it, roles and provider deployed, behind a gate,
 * with an issuer of tokens for its jobs.
 */
import { AssumeRoleWithWebIdentityCommand } from '@aws-sdk/client-sts';
import { pipelineHome } from '../../../environments/accounts.ts';
import { loadEnvironments } from '../../../environments/load.ts';
import { AwsClientPool, type AwsClients, createAwsClients } from '../../adapters/aws-clients.ts';
import { synthesize } from '../../adapters/cdk-app/synthesize.ts';
import { REPOSITORY_ROOT } from '../../adapters/repository-root.ts';
import { ToolkitPool } from '../../adapters/toolkit/toolkit-pool.ts';
import { bootstrapAccount } from '../../operations/bootstrap-account.ts';
import { SILENT_REPORTER } from '../../testing/deployed-environment.ts';
import { type Owner, type TestAccount, withEmulatedAccount } from '../../testing/emulator.ts';
import { type JobClaims, workflowRefOf } from '../oidc/claims.ts';
import { type Issuer, startIssuer } from '../oidc/issuer.ts';
import { sampleJob } from '../oidc/sample-job.ts';
import { type Gate, startGate, type TrustDecision } from './gate.ts';

/** As in cdk.json. */
export const REPOSITORY = 'example-org/trading-platform-gitops';
const IDS = { owner: '12', repository: '74' };

export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

export interface GuardedAccount {
  readonly account: TestAccount;
  readonly issuer: Issuer;
  readonly gate: Gate;
  /** Every decision so far. */
  readonly decisions: readonly TrustDecision[];
  /** `arn:aws:iam::123456789012:role/gitops-read-dev` */
  readonly roleArn: (name: string) => string;
  /** Clients that call by the gate. */
  readonly clients: (credentials: Credentials) => AwsClients;
  /** A token as a job of the repository gets it: by default of the deployment to dev. */
  readonly token: (job?: Partial<JobClaims>, audience?: string) => Promise<string>;
  /** @throws what the gate answers */
  readonly assume: (role: string, token: string, seconds?: number) => Promise<Credentials>;
}

/** @param now the gate's clock and the issuer's; by default the system's */
export async function withGuardedAccount(
  owner: Owner,
  now: { readonly gate?: () => Date; readonly issuer?: () => Date } = {},
): Promise<GuardedAccount> {
  const environments = loadEnvironments({ variables: {} });
  const [dev] = environments;
  if (dev === undefined) throw new Error('there is no environment');
  const account = await withEmulatedAccount(owner, {
    account: dev.account,
    region: dev.region,
    environments: [dev.name],
  });
  const { endpoint, client } = account;
  const upstream = { endpoint, credentials: client.credentials };
  await prepare(account.account, dev.region, upstream);

  const issuer = await startIssuer({ now: now.issuer });
  owner.after(() => issuer.close());
  const decisions: TrustDecision[] = [];
  const report = (decision: TrustDecision): void => void decisions.push(decision);
  const gate = await startGate({ account: account.account, upstream, issuer, report, now: now.gate });
  owner.after(() => gate.close());

  const clients = (credentials: Credentials): AwsClients =>
    createAwsClients({ region: dev.region, emulator: { endpoint: gate.endpoint, credentials } });
  const nobody = clients({ accessKeyId: 'none', secretAccessKey: 'none' });
  return {
    account,
    issuer,
    gate,
    decisions,
    roleArn: (name) => `arn:aws:iam::${account.account}:role/${name}`,
    clients,
    token: (job, audience) => tokenOf(issuer, job, audience),
    assume: async (RoleArn, WebIdentityToken, DurationSeconds) => {
      const request = { RoleArn, WebIdentityToken, DurationSeconds, RoleSessionName: 'test' };
      const { Credentials: given } = await nobody.sts.send(new AssumeRoleWithWebIdentityCommand(request));
      const { AccessKeyId = '', SecretAccessKey = '', SessionToken = '' } = given ?? {};
      return { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: SessionToken };
    },
  };
}

/** A job of `REPOSITORY` asks an issuer, the account's own or another. */
export async function tokenOf(
  issuer: Issuer,
  job: Partial<JobClaims> = {},
  audience = 'sts.amazonaws.com',
): Promise<string> {
  const { requestUrl, requestToken } = issuer.grant(sampleJob({ repository: REPOSITORY, ids: IDS, ...job }));
  const answer = await fetch(`${requestUrl}&audience=${encodeURIComponent(audience)}`, {
    headers: { authorization: `bearer ${requestToken}` },
  });
  return ((await answer.json()) as { value: string }).value;
}

/** `deploy.yml` of the repository at a ref. */
export const fileAt = (file: string, ref = 'refs/heads/main', repository = REPOSITORY): string =>
  workflowRefOf(repository, file, ref);

/** PipelineStack as `npm run bootstrap` makes it, with the ids of the repository in its trust. */
async function prepare(
  account: string,
  region: string,
  emulator: { readonly endpoint: string; readonly credentials: Credentials },
): Promise<void> {
  const toolkits = new ToolkitPool();
  const ids = { repositoryOwnerId: IDS.owner, repositoryId: IDS.repository };
  const { ok, stacks } = await bootstrapAccount(
    {
      root: REPOSITORY_ROOT,
      home: pipelineHome(loadEnvironments({ variables: {} }), { CDK_DEFAULT_ACCOUNT: account }),
      regions: [region],
      emulator,
      task: SILENT_REPORTER.task(''),
      warn: () => {},
    },
    {
      synthesize: (input) => synthesize({ ...input, context: { ...input.context, ...ids } }),
      clients: new AwsClientPool(),
      toolkits,
    },
  ).finally(() => toolkits.close());
  if (!ok) throw new Error(`the account was not prepared: ${JSON.stringify(stacks)}`);
}
