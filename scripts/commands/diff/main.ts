/** Entry of `npm run diff`. */
import { resolve } from 'node:path';
import { AwsClientPool } from '../../adapters/aws-clients.ts';
import { runCommand } from '../../adapters/cli/command.ts';
import { readConfigAt, readConfigNow } from '../../adapters/plan/base-config.ts';
import { describeCommit } from '../../adapters/release/git.ts';
import { readRelease } from '../../adapters/release/release-directory.ts';
import { REPOSITORY_ROOT as root } from '../../adapters/repository-root.ts';
import { resolveTargets } from '../../adapters/resolve-targets.ts';
import { planAgainstNothing, planEnvironment } from '../../operations/plan-environment.ts';
import { ALLOW_DESTRUCTIVE, readFormat, readLabels, run } from './run.ts';

await runCommand(
  {
    name: 'diff',
    summary: 'Shows what a release would change in each environment; ends 1 when something stands against it.',
    whenEnvOmitted: 'all',
    configure: (command) =>
      command
        .option('--release <folder>', 'the release to compare', 'cdk.out')
        .option('--base <ref>', 'commit to compare environments/*.json with, to say in words what changed in them')
        .option('--allow-destructive', 'let the verdict pass although data would be lost', false)
        .option('--labels <json>', `a pull request's labels; "${ALLOW_DESTRUCTIVE}" is as the option`, readLabels, [])
        .option('--against-nothing', 'look at nothing deployed: everything is created. Needs no credentials', false)
        .option('--format <format>', 'table, markdown or json', readFormat, 'table'),
    examples: [
      { options: '--local --env all', does: 'What cdk.out would change in the emulated accounts.' },
      { options: '--env prod --base origin/main', does: 'The same for prod, and the config in words.' },
    ],
  },
  async ({ options, environments, local, reporter, signal, onExit }) => {
    const { base, format, againstNothing } = options;
    const allowDestructive = options.allowDestructive || options.labels.includes(ALLOW_DESTRUCTIVE);
    const folder = resolve(root, options.release);
    const input = { folder, allowDestructive, signal, onExit, warn: (text: string) => reporter.warn(text) };
    const pool = new AwsClientPool();
    return run(
      { environments: await environments(), folder, base, format, againstNothing },
      {
        resolveTargets: (chosen) => resolveTargets(chosen, { local }),
        readRelease,
        plan: (release, target) => planEnvironment({ ...input, release }, target, pool.for(target)),
        planAgainstNothing: (release, name) => planAgainstNothing({ ...input, release }, name),
        describeCommit: () => describeCommit(root),
        readConfigAt: (ref) => readConfigAt(root, ref),
        readConfigNow: () => readConfigNow(root),
        reporter,
        now: () => new Date(),
      },
    );
  },
);
