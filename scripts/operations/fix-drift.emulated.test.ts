/** `drift --fix` when looking again fails: the deployment took place, and the history says so. */
import assert from 'node:assert/strict';
import { after, it } from 'node:test';
import type { DriftReport } from '../core/drift/report.ts';
import { renderHistory } from '../core/promotion/render-status.ts';
import { SILENT_REPORTER } from '../testing/deployed-environment.ts';
import { assemble, live, native } from '../testing/drift-samples.ts';
import { withPromotionBench } from '../testing/promotion-bench.ts';
import { type FixDriftDependencies, fixDrift, NotLookedAgainError } from './fix-drift.ts';
import { promoteEnvironment } from './promote-environment.ts';

const { site, ...bench } = await withPromotionBench({ after });
await promoteEnvironment(bench.input(await bench.release('one')), bench.deps);

const blind = async (): Promise<DriftReport> => {
  throw new Error('Rate exceeded');
};

const fix = (openSite: FixDriftDependencies['openSite']) =>
  fixDrift(
    {
      target: site.target,
      before: assemble([native('pass'), live('fail')]),
      look: blind,
      by: 'ada',
      waitSeconds: 0,
      reporter: SILENT_REPORTER,
      signal: new AbortController().signal,
    },
    { ...bench.deps, openSite },
  );

it('is recorded as not known, and thrown with what was deployed', async () => {
  const before = await site.history.list();
  await assert.rejects(
    fix(async () => site),
    (error) => {
      assert.ok(error instanceof NotLookedAgainError);
      assert.deepEqual(
        error.stacks.map(({ stack }) => stack),
        ['trading-sqs-dev'],
      );
      assert.equal(
        error.message,
        'dev was deployed again, and looking again failed: Error: Rate exceeded. When that is put right: npm run drift -- --env dev --local',
      );
      return true;
    },
  );
  const history = await site.history.list();
  assert.equal(history.length, before.length + 1);
  const event = history.at(-1)?.event;
  assert.ok(event?.type === 'drift-mended');
  assert.deepEqual(
    [event.by, event.before, event.after],
    ['ada', ['/MemorySize of order-processing-prod'], ['not known: Error: Rate exceeded']],
  );
  const applied = history.map((record) => ({ ...record, applied: true }));
  const { text } = renderHistory('dev', applied);
  assert.match(text, /drift-mended .*not known how many of 1: \/MemorySize of order-processing-prod/);
  assert.deepEqual(await site.lock(), { held: false });
});

it('says both when the history can’t be told either', async () => {
  const deaf = { ...site, ledger: { ...site.ledger, record: () => Promise.reject(new Error('no bucket')) } };
  await assert.rejects(
    fix(async () => deaf),
    /looking again failed: Error: Rate exceeded\. The history does not have it: Error: no bucket\. /,
  );
});
