/** Entry of `npm run validate`. */
import { AwsClientPool } from '../../adapters/aws-clients.ts';
import { readBaseline } from '../../adapters/baseline-store.ts';
import { runCommand } from '../../adapters/cli/command.ts';
import { resolveTargets } from '../../adapters/resolve-targets.ts';
import { baselineSource, validateEnvironment } from '../../operations/validate-environment.ts';
import { run } from './run.ts';

await runCommand(
  {
    name: 'validate',
    summary:
      'Compares what runs with the environment’s JSON, and sends a synthetic order through the real API. ' +
      'Changes nothing else; fails when a check fails, or can’t be answered where AWS should answer it.',
    whenEnvOmitted: 'refuse',
    configure: (command) => command,
    examples: [
      { options: '--local --env dev', does: 'Validates dev in its emulated account.' },
      { options: '--env staging --env prod --json', does: 'Validates two environments in AWS; prints every check.' },
    ],
  },
  async ({ environments, local, reporter, signal }) => {
    const targets = await resolveTargets(await environments(), { local });
    const pool = new AwsClientPool();
    return run(
      { targets, signal },
      {
        clientsFor: (target) => pool.for(target),
        validate: validateEnvironment,
        readBaseline: (target) => readBaseline(target.environment.name, baselineSource(target)),
        reporter,
      },
    );
  },
);
