/** Entry of `npm run rollback`. */
import { loadEnvironments } from '../../../environments/load.ts';
import { runCommand } from '../../adapters/cli/command.ts';
import { reason, seconds } from '../../adapters/cli/option-values.ts';
import { resolveTargets } from '../../adapters/resolve-targets.ts';
import { readActor } from '../../adapters/variables.ts';
import { rollbackEnvironment } from '../../operations/rollback-environment.ts';
import { openWorkbench } from '../../operations/workbench.ts';
import { run } from './run.ts';

await runCommand(
  {
    name: 'rollback',
    summary:
      'Brings an environment back to a release that was validated there, from the account’s release store: no synth, no ' +
      'registry. Holds the environment, so that the next promotion does not undo it. A freeze is no obstacle.',
    whenEnvOmitted: 'refuse',
    configure: (command) =>
      command
        .requiredOption('--reason <text>', 'why; recorded, and shown to whoever meets the hold', reason)
        .option('--release <id>', 'first digits of a release that was validated there (default: the one before)')
        .option('--no-hold', 'let promotions go on; the release that is undone is rejected instead')
        .option('--recreate-failed', 'delete and make again a stack whose creation and rollback both failed')
        .option('--wait <seconds>', 'how long to wait for another one at work there', seconds, 120),
    examples: [
      {
        options: '--env prod --reason "orders are stuck"',
        does: 'Brings back the validated release before, and holds prod.',
      },
      {
        options: '--local --env dev --release 4f2a90c --reason test',
        does: 'Brings back that release in the emulated dev.',
      },
    ],
  },
  async ({ options, environments, local, reporter, signal, onExit }) => {
    const { reason: why, release = null, hold, recreateFailed = false, wait } = options;
    const bench = openWorkbench({ local, reporter, onExit }, loadEnvironments());
    const wish = { requested: release, reason: why, hold, recreateFailed, waitSeconds: wait };
    return await run(
      { ...wish, environments: await environments(), by: readActor(), signal },
      {
        resolveTargets: (chosen) => resolveTargets(chosen, { local }),
        openSite: bench.openSite,
        rollbackEnvironment: (input) => rollbackEnvironment(input, { ...bench, plan: bench.planner(signal) }),
        reporter,
      },
    );
  },
);
