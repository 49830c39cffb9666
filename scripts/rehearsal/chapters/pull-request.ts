/** A pull request changes the memory: checked, planned for each environment with the read role, and told in one comment. */
import { JOB_BOT } from '../../testing/fake-github/fake-github.ts';
import type { FinishedRun } from '../run-types.ts';
import type { Story } from '../story.ts';
import { MEMORY_EDITS, type OpenPull, openMemoryPull } from './change-memory.ts';
import type { Chapter } from './chapter.ts';
import { DEVELOPER } from './people.ts';

const LABEL = 'enhancement';

/** What later chapters merge. */
const opened = new WeakMap<Story, OpenPull>();

/** The pull request of this story: the one a chapter before opened, or one of its own. */
export async function memoryPull(story: Story): Promise<OpenPull> {
  const known = opened.get(story) ?? (await openMemoryPull(story));
  opened.set(story, known);
  return known;
}

/** Stories in which its plans were made, for reviewers to see again. */
const planned = new WeakSet<Story>();
export const wasPlanned = (story: Story): boolean => planned.has(story);

/** The run that opening it begins. @param repository where its branch is: a fork's, or ours */
export async function planPull(story: Story, pull: OpenPull, repository: string): Promise<FinishedRun> {
  const { github, git } = story.world;
  return await story.run({
    workflow: 'pull-request.yml',
    event: 'pull_request',
    ref: `refs/pull/${pull.number}/merge`,
    commit: await git.mergeRef(pull.branch, pull.number),
    head: { ref: pull.branch, commit: pull.head, repository },
    actor: DEVELOPER,
    payload: {
      action: 'opened',
      number: pull.number,
      pull_request: {
        number: pull.number,
        title: pull.title,
        head: { ref: pull.branch, sha: pull.head, repo: { full_name: repository } },
        base: { ref: 'main', sha: pull.base, repo: { full_name: github.name } },
        // Of an empty list act makes null, where GitHub makes an empty list.
        labels: [{ name: LABEL }],
      },
    },
  });
}

export const pullRequest: Chapter = {
  id: 'pull-request',
  title: 'A pull request changes the memory',
  edits: MEMORY_EDITS,
  play: async (story) => {
    const { github, environments } = story.world;
    const pull = await memoryPull(story);
    const run = await planPull(story, pull, github.name);
    story.expectRun(run, run.succeeded, 'to succeed');
    planned.add(story);
    const comments = github.comments(pull.number);
    story.expect(comments.length === 1, 'one comment on the pull request', () => `There are ${comments.length}.`);
    const [comment] = comments;
    const body = comment?.body ?? '';
    story.expect(comment?.author.login === JOB_BOT, 'the comment to be the bot’s');
    for (const { name } of environments) {
      story.expect(body.includes(name), `the comment to tell of ${name}`, () => body);
    }
    story.expect(/memory/i.test(body), 'the comment to tell of the memory', () => body);
    story.world.timeline.add({
      kind: 'comment',
      lane: 'github',
      title: `comment on #${pull.number}`,
      detail: 'one, for all environments',
      status: 'ok',
    });
  },
};
