/** Entry of `npm run hold`. */
import { loadEnvironments } from '../../../environments/load.ts';
import { runCommand } from '../../adapters/cli/command.ts';
import { reason } from '../../adapters/cli/option-values.ts';
import { resolveTargets } from '../../adapters/resolve-targets.ts';
import { readActor } from '../../adapters/variables.ts';
import { openWorkbench } from '../../operations/workbench.ts';
import { run } from './run.ts';

await runCommand(
  {
    name: 'hold',
    summary: 'Keeps promotions out of environments until resume. A rollback is always allowed.',
    whenEnvOmitted: 'refuse',
    configure: (command) => command.requiredOption('--reason <text>', 'why; shown to whoever meets the hold', reason),
    examples: [
      { options: '--env prod --reason "migration of the exchange link"', does: 'The next promotion stops at prod.' },
    ],
  },
  async ({ options, environments, local, reporter, onExit }) => {
    const bench = openWorkbench({ local, reporter, onExit }, loadEnvironments());
    const targets = await resolveTargets(await environments(), { local });
    return await run({ targets, reason: options.reason, by: readActor() }, bench);
  },
);
