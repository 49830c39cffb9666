/**
 * Somebody who may push branches takes the question for reviewers out of deploy.yml and runs it from a branch of their
 * own: GitHub begins the job, and AWS does not know it.
 */
import type { Story } from '../story.ts';
import type { Chapter } from './chapter.ts';
import { DEVELOPER } from './people.ts';

const BRANCH = 'shortcut';
const GATE = `    environment:
      name: \${{ inputs.github-environment }}
      url: \${{ steps.endpoint.outputs.endpoint }}
`;
const EDITS = [{ file: '.github/workflows/deploy.yml', from: GATE, to: '' }];

export const intruder: Chapter = {
  id: 'intruder',
  title: 'A branch asks for the deploy role',
  edits: EDITS,
  play: async (story) => {
    const { git, timeline } = story.world;
    const before = await standingReleases(story);
    const commit = await git.branch(BRANCH, 'ci: no waiting', EDITS);
    const known = timeline.events.length;
    const run = await story.run({
      workflow: 'promote.yml',
      event: 'workflow_dispatch',
      ref: `refs/heads/${BRANCH}`,
      commit,
      actor: DEVELOPER,
      payload: { inputs: { retry: 'false', 'override-freeze': '' } },
    });
    story.expectRun(run, !run.succeeded, 'to be red');
    const decisions = timeline.events.slice(known).filter(({ kind }) => kind === 'decision');
    const refused = decisions.filter(({ status }) => status === 'refused');
    const evidence = (): string => decisions.map(({ title, detail }) => `${title}: ${detail}`).join('\n');
    story.expect(refused.length > 0, 'AWS to refuse the role', evidence);
    story.expect(refused.length === decisions.length, 'AWS to give no role at all', evidence);
    story.expectRun(
      run,
      run.annotations.some(({ text }) => /not authorized to perform sts:AssumeRoleWithWebIdentity/i.test(text)),
      'to say that the role was refused',
    );
    const after = await standingReleases(story);
    story.expect(after === before, 'every environment to be untouched', () => `${before}\n${after}`);
    await git.dropBranch(BRANCH);
  },
};

async function standingReleases(story: Story): Promise<string> {
  return JSON.stringify(
    [...(await story.standings()).values()].map(({ environment, release }) => [environment, release]),
  );
}
