/**
 * Prepares the accounts of several environments, side by side, with progress: what `bootstrap` and `start` have in common.
 */
import { pipelineHome } from '../../environments/accounts.ts';
import type { EnvironmentConfig } from '../../environments/environment-config.ts';
import type { Target } from '../adapters/target.ts';
import { summarizeStacks } from '../core/deployment/stack-result.ts';
import type { Reporter } from '../core/progress.ts';
import type { BootstrapAccountInput, BootstrappedAccount } from './bootstrap-account.ts';

export interface BootstrapAccountsInput {
  /** The repository's root. */
  readonly root: string;
  readonly targets: readonly Target[];
  /** All environments: PipelineStack serves every one of its account. */
  readonly environments: readonly EnvironmentConfig[];
  readonly signal?: AbortSignal;
}

export interface Dependencies {
  readonly bootstrapAccount: (input: BootstrapAccountInput) => Promise<BootstrappedAccount>;
  readonly reporter: Reporter;
}

/** One result per account, in the order of the targets. @throws what `bootstrapAccount` throws */
export async function bootstrapAccounts(
  input: BootstrapAccountsInput,
  deps: Dependencies,
): Promise<readonly BootstrappedAccount[]> {
  const accounts = [...new Set(input.targets.map(({ account }) => account))];
  return await Promise.all(accounts.map((account) => prepare(account, input, deps)));
}

async function prepare(
  account: string,
  { root, targets, environments, signal }: BootstrapAccountsInput,
  { bootstrapAccount, reporter }: Dependencies,
): Promise<BootstrappedAccount> {
  const own = targets.filter((target) => target.account === account);
  const task = reporter.task(`bootstrapping account ${account}`);
  try {
    const result = await bootstrapAccount({
      root,
      home: pipelineHome(environments, { CDK_DEFAULT_ACCOUNT: account }),
      regions: own.map(({ region }) => region),
      emulator: own[0]?.emulator,
      task,
      warn: (text) => reporter.warn(text),
      signal,
    });
    if (result.ok) task.done(summarizeStacks(result.stacks));
    else task.fail(summarizeStacks(result.stacks));
    return result;
  } catch (error) {
    task.fail('stopped');
    throw error;
  }
}
