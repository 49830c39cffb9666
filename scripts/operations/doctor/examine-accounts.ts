/**
 * Examines the accounts of environments, one report for each: a person has credentials of one account at a time, so the
 * others are unknown unless they were asked for by name.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type PipelineHome, pipelineHome } from '../../../environments/accounts.ts';
import type { EnvironmentConfig } from '../../../environments/environment-config.ts';
import { PIPELINE_STACK } from '../../../environments/naming.ts';
import { type Clients, examineAccount } from '../../adapters/doctor/account.ts';
import { observe } from '../../adapters/probes/observe.ts';
import { WrongAccountError } from '../../adapters/resolve-targets.ts';
import type { Target } from '../../adapters/target.ts';
import type { Check } from '../../core/check.ts';
import type { PipelineTemplate } from '../../core/doctor/account.ts';
import { GitOpsError } from '../../core/errors.ts';
import type { Observation } from '../../core/validation/observation.ts';
import { type Dependencies as AssemblyDependencies, withPipelineAssembly } from '../pipeline-assembly.ts';
import type { Examined } from './examined.ts';

export interface AccountsInput {
  /** The repository's root. */
  readonly root: string;
  /** All of them, in the order of promotion: PipelineStack serves every one of its account. */
  readonly environments: readonly EnvironmentConfig[];
  readonly chosen: readonly EnvironmentConfig[];
  /** They were chosen by name: an account out of reach is then what was asked for, and fails. */
  readonly named: boolean;
  readonly signal?: AbortSignal;
}

export interface AccountsDependencies {
  readonly resolveTarget: (environment: EnvironmentConfig) => Promise<Target>;
  readonly synthesize: AssemblyDependencies['synthesize'];
  readonly clients: Clients;
}

export async function examineAccounts(input: AccountsInput, deps: AccountsDependencies): Promise<readonly Examined[]> {
  const accounts = [...new Set(input.chosen.map(({ account }) => account))];
  return await Promise.all(
    accounts.map(async (account) => {
      const chosen = input.chosen.filter((environment) => environment.account === account);
      const title = `account ${account} (${chosen.map(({ name }) => name).join(', ')})`;
      return { title, checks: await examineOne(account, chosen, input, deps) };
    }),
  );
}

async function examineOne(
  account: string,
  chosen: readonly EnvironmentConfig[],
  input: AccountsInput,
  deps: AccountsDependencies,
): Promise<readonly Check[]> {
  const [first] = chosen;
  if (first === undefined) return [];
  const reached = await reach(first, input.named, deps);
  if (reached.target === undefined) return [reached.check, notLookedAt(account)];
  const { emulator } = reached.target;
  const home = pipelineHome(input.environments, { CDK_DEFAULT_ACCOUNT: account });
  const pipeline = await synthesizePipeline(home, reached.target, input, deps);
  const found = await examineAccount(
    {
      home,
      environments: chosen.map(({ name }) => name),
      regions: [...new Set([home.region, ...chosen.map(({ region }) => region)])],
      emulator,
      pipeline,
    },
    deps.clients,
  );
  return [reached.check, ...found];
}

interface Reached {
  readonly check: Check;
  readonly target: Target | undefined;
}

async function reach(environment: EnvironmentConfig, named: boolean, deps: AccountsDependencies): Promise<Reached> {
  const { account, name } = environment;
  const base = { id: 'account.reachable', subject: account, expected: 'credentials of the account' };
  try {
    const target = await deps.resolveTarget(environment);
    return { check: { ...base, status: 'pass', actual: base.expected, detail: '' }, target };
  } catch (error) {
    if (!(error instanceof GitOpsError && error.source === 'user')) throw error;
    const other = error instanceof WrongAccountError;
    const again = other ? `\nThen: npm run doctor -- --env ${name}` : '';
    return {
      check: {
        ...base,
        status: other && !named ? 'unknown' : 'fail',
        actual: other ? 'credentials of another account' : 'none that can be used',
        detail: `${error.message}${again}`,
      },
      target: undefined,
    };
  }
}

const notLookedAt = (account: string): Check => ({
  id: 'account.prepared',
  subject: account,
  status: 'unknown',
  expected: 'PipelineStack, its roles and the bootstrap stacks',
  actual: null,
  detail: 'the account could not be looked at',
});

/** Both causes, no right to look for the provider and an app that fails, leave only what needs no template. */
async function synthesizePipeline(
  home: PipelineHome,
  { emulator }: Target,
  { root, signal }: AccountsInput,
  deps: AccountsDependencies,
): Promise<Observation<PipelineTemplate>> {
  return await observe(() =>
    withPipelineAssembly({ root, home, emulator, validate: false, signal }, deps, async (assembly) => {
      const text = await readFile(join(assembly, `${PIPELINE_STACK}.template.json`), 'utf8');
      return JSON.parse(text) as PipelineTemplate;
    }),
  );
}
