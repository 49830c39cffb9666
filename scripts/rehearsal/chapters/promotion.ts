/** The pull request is merged: dev, staging, then prod, once somebody who did not begin it has let it in. */
import type { FinishedRun, WantedReview } from '../run-types.ts';
import type { Story } from '../story.ts';
import { MEMORY_EDITS, mergePull, type OpenPull } from './change-memory.ts';
import type { Chapter } from './chapter.ts';
import { APPROVER, DEVELOPER } from './people.ts';
import { memoryPull, wasPlanned } from './pull-request.ts';
import { review } from './review.ts';

/** The run that a merge begins. */
export async function promoteMerged(
  story: Story,
  pull: OpenPull,
  reviewed: (wanted: WantedReview) => Promise<void>,
): Promise<{ readonly run: FinishedRun; readonly commit: string }> {
  const commit = await mergePull(story, pull);
  const run = await story.run({
    workflow: 'promote.yml',
    event: 'push',
    ref: 'refs/heads/main',
    commit,
    actor: DEVELOPER,
    review: reviewed,
  });
  return { run, commit };
}

/** Stories in which the memory has been merged and promoted. */
const promoted = new WeakSet<Story>();

/** Merges and promotes without playing it, where a chapter needs a second release and none was made. */
export async function ensureSecondRelease(story: Story): Promise<void> {
  if (promoted.has(story)) return;
  await mergePull(story, await memoryPull(story));
  await story.must('promote', []);
  story.note('a second release promoted', 'github', 'npm run promote -- --local');
  promoted.add(story);
}

export const promotion: Chapter = {
  id: 'promotion',
  title: 'Merged: dev, staging, approval, prod',
  edits: MEMORY_EDITS,
  play: async (story) => {
    const { environments, github } = story.world;
    const asked: string[] = [];
    const { run, commit } = await promoteMerged(story, await memoryPull(story), async (wanted) => {
      asked.push(wanted.environment);
      const shown = wanted.summaries.filter(({ job }) => job.endsWith(`${wanted.environment} / Plan`));
      const markdown = shown.map((summary) => summary.markdown).join('\n');
      story.expect(/memory/i.test(markdown), 'the reviewer to see what would change', () => markdown);
      const compared = !wasPlanned(story) || markdown.includes('Equal to what was reviewed');
      story.expect(compared, 'the reviewer to see that it is what was reviewed', () => markdown);
      // Who began it may not let it in.
      const refused = await review(story, wanted, DEVELOPER, 'my own');
      story.expect(!refused, `${DEVELOPER} not to approve their own release`);
      story.expect(await review(story, wanted, APPROVER, 'as reviewed'), `${APPROVER} to approve`);
    });
    story.expectRun(run, run.succeeded, 'to succeed');
    promoted.add(story);
    story.expect(asked.join() === 'prod', 'a review for prod and for nothing else', () => asked.join());
    const standings = await story.standings();
    for (const { name } of environments) {
      const standing = standings.get(name);
      const there = standing?.state === 'validated' && standing.release?.commit === commit;
      story.expect(there, `${name} to be validated with the merged commit`, () => JSON.stringify(standing));
      const status = github.repository.deployments.findLast((each) => each.environment === name)?.statuses.at(-1);
      const shown = status?.state === 'success' && status.environmentUrl.startsWith('http');
      story.expect(shown, `GitHub to show the deployment of ${name} with its URL`, () => JSON.stringify(status));
    }
  },
};
