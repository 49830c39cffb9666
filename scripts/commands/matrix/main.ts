/** Entry of `npm run matrix`. */
import { loadEnvironments } from '../../../environments/load.ts';
import { runCommand } from '../../adapters/cli/command.ts';
import { run } from './run.ts';

await runCommand(
  {
    name: 'matrix',
    summary: 'Gives a workflow its environments: waves in the order of promotion, with account, region and roles.',
    whenEnvOmitted: 'all',
    configure: (command) => command.option('--one', 'refuse all but exactly one environment, by its name'),
    examples: [
      { options: '', does: 'Every environment and its wave.' },
      { options: '--env prod --json', does: 'What the jobs of prod are made of.' },
      {
        options: '--one --env prod',
        does: 'Also refuses "--env all": for workflows that work on what a person typed.',
      },
    ],
  },
  async ({ options: { one = false }, environments, environmentNames }) =>
    run({ environments: loadEnvironments(), chosen: await environments(), ...(one && { one: environmentNames }) }),
);
