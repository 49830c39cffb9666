/**
 * How a repository shall be set up, from its environments, its reviewers and the actions its workflows use. Pure.
 */
import type { EnvironmentConfig } from '../../../environments/environment-config.ts';
import { accountVariable, rollbackGitHubEnvironment } from '../../../environments/naming.ts';
import { type ReviewersConfig, reviewersOf } from '../../../environments/reviewers.ts';
import { REQUIRED_CHECKS, repositoryVariables, type SWITCHES } from '../workflow/repository-settings.ts';
import type { DesiredSettings, EnvironmentSettings, RepositoryFacts } from './settings.ts';

/** Releases are made of it, and the roles trust what runs on it. */
export const RELEASE_BRANCH = 'main';

export interface DesiredInput {
  /** All of them, with their accounts as the files say. */
  readonly environments: readonly EnvironmentConfig[];
  /** The same with the accounts they really have: what differs becomes a variable of the repository. */
  readonly overridden: readonly EnvironmentConfig[];
  readonly reviewers: ReviewersConfig;
  /** `owner/name` of each action the workflows use. */
  readonly usedActions: readonly string[];
  readonly repository: Pick<RepositoryFacts, 'private' | 'hasReviewers'>;
  /** The id of GitHub Actions as an app, which alone may report the required checks. */
  readonly actionsApp: number | undefined;
}

export function desiredSettings(input: DesiredInput): DesiredSettings {
  const { environments, reviewers, usedActions, repository } = input;
  return {
    actions: { enabled: true, pinnedByCommit: true },
    // "patterns_allowed" is for public repositories: in a private one every action named there would be refused.
    selectedActions: repository.private
      ? undefined
      : { ofGitHub: false, ofVerifiedCreators: false, patterns: usedActions.map((action) => `${action}@*`).sort() },
    jobToken: { permissions: 'read', approvesPullRequests: false },
    ruleset: {
      branches: [`refs/heads/${RELEASE_BRANCH}`],
      approvals: reviewers.pullRequestApprovals,
      checks: REQUIRED_CHECKS.map((name) => ({ name, app: input.actionsApp })),
    },
    environments: environments.flatMap((environment) => environmentSettings(environment, reviewers)),
    variables: { ...overrides(input), ...switches(repository) },
    knownVariables: repositoryVariables(environments),
  };
}

/** The one promotions and destructions go through, and the one for rollbacks. */
function environmentSettings(environment: EnvironmentConfig, config: ReviewersConfig): EnvironmentSettings[] {
  const { approvers, onCall } = reviewersOf(environment, config);
  const shared = { adminsBypass: false, branches: [RELEASE_BRANCH] };
  return [
    {
      name: environment.name,
      reviewers: lower(approvers),
      // What there are no reviewers for can't be switched off.
      selfReview: approvers.length === 0,
      ...shared,
    },
    // One person on call at night must be enough.
    { name: rollbackGitHubEnvironment(environment.name), reviewers: lower(onCall), selfReview: true, ...shared },
  ];
}

const lower = (names: readonly string[]): readonly string[] => names.map((name) => name.toLowerCase()).sort();

function overrides({ environments, overridden }: DesiredInput): Record<string, string> {
  const changed = overridden.filter(({ name, account }) =>
    environments.some((environment) => environment.name === name && environment.account !== account),
  );
  return Object.fromEntries(changed.map(({ name, account }) => [accountVariable(name), account]));
}

/** Every switch, so that it is there to be seen: as the plan can have it, and where nobody knows, off: a run must not fail. */
const switches = ({
  private: hidden,
  hasReviewers,
}: DesiredInput['repository']): Record<keyof typeof SWITCHES, string> => ({
  // Attestations of private repositories need Enterprise, as reviewers do.
  ATTEST_RELEASES: String(!hidden || hasReviewers === true),
});
