/** Entry of `npm run bootstrap`. */
import { loadEnvironments } from '../../../environments/load.ts';
import { AwsClientPool } from '../../adapters/aws-clients.ts';
import { synthesize } from '../../adapters/cdk-app/synthesize.ts';
import { runCommand } from '../../adapters/cli/command.ts';
import { REPOSITORY_ROOT } from '../../adapters/repository-root.ts';
import { resolveTargets } from '../../adapters/resolve-targets.ts';
import { ToolkitPool } from '../../adapters/toolkit/toolkit-pool.ts';
import { bootstrapAccount } from '../../operations/bootstrap-account.ts';
import { run } from './run.ts';

await runCommand(
  {
    name: 'bootstrap',
    summary:
      "Prepares the accounts of environments, once: PipelineStack and CDK's bootstrap stack. An administrator runs it.",
    whenEnvOmitted: 'refuse',
    configure: (command) => command,
    examples: [
      { options: '--env dev', does: 'Prepares the account and region of dev, with your own credentials.' },
      { options: '--local --env all', does: 'Prepares every emulated account; npm start does it too.' },
    ],
  },
  async ({ environments, local, reporter, signal, onExit }) => {
    const targets = await resolveTargets(await environments(), { local });
    const toolkits = new ToolkitPool();
    onExit(() => toolkits.close());
    toolkits.warmUp(targets);
    const clients = new AwsClientPool();
    return await run(
      { root: REPOSITORY_ROOT, targets, environments: loadEnvironments(), signal },
      { bootstrapAccount: (input) => bootstrapAccount(input, { synthesize, clients, toolkits }), reporter },
    );
  },
);
