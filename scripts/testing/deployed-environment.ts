/**
 * Environments deployed for real into emulated accounts of their own, for a test file: one release of the working tree,
 * one emulator process per account, all of it gone when the tests are over.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { EnvironmentConfig } from '../../environments/environment-config.ts';
import { loadEnvironments } from '../../environments/load.ts';
import { type AwsClients, createAwsClients } from '../adapters/aws-clients.ts';
import { UNANSWERABLE } from '../adapters/emulator/unanswerable.ts';
import { REPOSITORY_ROOT } from '../adapters/repository-root.ts';
import type { Target } from '../adapters/target.ts';
import { CdkToolkit } from '../adapters/toolkit/toolkit.ts';
import type { Reporter, Task } from '../core/progress.ts';
import type { Release } from '../core/release/release.ts';
import { deployEnvironment } from '../operations/deploy-environment.ts';
import { makeRelease } from '../operations/make-release.ts';
import { type Owner, type TestAccount, withEmulatedAccount } from './emulator.ts';

export interface DeployedEnvironment {
  readonly config: EnvironmentConfig;
  readonly account: TestAccount;
  readonly target: Target & Required<Pick<Target, 'emulator'>>;
  readonly clients: AwsClients;
  /** Of the whole working tree, and where it is on disk until the tests are over. */
  readonly release: Release;
  readonly folder: string;
  /** Kept open for further deployments; closed with the tests. */
  readonly toolkit: CdkToolkit;
}

/**
 * Makes a release and deploys the named environments of it, side by side; about ten seconds. Environments of one
 * account share its emulator, as everywhere.
 *
 * Call it at the top level of a test file with `{ after }` of node:test.
 * @throws Error naming the stacks that failed, with CloudFormation's reason
 */
export async function withDeployedEnvironments<Name extends string>(
  owner: Owner,
  names: readonly Name[],
): Promise<Readonly<Record<Name, DeployedEnvironment>>> {
  const environments = loadEnvironments();
  const chosen = names.map((name) => {
    const config = environments.find((each) => each.name === name);
    if (config === undefined) throw new Error(`there is no environments/${name}.json`);
    return config;
  });
  const workspace = await mkdtemp(join(tmpdir(), 'deployed-environment-'));
  owner.after(() => rm(workspace, { recursive: true, force: true }));
  const folder = join(workspace, 'release');
  const [{ release }, accounts] = await Promise.all([
    makeRelease({ root: REPOSITORY_ROOT, folder, environments }),
    startAccounts(owner, chosen),
  ]);
  const deployed = await Promise.all(
    chosen.map(async (config) => {
      const account = accounts.get(config.account);
      if (account === undefined) throw new Error(`no account was started for ${config.name}`);
      const environment = await deploy(owner, config, account, release, folder);
      return [config.name, environment] as const;
    }),
  );
  return Object.fromEntries(deployed) as Record<Name, DeployedEnvironment>;
}

async function startAccounts(
  owner: Owner,
  configs: readonly EnvironmentConfig[],
): Promise<ReadonlyMap<string, TestAccount>> {
  const ids = [...new Set(configs.map(({ account }) => account))];
  const started = await Promise.all(
    ids.map(async (id) => {
      const inIt = configs.filter(({ account }) => account === id).map(({ name }) => name);
      return [id, await withEmulatedAccount(owner, { account: id, environments: inIt })] as const;
    }),
  );
  return new Map(started);
}

async function deploy(
  owner: Owner,
  config: EnvironmentConfig,
  account: TestAccount,
  release: Release,
  folder: string,
): Promise<DeployedEnvironment> {
  const target = {
    environment: config,
    account: config.account,
    region: config.region,
    emulator: { endpoint: account.endpoint, credentials: account.client.credentials },
    unanswerable: UNANSWERABLE,
  };
  const toolkit = new CdkToolkit(target);
  owner.after(() => toolkit.close());
  const bootstrapped = await toolkit.bootstrap({ task: SILENT_TASK, warn: () => {} });
  if (bootstrapped.status === 'failed')
    throw new Error(`bootstrap of ${config.name} failed: ${describe(bootstrapped)}`);
  const { ok, stacks } = await deployEnvironment(
    { release, folder, target, task: SILENT_TASK, warn: () => {} },
    { toolkit },
  );
  if (!ok) throw new Error(`${config.name} was not deployed: ${stacks.map(describe).join('; ')}`);
  return { config, account, target, clients: createAwsClients(target), release, folder, toolkit };
}

const describe = (result: object): string => JSON.stringify(result);

const SILENT_TASK: Task = {
  update: () => {},
  done: () => {},
  fail: () => {},
  child: () => SILENT_TASK,
};

/** For operations that report, in tests that look at results alone. */
export const SILENT_REPORTER: Reporter = { task: () => SILENT_TASK, info: () => {}, warn: () => {} };
