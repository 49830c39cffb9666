/** At night: somebody on call brings prod back to the release before, by one dispatch, and nothing undoes it. */
import { MEMORY_EDITS } from './change-memory.ts';
import type { Chapter } from './chapter.ts';
import { ON_CALL } from './people.ts';
import { ensureSecondRelease } from './promotion.ts';
import { review } from './review.ts';

const REASON = 'orders are stuck';

export const rollback: Chapter = {
  id: 'rollback',
  title: 'Rolled back by hand',
  edits: MEMORY_EDITS,
  play: async (story) => {
    await ensureSecondRelease(story);
    const before = await story.standing('prod');
    const run = await story.run({
      workflow: 'rollback.yml',
      event: 'workflow_dispatch',
      ref: 'refs/heads/main',
      commit: await story.world.git.main(),
      actor: ON_CALL,
      payload: { inputs: { environment: 'prod', reason: REASON, release: '', hold: 'true' } },
      // On call, alone: may approve what they began.
      review: async (wanted) =>
        story.expect(await review(story, wanted, ON_CALL, REASON), `${ON_CALL} to approve their own rollback`),
    });
    story.expectRun(run, run.succeeded, 'to succeed');
    const after = await story.standing('prod');
    const evidence = (): string => JSON.stringify({ before: before.release, after });
    story.expect(
      after.release !== null && after.release.id !== before.release?.id,
      'prod to run another release',
      evidence,
    );
    story.expect(after.state === 'validated' || after.state === 'rolled-back', 'prod to be validated again', evidence);
    story.expect(after.hold?.reason.includes(REASON) === true, 'prod to be held, with the reason', evidence);
    story.world.timeline.add({
      kind: 'rollback',
      lane: 'prod',
      title: 'earlier release, held',
      detail: REASON,
      status: 'ok',
    });
  },
};
