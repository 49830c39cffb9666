/** A stranger's pull request: checked and planned against nothing, without a token for AWS and without a comment. */
import type { Story } from '../story.ts';
import { openPull } from './change-memory.ts';
import type { Chapter } from './chapter.ts';
import { planPull } from './pull-request.ts';

const FORK = 'stranger/trading-platform-gitops';
const BRANCH = 'typo';
const EDITS = [{ file: 'README.md', from: '## Try it', to: '## Try it out' }];

export const fork: Chapter = {
  id: 'fork',
  title: 'A pull request of a fork',
  edits: EDITS,
  play: async (story) => {
    const { github, git, timeline } = story.world;
    const pull = await openPull(story, {
      branch: BRANCH,
      title: 'docs: a word',
      edits: EDITS,
      fork: { headRepository: FORK },
    });
    const known = timeline.events.length;
    const run = await planPull(story, pull, FORK);
    story.expectRun(run, run.succeeded, 'to succeed');
    const jobs = run.jobs.map(({ title }) => title);
    story.expectRun(run, jobs.includes('Plan of a fork, against nothing'), 'to plan against nothing');
    story.expectRun(
      run,
      !jobs.some((title) => /^(Diff|Comment)/.test(title)),
      'to leave out what needs a role or writes',
    );
    const asked = timeline.events.slice(known).filter(({ kind }) => kind === 'decision');
    story.expect(asked.length === 0, 'nobody to ask AWS for a role', () => told(asked));
    story.expect(github.comments(pull.number).length === 0, 'no comment');
    await git.dropBranch(BRANCH);
  },
};

const told = (events: Story['world']['timeline']['events']): string => events.map(({ title }) => title).join('\n');
