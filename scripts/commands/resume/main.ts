/** Entry of `npm run resume`. */
import { loadEnvironments } from '../../../environments/load.ts';
import { runCommand } from '../../adapters/cli/command.ts';
import { reason } from '../../adapters/cli/option-values.ts';
import { resolveTargets } from '../../adapters/resolve-targets.ts';
import { readActor } from '../../adapters/variables.ts';
import { openWorkbench } from '../../operations/workbench.ts';
import { run } from './run.ts';

await runCommand(
  {
    name: 'resume',
    summary: 'Lifts the hold of environments: the next promotion goes through. Deploys nothing itself.',
    whenEnvOmitted: 'refuse',
    configure: (command) => command.requiredOption('--reason <text>', 'why it may go on; recorded', reason),
    examples: [{ options: '--env prod --reason "fixed by 4f2a90c"', does: 'The next promotion goes through to prod.' }],
  },
  async ({ options, environments, local, reporter, onExit }) => {
    const bench = openWorkbench({ local, reporter, onExit }, loadEnvironments());
    const targets = await resolveTargets(await environments(), { local });
    return await run({ targets, reason: options.reason, by: readActor() }, bench);
  },
);
