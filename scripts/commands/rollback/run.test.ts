/** `rollback`: one environment, told before what will change, and what the end says. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { loadEnvironments } from '../../../environments/load.ts';
import { PlainReporter } from '../../adapters/reporter/plain.ts';
import type { Target } from '../../adapters/target.ts';
import { EXIT, UsageError } from '../../core/errors.ts';
import type { RollbackEnvironmentInput, RollbackResult } from '../../operations/rollback-environment.ts';
import type { Site } from '../../operations/site.ts';
import { release } from '../../testing/ledger-samples.ts';
import { type Dependencies, run } from './run.ts';

const environments = loadEnvironments({ variables: {} });
const dev = environments.filter(({ name }) => name === 'dev');

function world(result: Partial<RollbackResult> | Error = {}) {
  const seen: RollbackEnvironmentInput[] = [];
  const lines: string[] = [];
  const deps: Dependencies = {
    resolveTargets: async (chosen) =>
      chosen.map((environment): Target => ({ environment, account: '1', region: 'r', unanswerable: [] })),
    openSite: async (target) => ({ target }) as unknown as Site,
    rollbackEnvironment: async (input) => {
      seen.push(input);
      input.onPlanned({ from: release(2), to: release(1), plan: null });
      if (result instanceof Error) throw result;
      const nothing = { failure: null, stacks: [], validation: null, leftovers: [], hold: null, plan: null };
      return { ok: true, from: release(2), target: release(1), ...nothing, ...result };
    },
    reporter: new PlainReporter({ write: (text) => lines.push(text) }, () => 0),
  };
  const start = (chosen = dev) =>
    run(
      {
        environments: chosen,
        requested: null,
        reason: 'stuck',
        hold: true,
        recreateFailed: false,
        by: 'ada',
        waitSeconds: 0,
        signal: new AbortController().signal,
      },
      deps,
    );
  return { seen, lines, start };
}

describe('rollback', () => {
  it('says from where to where before it begins, and who holds the environment after it', async () => {
    const { lines, start, seen } = world({ hold: { by: 'ada', since: '2026-11-23T12:00:00.000Z', reason: 'stuck' } });
    const { exitCode, text, document } = await start();
    assert.equal(exitCode, EXIT.done);
    assert.match(lines.join(''), /dev goes from .* back to .*\./);
    assert.match(text, /dev is back on .*, validated/);
    assert.match(text, /held by ada: stuck\. .*npm run resume -- --env dev --reason/);
    assert.equal(seen[0]?.reason, 'stuck');
    assert.equal((document['to'] as { id: string }).id, release(1).id);
  });

  it('that failed ends 1 and gives every reason', async () => {
    const { exitCode, text, cause } = await world({
      ok: false,
      failure: { reason: 'no', details: ['no', 'a', 'b'] },
    }).start();
    assert.equal(exitCode, EXIT.failed);
    assert.match(text, /The rollback of dev to .* failed: no\nno\na\nb/);
    assert.equal(cause?.code, 'ROLLBACK_FAILED');
    assert.match(
      cause.message,
      /^The rollback of dev to .* failed: no\n {2}a\n {2}b\nMend that, then again: npm run rollback -- --env dev --reason "…"$/,
    );
  });

  it('names what it left and what it removed, and says that nothing holds it', async () => {
    const leftovers = [
      { name: 'one', remove: true, removed: true, reason: 'no data' },
      { name: 'two', remove: false, removed: false, reason: 'a bucket' },
    ];
    const { text } = await world({ leftovers }).start();
    assert.match(text, /one was removed: no data\ntwo was left: a bucket\ndev is not held/);
  });

  it('takes one environment, and passes on what stops it', async () => {
    await assert.rejects(world().start(environments), UsageError);
    const { lines, start } = world(new Error('locked by grace'));
    await assert.rejects(start(), /locked by grace/);
    assert.match(lines.join(''), /✗ rolling back dev: stopped/);
  });
});
