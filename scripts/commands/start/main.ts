/** Entry of `npm start`. */
import { loadEnvironments } from '../../../environments/load.ts';
import { runCommand } from '../../adapters/cli/command.ts';
import { REPOSITORY_ROOT as root } from '../../adapters/repository-root.ts';
import { readActor } from '../../adapters/variables.ts';
import { wireDependencies } from './dependencies.ts';
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
  async ({ environments: chosen, signal, reporter, onExit }) => {
    const environments = loadEnvironments();
    const input = { root, environments, chosen: await chosen(), by: readActor(), signal };
    return await run(input, wireDependencies({ reporter, onExit }, environments));
  },
);
