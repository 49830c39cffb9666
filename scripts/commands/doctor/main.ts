/** Entry of `npm run doctor`. */
import { runCommand } from '../../adapters/cli/command.ts';
import { repositoryName } from '../../adapters/cli/option-values.ts';
import { openExaminations } from '../../operations/doctor/open-examinations.ts';
import { run } from './run.ts';

await runCommand(
  {
    name: 'doctor',
    summary:
      'Looks at a set-up from end to end, this machine, the configuration, the accounts and GitHub, and says what is missing ' +
      'and what to do. Changes nothing. Reads GITHUB_TOKEN, which needs administration, actions, contents and variables: read, and ' +
      'GITHUB_API_URL; without a token GitHub is unknown, and a repository that --repo names fails. Exit 0 is: nothing ' +
      'was found missing; what nobody could look at is counted as unknown.',
    whenEnvOmitted: 'all',
    configure: (command) =>
      command.option(
        '--repo <owner/name>',
        'the repository (default: GITHUB_REPOSITORY, or what cdk.json says)',
        repositoryName,
      ),
    examples: [
      { options: '--local', does: 'Whether `npm start` has all it needs, and has prepared its accounts.' },
      { options: '--env dev', does: 'The account of dev, with the credentials in use.' },
      { options: '--repo OWNER/NAME', does: 'Accounts as far as the credentials reach, and that repository.' },
    ],
  },
  async ({ options: { repo }, local, environmentNames, reporter, signal }) =>
    run({ reporter, ...openExaminations({ local, names: environmentNames, repository: repo, reporter, signal }) }),
);
