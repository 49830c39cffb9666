/** Entry of `npm start`. */
import { loadEnvironments } from '../../../environments/load.ts';
import { synthesize } from '../../adapters/cdk-app/synthesize.ts';
import { runCommand } from '../../adapters/cli/command.ts';
import { accountsOf, startAccounts } from '../../adapters/emulator/accounts.ts';
import { readBasePort } from '../../adapters/emulator/base-port.ts';
import { endFallenAccounts } from '../../adapters/emulator/fallen-accounts.ts';
import { readOrderApiUrl } from '../../adapters/order-api-url.ts';
import { REPOSITORY_ROOT as root } from '../../adapters/repository-root.ts';
import { resolveTargets } from '../../adapters/resolve-targets.ts';
import { readActor } from '../../adapters/variables.ts';
import { bootstrapAccount } from '../../operations/bootstrap-account.ts';
import { makeRelease } from '../../operations/make-release.ts';
import { promote } from '../../operations/promote.ts';
import { withRelease } from '../../operations/with-release.ts';
import { openWorkbench } from '../../operations/workbench.ts';
import { run } from './run.ts';

await runCommand(
  {
    name: 'start',
    summary:
      'Starts the emulated accounts, prepares them, and promotes the working tree through all environments. ' +
      'Repeated, it keeps what runs and promotes what changed.',
    whenEnvOmitted: 'all',
    configure: (command) => command,
    examples: [
      { options: '', does: 'The whole platform on this machine; ends with a line that posts an order.' },
      { options: '--env dev', does: 'Only dev and its account.' },
    ],
  },
  async ({ environments: chosen, reporter, signal, onExit }) => {
    const environments = loadEnvironments();
    const bench = openWorkbench({ local: true, reporter, onExit }, environments);
    const { toolkits, clients } = bench;
    return await run(
      { root, environments, chosen: await chosen(), by: readActor(), signal },
      {
        reporter,
        startAccounts: (selected, stop) =>
          startAccounts({ environments: accountsOf(selected), basePort: readBasePort(), reporter, signal: stop }),
        endFallenAccounts: (accounts) => endFallenAccounts(accounts, reporter),
        resolveTargets: (selected) => resolveTargets(selected, { local: true }),
        bootstrapAccount: (input) => bootstrapAccount(input, { synthesize, clients, toolkits }),
        withRelease: (stop, use) => {
          const openStores = async () => [];
          return withRelease(
            { root, wanted: undefined, environments, signal: stop },
            { makeRelease, reporter, openStores },
            use,
          );
        },
        promote: (input) => promote(input, bench),
        orderApiUrl: (target) => readOrderApiUrl(target, clients.for(target)),
      },
    );
  },
);
