/**
 * `stop`: ends emulated accounts. It reads no configuration: a broken environment file must not keep them running.
 */

import type { CommandResult } from '../../adapters/cli/command.ts';
import { ALL } from '../../adapters/cli/select-environments.ts';
import type { EmulatedAccount, StopAccountsOptions, StoppedAccounts } from '../../adapters/emulator/accounts.ts';
import { EXIT } from '../../core/errors.ts';
import type { Reporter } from '../../core/progress.ts';

export interface StopInput {
  /** Environments whose accounts end; none, or `all`: every account. */
  readonly names: readonly string[];
}

export interface Dependencies {
  readonly stopAccounts: (options: StopAccountsOptions) => Promise<StoppedAccounts>;
  readonly reporter: Reporter;
}

export async function run({ names }: StopInput, { stopAccounts, reporter }: Dependencies): Promise<CommandResult> {
  const everyone = names.length === 0 || names.includes(ALL);
  const { stopped, stale } = await stopAccounts({ reporter, ...(everyone ? {} : { names }) });
  return {
    exitCode: EXIT.done,
    document: { stopped: stopped.map(describe), notRunning: stale.map(describe) },
    text: [
      ...stopped.map((account) => `stopped ${sentence(account)}`),
      ...stale.map((account) => `was not running: ${sentence(account)}`),
      ...(stopped.length + stale.length === 0 ? ['No emulated account was running.'] : []),
    ].join('\n'),
  };
}

const describe = ({ account, endpoint, environments }: EmulatedAccount): Record<string, unknown> => ({
  account,
  endpoint,
  environments,
});

const sentence = ({ account, endpoint, environments }: EmulatedAccount): string =>
  `${account} (${environments.join(', ')}) at ${endpoint}`;
