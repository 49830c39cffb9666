/** Entry of `npm run deploy`. */
import { resolve } from 'node:path';
import { loadEnvironments } from '../../../environments/load.ts';
import { runCommand } from '../../adapters/cli/command.ts';
import { readRelease } from '../../adapters/release/release-directory.ts';
import { REPOSITORY_ROOT } from '../../adapters/repository-root.ts';
import { resolveTargets } from '../../adapters/resolve-targets.ts';
import { ToolkitPool } from '../../adapters/toolkit/toolkit-pool.ts';
import { type DeployEnvironmentInput, deployEnvironment } from '../../operations/deploy-environment.ts';
import { makeRelease } from '../../operations/make-release.ts';
import { run } from './run.ts';

await runCommand(
  {
    name: 'deploy',
    summary: 'Deploys a release to environments, without validating it. See promote for the whole way.',
    whenEnvOmitted: 'refuse',
    configure: (command) =>
      command
        .option('--release <folder>', 'the release to deploy', 'cdk.out')
        .option('--synth', 'make the release of the working tree first'),
    examples: [
      { options: '--local --env dev', does: 'Deploys cdk.out to the emulated dev.' },
      { options: '--local --env all --synth', does: 'Makes a release of the working tree and deploys it everywhere.' },
    ],
  },
  async ({ options, environments, local, reporter, signal, onExit }) => {
    const targets = await resolveTargets(await environments(), { local });
    const folder = resolve(REPOSITORY_ROOT, options.release);
    const toolkits = new ToolkitPool();
    onExit(() => toolkits.close());
    toolkits.warmUp(targets);
    const deploy = (input: DeployEnvironmentInput) => deployEnvironment(input, { toolkit: toolkits.for(input.target) });
    const { synth = false } = options;
    return await run(
      { root: REPOSITORY_ROOT, folder, targets, synth, environments: loadEnvironments(), signal },
      { readRelease, makeRelease, deployEnvironment: deploy, reporter },
    );
  },
);
