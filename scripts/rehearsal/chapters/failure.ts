/** A second pull request breaks the processing: dev is rolled back, the run is red, and prod never hears of it. */
import type { Story } from '../story.ts';
import { openPull } from './change-memory.ts';
import type { Chapter } from './chapter.ts';
import { promoteMerged } from './promotion.ts';

/** Compiles, passes review by a tired eye, and takes no message that intake sends. */
const CHANGE = {
  branch: 'priorities',
  title: 'feat(order-processing): orders have a priority',
  edits: [
    {
      file: 'lambdas/order-processing/parse-message.ts',
      from: 'z.object({ orderId: idSchema })',
      to: 'z.object({ orderId: idSchema, priority: z.int() })',
    },
  ],
};

export const failure: Chapter = {
  id: 'failure',
  title: 'A merge breaks the processing',
  edits: CHANGE.edits,
  play: async (story) => {
    const before = await story.standings();
    const pull = await openPull(story, CHANGE);
    const { run, commit } = await promoteMerged(story, pull, async ({ environment }) => {
      story.expect(false, `nobody to be asked for ${environment}`);
    });
    story.expectRun(run, !run.succeeded, 'to be red');
    const failed = run.jobs.filter(({ result }) => result === 'failure').map(({ title }) => title);
    story.expectRun(run, failed.length === 1 && failed[0]?.includes('dev') === true, 'to fail in dev alone');
    const told = run.annotations.filter(({ level }) => level === 'error');
    const cause = told.some(({ text }) => text.includes('synthetic.processed') && text.includes('dev is back on'));
    story.expectRun(run, cause, 'to leave an annotation with the cause, and where dev is now');
    story.expectRun(
      run,
      !told.some(({ text }) => /^\s+at .+:\d+:\d+/m.test(text)),
      'to annotate without a stack trace',
    );

    const after = await story.standings();
    const dev = after.get('dev');
    story.expect(dev?.state === 'rolled-back', 'dev to be rolled back', () => JSON.stringify(dev));
    story.expect(
      dev?.release?.id === before.get('dev')?.release?.id && dev?.release?.commit !== commit,
      'dev to run what it ran before',
      () => JSON.stringify(dev),
    );
    markRolledBack(story);
    for (const name of ['staging', 'prod']) {
      const untouched = JSON.stringify(after.get(name)?.release) === JSON.stringify(before.get(name)?.release);
      story.expect(untouched, `${name} to be untouched`, () => JSON.stringify(after.get(name)));
    }
  },
};

function markRolledBack({ world: { timeline } }: Story): void {
  timeline.add({ kind: 'rollback', lane: 'dev', title: 'dev rolled back by itself', status: 'failed' });
}
