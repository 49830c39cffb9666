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
import { DEFINITION } from './definition.ts';
import { mayLoseData } from './labels.ts';
import { run } from './run.ts';

await runCommand(DEFINITION, async ({ options, environments, local, reporter, signal, onExit }) => {
  const { base, format, againstNothing } = options;
  const folder = resolve(root, options.release);
  const warn = (text: string): void => reporter.warn(text);
  const input = { folder, allowDestructive: mayLoseData(options), signal, onExit, warn };
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
});
