/** Entry of `npm run status`. */
import { loadEnvironments } from '../../../environments/load.ts';
import { AwsClientPool } from '../../adapters/aws-clients.ts';
import { runCommand } from '../../adapters/cli/command.ts';
import { resolveTargets } from '../../adapters/resolve-targets.ts';
import { systemClock as clock } from '../../adapters/system-clock.ts';
import { openRecords } from '../../operations/open-records.ts';
import { run } from './run.ts';

await runCommand(
  {
    name: 'status',
    summary:
      'Shows where every environment stands: release, commit, state, since when, by whom, hold, lock, how far behind.',
    whenEnvOmitted: 'all',
    configure: (command) => command.option('--history', 'what happened there, oldest first'),
    examples: [
      { options: '--local', does: 'Where the emulated environments stand.' },
      { options: '--env prod --history --json', does: 'Every event of prod, for machines.' },
    ],
  },
  async ({ options, environments: chosen, local, reporter }) => {
    const environments = loadEnvironments();
    const shown = (await chosen()).map(({ name }) => name);
    const clients = new AwsClientPool();
    const warn = (text: string): void => reporter.warn(text);
    return await run(
      { environments, shown, history: options.history ?? false },
      {
        open: async (environment) => {
          const [target] = await resolveTargets([environment], { local });
          if (target === undefined) throw new RangeError(`${environment.name} has no target`);
          return await openRecords(target, environments, { clients, clock, warn });
        },
        clock,
      },
    );
  },
);
