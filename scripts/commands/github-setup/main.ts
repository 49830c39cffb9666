/** Entry of `npm run github:setup`. */
import { runCommand } from '../../adapters/cli/command.ts';
import { repositoryName } from '../../adapters/cli/option-values.ts';
import { createGitHub } from '../../adapters/github/client.ts';
import { readGitHubSettings } from '../../adapters/github/settings.ts';
import { readWanted } from '../../operations/read-wanted.ts';
import { setUpRepository } from '../../operations/set-up-repository.ts';
import { run } from './run.ts';

await runCommand(
  {
    name: 'github:setup',
    summary:
      'Sets a GitHub repository up as the files here say: environments with their reviewers, the ruleset of main, settings of ' +
      'Actions, variables. Shows the difference, then makes it; what is there already is left alone. Reads GITHUB_TOKEN and ' +
      'GITHUB_API_URL; the token needs administration, actions and variables: write, contents: read, and for teams ' +
      'members: read of the organization.',
    whenEnvOmitted: 'all',
    configure: (command) =>
      command
        .option('--repo <owner/name>', 'the repository (default: GITHUB_REPOSITORY)', repositoryName)
        .option('--dry-run', 'show the difference and change nothing', false),
    examples: [
      { options: '--repo OWNER/NAME --dry-run', does: 'Shows what would be changed.' },
      { options: '--repo OWNER/NAME', does: 'Changes it. A second run finds nothing to do.' },
    ],
  },
  async ({ options: { repo, dryRun }, environmentNames, reporter, signal }) => {
    const wanted = readWanted();
    return run(
      { dryRun, environmentNames },
      {
        reporter,
        setUp: (setUpOptions) => {
          const settings = readGitHubSettings(undefined, repo);
          const github = createGitHub({ ...settings, warn: (text) => reporter.warn(text), signal });
          return setUpRepository(github, wanted, setUpOptions);
        },
      },
    );
  },
);
