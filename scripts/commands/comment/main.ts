/** Entry of `npm run comment`. */
import { resolve } from 'node:path';
import { runCommand } from '../../adapters/cli/command.ts';
import { pullRequestNumber } from '../../adapters/cli/option-values.ts';
import { createGitHub } from '../../adapters/github/client.ts';
import { readGitHubSettings, readRunFacts } from '../../adapters/github/settings.ts';
import { upsertComment } from '../../adapters/github/upsert-comment.ts';
import { REPOSITORY_ROOT } from '../../adapters/repository-root.ts';
import { readMatrix } from '../../core/plan/expected-environments.ts';
import { readPlanFiles } from './read-plan-files.ts';
import { run } from './run.ts';

await runCommand(
  {
    name: 'comment',
    summary:
      'Shows the plans of `diff --json` on a pull request, in its one comment. Reads GITHUB_TOKEN, GITHUB_REPOSITORY ' +
      'and GITHUB_API_URL; the token needs pull-requests: write.',
    whenEnvOmitted: 'all',
    configure: (command) =>
      command
        .option('--plans <folder>', 'the plans, one file per environment: dev.json', 'plans')
        .option('--pull-request <number>', "the pull request (default: the run's own)", pullRequestNumber)
        .option(
          '--matrix <json>',
          "environments of the pull request's jobs, as `matrix` gave them; empty where the build failed",
          readMatrix,
        )
        .option('--commit <commit>', 'the commit that was planned (default: what the plans say)')
        .option('--author <login>', 'whom the token writes as (default: github-actions[bot])'),
    examples: [
      { options: '--plans plans', does: 'In a run for a pull request: shows what all environments planned.' },
      { options: '--env dev --pull-request 12', does: 'Shows the plan of dev on pull request 12.' },
    ],
  },
  async ({ options, environments, reporter, signal }) => {
    const { plans, ...rest } = options;
    const names = (await environments()).map(({ name }) => name);
    const github = createGitHub({ ...readGitHubSettings(), warn: (text) => reporter.warn(text), signal });
    return run(
      { ...rest, folder: resolve(REPOSITORY_ROOT, plans), environments: names, run: readRunFacts() },
      { readPlanFiles, upsertComment: (request) => upsertComment(github, request), now: () => new Date(), reporter },
    );
  },
);
