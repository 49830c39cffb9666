/** Entry of `npm run reviewed`. */
import { resolve } from 'node:path';
import { loadEnvironments } from '../../../environments/load.ts';
import { AwsClientPool } from '../../adapters/aws-clients.ts';
import { runCommand } from '../../adapters/cli/command.ts';
import { createGitHub } from '../../adapters/github/client.ts';
import { listMergedBetween } from '../../adapters/github/merged-between.ts';
import { findReviewedPlan } from '../../adapters/github/reviewed-plan.ts';
import { readGitHubSettings } from '../../adapters/github/settings.ts';
import { REPOSITORY_ROOT } from '../../adapters/repository-root.ts';
import { systemClock as clock } from '../../adapters/system-clock.ts';
import { readFormat } from '../../core/plan/render/format.ts';
import { readApprovedPlans } from '../../operations/confirm-plan.ts';
import { readLedger } from '../../operations/read-ledger.ts';
import { run } from './run.ts';

await runCommand(
  {
    name: 'reviewed',
    summary:
      'Shows a plan beside what the merged pull requests had shown for its environment. For information: it ends 0 ' +
      'whatever it finds. Reads GITHUB_TOKEN, GITHUB_REPOSITORY and GITHUB_API_URL; the token needs contents, ' +
      'pull-requests and actions: read.',
    whenEnvOmitted: 'refuse',
    configure: (command) =>
      command
        .requiredOption('--plan <file>', 'the plan that waits: what `diff --save` wrote')
        .option('--format <format>', 'table, markdown or json', readFormat, 'table'),
    examples: [{ options: '--env prod --plan plans/prod.json', does: 'Is the plan what was reviewed?' }],
  },
  async ({ options, environments, local, reporter, signal }) => {
    const warn = (text: string): void => reporter.warn(text);
    const github = createGitHub({ ...readGitHubSettings(), warn, signal });
    const records = { local, environments: loadEnvironments(), clients: new AwsClientPool(), clock, warn };
    const plans = await readApprovedPlans(resolve(REPOSITORY_ROOT, options.plan));
    return await run(
      { environments: await environments(), plans, format: options.format },
      {
        readLedger: (environment) => readLedger(environment, records),
        listMerged: (base, head) => listMergedBetween(github, base, head),
        findPlan: (request, name) => findReviewedPlan(github, request, name),
        reporter,
      },
    );
  },
);
