/** Entry of `npm run promote`. */
import { loadEnvironments } from '../../../environments/load.ts';
import { runCommand } from '../../adapters/cli/command.ts';
import { reason, seconds } from '../../adapters/cli/option-values.ts';
import { REPOSITORY_ROOT as root } from '../../adapters/repository-root.ts';
import { resolveTargets } from '../../adapters/resolve-targets.ts';
import { readActor } from '../../adapters/variables.ts';
import { makeRelease } from '../../operations/make-release.ts';
import { promote } from '../../operations/promote.ts';
import { withRelease } from '../../operations/with-release.ts';
import { openWorkbench } from '../../operations/workbench.ts';
import { run } from './run.ts';

await runCommand(
  {
    name: 'promote',
    summary:
      'Takes one release through the environments in the order of promotion: deploy, validate, record; what fails is rolled ' +
      'back to the last validated release there, and nothing behind it begins.',
    whenEnvOmitted: 'all',
    configure: (command) =>
      command
        .option('--until <name>', 'up to this environment: it and those that must come before it')
        .option('--only <name>', 'this environment alone; the one before it must hold the release already')
        .option('--release <id or folder>', 'a release made before (default: makes that of the working tree)')
        .option('--retry', 'also a release that was rejected, or is older than what is there', false)
        .option('--override-freeze <reason>', 'deploy in spite of a freeze; the reason is recorded', reason)
        .option('--enforce-freeze', 'with --local: stop at a freeze, as AWS does', false)
        .option('--wait <seconds>', 'how long to wait for another one at work there', seconds, 120)
        .option('--predecessor-validated', 'vouch for predecessors in accounts that can’t be read from here', false),
    examples: [
      { options: '--local', does: 'Makes the release of the working tree and takes it through the emulated accounts.' },
      { options: '--only prod --release 4f2a90c', does: 'Takes a release that staging holds to prod.' },
      { options: '--only prod --override-freeze "INC-42"', does: 'Deploys during a freeze; the ledger says why.' },
    ],
  },
  async ({ options, local, environments: chosen, reporter, signal, onExit }) => {
    const { only, until, retry, overrideFreeze = null, enforceFreeze, predecessorValidated, wait } = options;
    const environments = loadEnvironments();
    const bench = openWorkbench({ local, reporter, onExit }, environments);
    return await run(
      {
        environments,
        chosen: await chosen(),
        selection: { only, until },
        options: { retry, overrideFreeze, enforceFreeze },
        predecessorValidated,
        by: readActor(),
        waitSeconds: wait,
        signal,
      },
      {
        resolveTargets: (selected) => resolveTargets(selected, { local }),
        withRelease: (targets, use) => {
          const stores = { makeRelease, reporter, openStores: () => bench.openStores(targets) };
          return withRelease({ root, wanted: options.release, environments, signal }, stores, use);
        },
        promote: (input) => promote(input, bench),
      },
    );
  },
);
