/**
 * `bootstrap`: prepares the accounts of the environments named, side by side.
 */
import { pipelineHome } from '../../../environments/accounts.ts';
import type { EnvironmentConfig } from '../../../environments/environment-config.ts';
import type { CommandResult } from '../../adapters/cli/command.ts';
import type { Target } from '../../adapters/target.ts';
import { renderFailures, summarizeStacks } from '../../core/deployment/stack-result.ts';
import { EXIT } from '../../core/errors.ts';
import type { Reporter } from '../../core/progress.ts';
import { renderMarkdownTable, renderTable } from '../../core/render/table.ts';
import type { BootstrapAccountInput, BootstrappedAccount } from '../../operations/bootstrap-account.ts';

export interface BootstrapInput {
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

export async function run(input: BootstrapInput, deps: Dependencies): Promise<CommandResult> {
  const accounts = [...new Set(input.targets.map(({ account }) => account))];
  const done = await Promise.all(accounts.map((account) => prepare(account, input, deps)));
  return describe(done);
}

async function prepare(
  account: string,
  { root, targets, environments, signal }: BootstrapInput,
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

function describe(accounts: readonly BootstrappedAccount[]): CommandResult {
  const ok = accounts.every((account) => account.ok);
  const content = {
    head: ['account', 'region', 'stack', 'result'],
    rows: accounts.flatMap(({ account, stacks }) =>
      stacks.map(({ region, stack, status }) => [account, region, stack, status]),
    ),
  };
  const failures = accounts.flatMap(({ stacks }) => renderFailures(stacks));
  return {
    exitCode: ok ? EXIT.done : EXIT.failed,
    document: { accounts },
    text: [renderTable(content), ...failures].join('\n'),
    summary: [renderMarkdownTable(content), ...failures].join('\n\n'),
  };
}
