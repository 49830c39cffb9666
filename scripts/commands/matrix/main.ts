/** Entry of `npm run matrix`. */
import { loadEnvironments } from '../../../environments/load.ts';
import { runCommand } from '../../adapters/cli/command.ts';
import { run } from './run.ts';

await runCommand(
  {
    name: 'matrix',
    summary: 'Gives a workflow its environments: waves in the order of promotion, with account, region and roles.',
    whenEnvOmitted: 'all',
    configure: (command) => command,
    examples: [
      { options: '', does: 'Every environment and its wave.' },
      { options: '--env prod --json', does: 'What the jobs of prod are made of.' },
    ],
  },
  async ({ environments }) => run({ environments: loadEnvironments(), chosen: await environments() }),
);
