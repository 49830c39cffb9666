/** Examines a repository on GitHub: whether it is set up as `github:setup` would, and what that can't do. Reads only. */
import type { EnvironmentConfig } from '../../../environments/environment-config.ts';
import { rollbackGitHubEnvironment } from '../../../environments/naming.ts';
import type { GitHub } from '../../adapters/github/client.ts';
import { type FailureKind, GitHubCallError } from '../../adapters/github/failure.ts';
import { resolveReviewers, UnknownReviewersError } from '../../adapters/github/repository-settings/reviewers.ts';
import type { Check } from '../../core/check.ts';
import { READING_TOKEN, settingChecks, unseen, withoutToken } from '../../core/github-settings/checks.ts';
import { prerequisites } from '../../core/github-settings/prerequisites.ts';
import { compareRepository, type WantedInput } from '../set-up-repository.ts';
import type { Examined } from './examined.ts';

export interface GitHubInput {
  /** `OWNER/NAME` */
  readonly repository: string;
  /** Whose GitHub environments are looked at. */
  readonly chosen: readonly EnvironmentConfig[];
  readonly wanted: WantedInput;
  readonly github: GitHub;
}

/** For a repository at which nobody looks, and why. */
export const unseenGitHub = (repository: string, reason: string): Examined => ({
  title: `GitHub ${repository}`,
  checks: [unseen(repository, reason)],
});

/** Nobody can look without a token. @param named by `--repo`: that nobody can look is then a failure of what was asked for */
export const examineWithoutToken = (repository: string, named: boolean): Examined =>
  named
    ? { title: `GitHub ${repository}`, checks: [withoutToken(repository)] }
    : unseenGitHub(repository, `GITHUB_TOKEN is not set: with one, npm run doctor -- --repo ${repository} looks`);

export async function examineGitHub({ repository, chosen, wanted, github }: GitHubInput): Promise<Examined> {
  const title = `GitHub ${repository}`;
  try {
    const comparison = await compareRepository(github, wanted);
    const { compared, current, desired } = comparison;
    const names = chosen.flatMap(({ name }) => [name, rollbackGitHubEnvironment(name)]);
    const shown = compared.filter(
      ({ subject }) => !subject.startsWith('environment ') || names.some((name) => subject === `environment ${name}`),
    );
    const accounts = Object.fromEntries(wanted.environments.map(({ name, account }) => [name, account]));
    return {
      title: `GitHub ${current.repository.name}`,
      checks: [
        ...prerequisites({ current, desired, trusted: wanted.trusted, accounts }),
        await reviewers(
          github,
          desired.environments.flatMap((each) => each.reviewers),
          wanted.reviewersFile,
        ),
        ...settingChecks(shown, current.repository.name),
      ],
    };
  } catch (error) {
    if (!(error instanceof GitHubCallError)) throw error;
    return { title, checks: [unreachable(repository, error)] };
  }
}

async function reviewers(github: GitHub, names: readonly string[], file: string): Promise<Check> {
  const all = [...new Set(names)];
  const base = { id: 'github.reviewers', subject: file, expected: all };
  try {
    await resolveReviewers(github, all, file);
    return { ...base, status: 'pass', actual: all, detail: '' };
  } catch (error) {
    if (!(error instanceof UnknownReviewersError)) throw error;
    return { ...base, status: 'fail', actual: 'some nobody knows', detail: error.message };
  }
}

/** What another token would mend. */
const OF_THE_TOKEN: readonly FailureKind[] = ['token-refused', 'forbidden', 'not-found'];

/** A wrong token or repository is something missing; a GitHub that does not answer is not. */
function unreachable(repository: string, error: GitHubCallError): Check {
  const unknown = error.kind === 'unavailable' || error.kind === 'rate-limited';
  return {
    id: 'github.reachable',
    subject: repository,
    status: unknown ? 'unknown' : 'fail',
    expected: 'a repository this token may look at',
    actual: null,
    detail: OF_THE_TOKEN.includes(error.kind) ? `${error.message}\nIt takes ${READING_TOKEN}.` : error.message,
  };
}
