/** Entry of `npm run endpoint`. */
import { AwsClientPool } from '../../adapters/aws-clients.ts';
import { runCommand } from '../../adapters/cli/command.ts';
import { getParameters } from '../../adapters/ledger/parameters.ts';
import { resolveTargets } from '../../adapters/resolve-targets.ts';
import { run } from './run.ts';

await runCommand(
  {
    name: 'endpoint',
    summary: 'Prints where the API of an environment answers.',
    whenEnvOmitted: 'refuse',
    configure: (command) => command,
    examples: [{ options: '--local --env dev', does: 'The address of the emulated dev.' }],
  },
  async ({ environments, local }) => {
    const clients = new AwsClientPool();
    return await run(await resolveTargets(await environments(), { local }), {
      readParameter: async (target, name) => (await getParameters(clients.for(target).ssm, [name])).get(name),
    });
  },
);
