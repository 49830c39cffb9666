/**
 * `bootstrap`: prepares the accounts of the environments named, side by side.
 */
import type { CommandResult } from '../../adapters/cli/command.ts';
import { type Cause, endingOf, few } from '../../core/cause.ts';
import { renderFailures, succeeded } from '../../core/deployment/stack-result.ts';
import { renderMarkdownTable, renderTable } from '../../core/render/table.ts';
import type { BootstrappedAccount } from '../../operations/bootstrap-account.ts';
import {
  type BootstrapAccountsInput,
  bootstrapAccounts,
  type Dependencies,
} from '../../operations/bootstrap-accounts.ts';

export async function run(input: BootstrapAccountsInput, deps: Dependencies): Promise<CommandResult> {
  return describe(await bootstrapAccounts(input, deps));
}

function describe(accounts: readonly BootstrappedAccount[]): CommandResult {
  const content = {
    head: ['account', 'region', 'stack', 'result'],
    rows: accounts.flatMap(({ account, stacks }) =>
      stacks.map(({ region, stack, status }) => [account, region, stack, status]),
    ),
  };
  const failures = accounts.flatMap(({ stacks }) => renderFailures(stacks));
  return {
    ...endingOf(causeOf(accounts)),
    document: { accounts },
    text: [renderTable(content), ...failures].join('\n'),
    summary: [renderMarkdownTable(content), ...failures].join('\n\n'),
  };
}

function causeOf(accounts: readonly BootstrappedAccount[]): Cause | undefined {
  const failed = accounts.filter(({ ok }) => !ok);
  if (failed.length === 0) return undefined;
  const lines = failed.flatMap(({ account, stacks }) =>
    stacks
      .filter((each) => !succeeded(each))
      .map(({ region, stack, status, reason = status }) => `account ${account}, ${region}: ${stack}: ${reason}`),
  );
  const next = 'Mend that, then run bootstrap again: what is done stays as it is.';
  return { code: 'ACCOUNTS_NOT_PREPARED', message: [...few(lines), next].join('\n') };
}
