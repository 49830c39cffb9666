/** Entry of `npm stop`. */
import { runCommand } from '../../adapters/cli/command.ts';
import { stopAccounts } from '../../adapters/emulator/accounts.ts';
import { run } from './run.ts';

await runCommand(
  {
    name: 'stop',
    summary: 'Ends the emulated accounts that npm start started; what is deployed in them goes with them.',
    whenEnvOmitted: 'all',
    configure: (command) => command,
    examples: [
      { options: '', does: 'Ends every emulated account of this folder, and no other process.' },
      { options: '--env prod', does: 'Ends the account of prod, with all environments in it.' },
    ],
  },
  async ({ environmentNames, reporter }) => run({ names: environmentNames }, { stopAccounts, reporter }),
);
