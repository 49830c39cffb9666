/** Entry of `npm run pending`. */
import { resolve } from 'node:path';
import { loadEnvironments } from '../../../environments/load.ts';
import { AwsClientPool } from '../../adapters/aws-clients.ts';
import { runCommand } from '../../adapters/cli/command.ts';
import { reason } from '../../adapters/cli/option-values.ts';
import { readRelease } from '../../adapters/release/release-directory.ts';
import { REPOSITORY_ROOT } from '../../adapters/repository-root.ts';
import { systemClock as clock } from '../../adapters/system-clock.ts';
import { readLedger } from '../../operations/read-ledger.ts';
import { run } from './run.ts';

await runCommand(
  {
    name: 'pending',
    summary:
      'Says whether a release still has to be deployed to an environment; ends as its promotion would be refused.',
    whenEnvOmitted: 'refuse',
    configure: (command) =>
      command
        .option('--release <folder>', 'the release in question', 'cdk.out')
        .option('--retry', 'as promote would be called', false)
        .option('--override-freeze <reason>', 'as promote would be called', reason),
    examples: [{ options: '--env prod', does: 'Whether cdk.out is to be deployed to prod, and why not.' }],
  },
  async ({ options, environments: chosen, local, reporter }) => {
    const { retry, overrideFreeze = null } = options;
    const release = await readRelease(resolve(REPOSITORY_ROOT, options.release));
    const warn = (text: string): void => reporter.warn(text);
    const records = { local, environments: loadEnvironments(), clients: new AwsClientPool(), clock, warn };
    return await run(
      { environments: await chosen(), release, options: { retry, overrideFreeze }, local },
      {
        readLedger: (environment) => readLedger(environment, records),
        now: () => new Date(clock.now()),
      },
    );
  },
);
