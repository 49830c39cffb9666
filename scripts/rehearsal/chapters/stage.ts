/**
 * Before the story: accounts started and bootstrapped, the platform as it is promoted through all of them, and GitHub
 * set up by the command people use for it.
 */
import { loadReviewers } from '../../../environments/load-reviewers.ts';
import type { Story } from '../story.ts';
import type { World } from '../world.ts';
import { ADMINISTRATOR, APPROVER, DEVELOPER, ON_CALL } from './people.ts';

export async function setTheStage(story: Story): Promise<void> {
  story.begin('Set-up');
  const { world } = story;
  fillGitHub(world);
  const task = story.reporter.task('Accounts, first release, GitHub');
  const began = new Date();
  // Both to their end: a start that goes on by itself would leave accounts that nobody stops.
  const settled = await Promise.allSettled([story.must('start', []), setUpGitHub(story)]);
  for (const each of settled) if (each.status === 'rejected') throw each.reason;
  await world.cloud.openGates();
  for (const { name } of world.environments) {
    world.timeline.add({
      kind: 'deploy',
      lane: name,
      title: 'first release',
      status: 'ok',
      at: began,
      until: new Date(),
    });
  }
  task.done(`${world.environments.length} environments validated`);
}

async function setUpGitHub(story: Story): Promise<void> {
  const { github } = story.world;
  const token = github.addToken({
    login: ADMINISTRATOR,
    permissions: {
      actions: 'write',
      administration: 'write',
      contents: 'write',
      environments: 'write',
      variables: 'write',
    },
  });
  const variables = { GITHUB_TOKEN: token, GITHUB_API_URL: github.endpoint };
  await story.must('github-setup', ['--repo', github.name], variables);
  story.note('GitHub set up', 'github', 'npm run github:setup');
}

/** The people and teams that environments/reviewers names. */
function fillGitHub({ github: { world }, environments }: World): void {
  for (const login of [DEVELOPER, APPROVER, ON_CALL, ADMINISTRATOR]) world.user(login);
  const reviewers = loadReviewers({ environments: environments.map(({ name }) => name) });
  const lists = [reviewers, ...reviewers.exceptions];
  place(
    world,
    lists.flatMap(({ approvers = [] }) => approvers),
    APPROVER,
  );
  place(
    world,
    lists.flatMap(({ onCall = [] }) => onCall),
    ON_CALL,
  );
}

function place(world: World['github']['world'], names: readonly string[], member: string): void {
  for (const name of new Set(names)) {
    const [owner = '', slug] = name.replace(/^@/, '').split('/');
    if (slug === undefined) world.user(owner);
    else world.teams.push({ slug, organization: owner, id: world.newId(), members: [member] });
  }
}
