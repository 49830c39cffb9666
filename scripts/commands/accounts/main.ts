/** Entry of `npm run accounts`. */
import { loadEnvironments } from '../../../environments/load.ts';
import { runCommand } from '../../adapters/cli/command.ts';
import { exportVariables } from '../../adapters/reporter/github-actions.ts';
import { readRepositoryVariables } from '../../adapters/variables.ts';
import { run } from './run.ts';

await runCommand(
  {
    name: 'accounts',
    summary: "Hands CDK_{NAME}_ACCOUNT of the repository's variables to the later steps of a workflow's job.",
    whenEnvOmitted: 'all',
    configure: (command) => command,
    examples: [{ options: '', does: 'Which account each environment is in. In a workflow: sets the overrides too.' }],
  },
  async () =>
    run(
      { variables: readRepositoryVariables() },
      { loadEnvironments: (variables) => loadEnvironments({ variables }), exportVariables },
    ),
);
