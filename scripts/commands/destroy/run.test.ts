/** `destroy`: confirmed twice, recorded from its beginning, under the lock; refused, the ledger stays as it was. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { loadEnvironments } from '../../../environments/load.ts';
import type { Lock } from '../../adapters/ledger/held-lock.ts';
import { PlainReporter } from '../../adapters/reporter/plain.ts';
import type { Target } from '../../adapters/target.ts';
import { EXIT, UsageError } from '../../core/errors.ts';
import type { HoldEvent } from '../../core/ledger/event.ts';
import { EMPTY_LEDGER, type Hold } from '../../core/ledger/ledger.ts';
import type { DestroyedEnvironment } from '../../operations/destroy-environment.ts';
import type { Site } from '../../operations/site.ts';
import { type Dependencies, type DestroyInput, run } from './run.ts';

const environments = loadEnvironments({ variables: {} });
const only = (name: string) => environments.filter((environment) => environment.name === name);
const gone: DestroyedEnvironment = { environment: 'dev', ok: true, stacks: [], backups: [], remaining: [] };

function world(ending: DestroyedEnvironment | Error = gone, held: Hold | null = null) {
  const calls: string[] = [];
  const withHold = (hold: Hold | null) => ({ ...EMPTY_LEDGER, hold: { ...EMPTY_LEDGER.hold, hold } });
  const siteOf = (target: Target) =>
    ({
      target,
      ledger: {
        record: async (_lock: Lock, { type }: { type: string }) => {
          calls.push(type);
          return EMPTY_LEDGER;
        },
        read: async () => withHold(held),
        recordHold: async ({ by, at, reason }: HoldEvent) => {
          calls.push(`held, ${reason}`);
          return withHold({ by, since: at, reason });
        },
      },
      locked: async (_request: unknown, work: (lock: Pick<Lock, 'signal' | 'takenOver'>) => Promise<unknown>) => {
        calls.push('lock');
        return await work({ signal: new AbortController().signal, takenOver: null });
      },
    }) as unknown as Site;
  const deps: Dependencies = {
    resolveTargets: async (chosen) =>
      chosen.map((environment): Target => ({ environment, account: '1', region: 'r', unanswerable: [] })),
    openSite: async (target) => siteOf(target),
    destroyEnvironment: async ({ onBegin }) => {
      if (ending instanceof Error) throw ending;
      await onBegin?.();
      calls.push('destroy');
      return ending;
    },
    onExit: () => () => {},
    clock: { now: () => 0 },
    reporter: new PlainReporter({ write: () => true }, () => 0),
  };
  const start = (more: Partial<DestroyInput> = {}) =>
    run(
      {
        environments: only('dev'),
        confirm: 'dev',
        yesProduction: false,
        reason: 'test',
        by: 'ada',
        waitSeconds: 0,
        signal: new AbortController().signal,
        ...more,
      },
      deps,
    );
  return { calls, start };
}

describe('destroy', () => {
  it('records its beginning before anything is touched, and its end', async () => {
    const { calls, start } = world();
    const { exitCode, text } = await start();
    assert.deepEqual(
      [exitCode, calls],
      [EXIT.done, ['lock', 'destroy-started', 'destroy', 'held, destroyed: test', 'destroyed']],
    );
    assert.match(text, /dev is destroyed; its release store, with ledger and history, remains/);
  });

  it('holds what is gone, and says what would deploy it again and what keeps it away for good', async () => {
    const { document, text } = await world().start();
    assert.deepEqual(document['hold'], { by: 'ada', since: '1970-01-01T00:00:00.000Z', reason: 'destroyed: test' });
    assert.match(text, /dev is held by ada: destroyed: test\..*npm run resume -- --env dev.*deploys it again/);
    assert.match(text, /For good: remove environments\/dev\.json/);
  });

  it('leaves a hold that stands as it is', async () => {
    const hold = { by: 'grace', since: '2026-01-01T00:00:00.000Z', reason: 'incident' };
    const { calls, start } = world(gone, hold);
    const { document, text } = await start();
    assert.deepEqual(calls, ['lock', 'destroy-started', 'destroy', 'destroyed']);
    assert.deepEqual(document['hold'], hold);
    assert.match(text, /dev is held by grace: incident\./);
  });

  it('refused by a full bucket, the ledger stays as it was', async () => {
    const { calls, start } = world(new Error('the bucket holds 1 object'));
    await assert.rejects(start(), /the bucket holds/);
    assert.deepEqual(calls, ['lock']);
  });

  it('that left something is not recorded as destroyed, ends 1 and names it', async () => {
    const { calls, start } = world({
      ...gone,
      ok: false,
      remaining: ['trading-vpc-dev'],
      stacks: [
        { stackName: 'trading-api-dev', before: 'CREATE_COMPLETE', after: 'ABSENT', reason: '', kept: [] },
        { stackName: 'trading-vpc-dev', before: 'CREATE_COMPLETE', after: 'DELETE_FAILED', reason: 'in use', kept: [] },
      ],
    });
    const { exitCode, text, cause, document } = await start();
    assert.deepEqual([exitCode, document['hold']], [EXIT.failed, null]);
    assert.deepEqual(calls, ['lock', 'destroy-started', 'destroy']);
    assert.match(text, /Left: trading-vpc-dev/);
    assert.deepEqual(cause, {
      code: 'NOT_DESTROYED',
      message:
        'dev is not destroyed. Left: trading-vpc-dev. Mend the reason, then run destroy again.\n' +
        '  trading-vpc-dev, DELETE_FAILED: in use',
    });
  });

  it('takes the name again, a second yes for production, and one environment', async () => {
    const { calls, start } = world();
    await assert.rejects(start({ confirm: undefined }), UsageError);
    await assert.rejects(start({ confirm: 'prod' }), UsageError);
    await assert.rejects(start({ environments: only('prod'), confirm: 'prod' }), /--yes-production/);
    await assert.rejects(start({ environments }), UsageError);
    assert.deepEqual(calls, []);
  });
});
