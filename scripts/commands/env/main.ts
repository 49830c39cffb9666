/** Entry of `npm run env`. */
import { runCommand } from '../../adapters/cli/command.ts';
import { createLocalTarget } from '../../adapters/emulator/local-target.ts';
import { pythonIn } from '../../adapters/emulator/python-environment.ts';
import { run } from './run.ts';

await runCommand(
  {
    name: 'env',
    summary: 'Prints, for a shell, how to aim other tools at an environment: the AWS command line, SDKs, CDK.',
    whenEnvOmitted: 'refuse',
    configure: (command) => command,
    examples: [
      {
        options: '--env dev --local',
        does: 'For the emulated account of dev. Use it by eval "$(npm run -s env -- …)".',
      },
      { options: '--env prod', does: 'For prod in AWS: its region. Credentials stay your own.' },
      { options: '--env dev --local --json', does: 'The same as one JSON document.' },
    ],
  },
  async ({ environments, local }) =>
    run({ environments: await environments(), local }, { createLocalTarget, aws: pythonIn().aws }),
);
