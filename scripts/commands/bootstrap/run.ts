/**
 * `bootstrap`: prepares the accounts of the environments named, side by side.
 */
import type { CommandResult } from '../../adapters/cli/command.ts';
import { renderFailures } from '../../core/deployment/stack-result.ts';
import { EXIT } from '../../core/errors.ts';
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
