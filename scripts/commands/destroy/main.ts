/** Entry of `npm run destroy`. */
import { loadEnvironments } from '../../../environments/load.ts';
import { runCommand } from '../../adapters/cli/command.ts';
import { reason, seconds } from '../../adapters/cli/option-values.ts';
import { resolveTargets } from '../../adapters/resolve-targets.ts';
import { readActor } from '../../adapters/variables.ts';
import { destroyEnvironment } from '../../operations/destroy-environment.ts';
import { openWorkbench } from '../../operations/workbench.ts';
import { run } from './run.ts';

await runCommand(
  {
    name: 'destroy',
    summary:
      'Destroys an environment without losing data: saves the table in a backup that outlives it, and refuses while the ' +
      'bucket holds anything. PipelineStack and the release store stay. Then the environment is held: `resume` lets the ' +
      'next promotion deploy it again.',
    whenEnvOmitted: 'refuse',
    configure: (command) =>
      command
        .option('--confirm <name>', "the environment's name, typed again")
        .option('--yes-production', 'needed too where the stage is production')
        .option('--reason <text>', 'why; recorded', reason, 'npm run destroy')
        .option('--wait <seconds>', 'how long to wait for another one at work there', seconds, 120),
    examples: [{ options: '--local --env dev --confirm dev', does: 'Destroys the emulated dev.' }],
  },
  async ({ options, environments, local, reporter, signal, onExit }) => {
    const { confirm, yesProduction = false, reason: why, wait } = options;
    const bench = openWorkbench({ local, reporter, onExit }, loadEnvironments());
    const input = { environments: await environments(), confirm, yesProduction, reason: why, waitSeconds: wait };
    return await run(
      { ...input, by: readActor(), signal },
      {
        ...bench,
        resolveTargets: (chosen) => resolveTargets(chosen, { local }),
        destroyEnvironment: (wish, { clients }) =>
          destroyEnvironment(wish, {
            cloudformation: clients.cloudformation,
            dynamodb: clients.dynamodb,
            s3: clients.s3,
            clock: bench.clock,
          }),
      },
    );
  },
);
