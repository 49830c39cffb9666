/** Entry of `npm run synth`. */
import { resolve } from 'node:path';
import { loadEnvironments } from '../../../environments/load.ts';
import { runCommand } from '../../adapters/cli/command.ts';
import { REPOSITORY_ROOT } from '../../adapters/repository-root.ts';
import { makeRelease } from '../../operations/make-release.ts';
import { run } from './run.ts';

await runCommand(
  {
    name: 'synth',
    summary:
      'Makes a release: every environment synthesized once, with its digests in release.json. A release always ' +
      'holds all environments, and the same ones for AWS and for --local; --env narrows what is shown.',
    whenEnvOmitted: 'all',
    configure: (command) => command.option('--release <folder>', 'where the release goes', 'cdk.out'),
    examples: [
      { options: '', does: 'Makes the release cdk.out of the working tree.' },
      { options: '--json --env prod', does: 'The same; prints the release as JSON.' },
    ],
  },
  async ({ options, environments, reporter, signal }) => {
    const shown = await environments();
    const root = REPOSITORY_ROOT;
    const folder = resolve(root, options.release);
    return run({ root, folder, environments: loadEnvironments(), shown, signal }, { makeRelease, reporter });
  },
);
