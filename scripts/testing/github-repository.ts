/**
 * A repository on the fake GitHub that waits to be set up: its teams and people, a token of somebody who may, and what the
 * repository shall be.
 */
import type { EnvironmentConfig } from '../../environments/environment-config.ts';
import type { ReviewersConfig } from '../../environments/reviewers.ts';
import type { GitHub } from '../adapters/github/client.ts';
import type { WantedInput } from '../operations/set-up-repository.ts';
import { environmentsWith } from './environments-with.ts';
import { clientOf } from './fake-github/client.ts';
import { FakeGitHub, type PlacedToken, type Settings } from './fake-github/fake-github.ts';

export interface GitHubRepository {
  readonly fake: FakeGitHub;
  readonly token: string;
  readonly github: GitHub;
  readonly wanted: WantedInput;
  /** The client of a token that may less. */
  readonly as: (token: PlacedToken) => GitHub;
}

/** What set-up asks of its token. */
export const SETUP_PERMISSIONS = {
  actions: 'write',
  administration: 'write',
  contents: 'read',
  variables: 'write',
} as const;

const REVIEWERS: ReviewersConfig = {
  pullRequestApprovals: 1,
  approvers: ['@example/platform', '@Bob'],
  onCall: ['@example/on-call'],
  exceptions: [],
};

export interface RepositoryOptions extends Settings {
  readonly reviewers?: Partial<ReviewersConfig>;
  readonly environments?: readonly EnvironmentConfig[];
  /** Accounts by environment, as variables of the shell give them. */
  readonly accounts?: Readonly<Record<string, string>>;
}

export async function openRepository(options: RepositoryOptions = {}): Promise<GitHubRepository> {
  const { reviewers, environments = environmentsWith(), accounts = {}, ...settings } = options;
  const fake = await FakeGitHub.start(settings);
  const { world } = fake;
  world.user('bob');
  for (const slug of ['platform', 'on-call']) world.teams.push({ slug, id: world.newId(), organization: 'example' });
  const token = fake.addToken({ login: 'ann', permissions: SETUP_PERMISSIONS });
  return {
    fake,
    token,
    github: clientOf(fake, token),
    as: (placed) => clientOf(fake, fake.addToken({ login: 'ann', ...placed })),
    wanted: {
      environments,
      overridden: environments.map((each) => ({ ...each, account: accounts[each.name] ?? each.account })),
      reviewers: { ...REVIEWERS, ...reviewers },
      reviewersFile: 'environments/reviewers/github.json',
      usedActions: ['actions/checkout', 'aws-actions/configure-aws-credentials'],
      trusted: { name: fake.name, ids: undefined },
    },
  };
}
