/** The only wiring of `start`: the real things behind what it asks for, aimed at the emulated accounts. */
import type { EnvironmentConfig } from '../../../environments/environment-config.ts';
import { synthesize } from '../../adapters/cdk-app/synthesize.ts';
import type { CommandContext } from '../../adapters/cli/command.ts';
import { accountsOf, startAccounts } from '../../adapters/emulator/accounts.ts';
import { readBasePort } from '../../adapters/emulator/base-port.ts';
import { endFallenAccounts } from '../../adapters/emulator/fallen-accounts.ts';
import { readOrderApiUrl } from '../../adapters/order-api-url.ts';
import { REPOSITORY_ROOT as root } from '../../adapters/repository-root.ts';
import { resolveTargets } from '../../adapters/resolve-targets.ts';
import { bootstrapAccount } from '../../operations/bootstrap-account.ts';
import { makeRelease } from '../../operations/make-release.ts';
import { promote } from '../../operations/promote.ts';
import { withRelease } from '../../operations/with-release.ts';
import { openWorkbench } from '../../operations/workbench.ts';
import type { Dependencies } from './run.ts';

/** @param environments all of them, in the order of promotion */
export function wireDependencies(
  { reporter, onExit }: Pick<CommandContext<Record<string, unknown>>, 'reporter' | 'onExit'>,
  environments: readonly EnvironmentConfig[],
): Dependencies {
  const bench = openWorkbench({ local: true, reporter, onExit }, environments);
  const { toolkits, clients } = bench;
  return {
    reporter,
    startAccounts: (selected, signal) =>
      startAccounts({ environments: accountsOf(selected), basePort: readBasePort(), reporter, signal }),
    endFallenAccounts: (accounts) => endFallenAccounts(accounts, reporter),
    resolveTargets: (selected) => resolveTargets(selected, { local: true }),
    bootstrapAccount: (input) => bootstrapAccount(input, { synthesize, clients, toolkits }),
    withRelease: (signal, use) => {
      const sources = { makeRelease, reporter, openStores: async () => [] };
      return withRelease({ root, wanted: undefined, environments, signal }, sources, use);
    },
    promote: (input) => promote(input, bench),
    orderApiUrl: (target) => readOrderApiUrl(target, clients.for(target)),
  };
}
