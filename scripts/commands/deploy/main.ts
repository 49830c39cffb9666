/** Entry of `npm run deploy`. */
import { resolve } from 'node:path';
import { loadEnvironments } from '../../../environments/load.ts';
import { runCommand } from '../../adapters/cli/command.ts';
import { reason, seconds } from '../../adapters/cli/option-values.ts';
import { readRelease } from '../../adapters/release/release-directory.ts';
import { REPOSITORY_ROOT } from '../../adapters/repository-root.ts';
import { resolveTargets } from '../../adapters/resolve-targets.ts';
import { readActor } from '../../adapters/variables.ts';
import type { DeployEnvironmentInput } from '../../operations/deploy-environment.ts';
import { deployRecorded } from '../../operations/deploy-recorded.ts';
import { makeRelease } from '../../operations/make-release.ts';
import { openWorkbench } from '../../operations/workbench.ts';
import { run } from './run.ts';

await runCommand(
  {
    name: 'deploy',
    summary: 'Deploys a release to environments, without validating it. See promote for the whole way.',
    whenEnvOmitted: 'refuse',
    configure: (command) =>
      command
        .option('--release <folder>', 'the release to deploy', 'cdk.out')
        .option('--synth', 'make the release of the working tree first')
        .option('--retry', 'also a release that was rejected, or is older than what is there')
        .option('--override-freeze <reason>', 'deploy in spite of a freeze; the reason is recorded', reason)
        .option('--enforce-freeze', 'with --local: stop at a freeze, as AWS does')
        .option('--wait <seconds>', 'how long to wait for another one at work there', seconds, 120),
    examples: [
      { options: '--local --env dev', does: 'Deploys cdk.out to the emulated dev.' },
      { options: '--local --env all --synth', does: 'Makes a release of the working tree and deploys it everywhere.' },
    ],
  },
  async ({ options, environments, local, reporter, signal, onExit }) => {
    const targets = await resolveTargets(await environments(), { local });
    const folder = resolve(REPOSITORY_ROOT, options.release);
    const all = loadEnvironments();
    const bench = openWorkbench({ local, reporter, onExit }, all);
    bench.warmUp(targets);
    const { synth = false, retry = false, overrideFreeze = null, enforceFreeze = false, wait: waitSeconds } = options;
    const rules = { options: { retry, overrideFreeze, enforceFreeze, local }, by: readActor(), waitSeconds, signal };
    const deployEnvironment = async (input: DeployEnvironmentInput) =>
      deployRecorded({ ...input, ...rules, site: await bench.openSite(input.target) }, bench);
    return await run(
      { root: REPOSITORY_ROOT, folder, targets, synth, environments: all, signal },
      { readRelease, makeRelease, deployEnvironment, reporter },
    );
  },
);
