/** One environment: every way a promotion goes, with real ledger, lock, store and stacks. */
import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, beforeEach, describe, it } from 'node:test';
import { DeleteParametersCommand, GetParametersByPathCommand } from '@aws-sdk/client-ssm';
import { describeStack } from '../adapters/cloudformation/describe-stacks.ts';
import { LockHeldError } from '../adapters/ledger/lock.ts';
import { isReleaseStored } from '../adapters/release-store/store.ts';
import { EXIT } from '../core/errors.ts';
import { currentRelease } from '../core/ledger/ledger.ts';
import { parameter } from '../testing/assembly.ts';
import { withPromotionBench } from '../testing/promotion-bench.ts';
import { promoteEnvironment } from './promote-environment.ts';

const bench = await withPromotionBench({ after });
const { site, deps } = bench;
const { ssm, cloudformation } = site.clients;
type OnDisk = Awaited<ReturnType<typeof bench.release>>;
const promote = (release: OnDisk, more: Parameters<typeof bench.input>[1] = {}) =>
  promoteEnvironment(bench.input(release, more), deps);
const current = async () => (await site.ledger.read()).current;
const stand = async () => [(await current()).state, currentRelease(await current())?.id];
const options = { retry: false, overrideFreeze: null, local: true, enforceFreeze: false };

/** As new; stacks stay, as they do where a ledger was lost. */
beforeEach(async () => {
  bench.verdicts.length = 0;
  bench.lines.length = 0;
  const { Parameters = [] } = await ssm.send(
    new GetParametersByPathCommand({ Path: '/trading-platform/dev', Recursive: true }),
  );
  const Names = Parameters.map(({ Name = '' }) => Name);
  if (Names.length > 0) await ssm.send(new DeleteParametersCommand({ Names }));
});

describe('a promotion that goes well', () => {
  it('deploys, validates, records and stores; again there is nothing to do', async () => {
    const one = await bench.release('one');
    const result = await promote(one);
    assert.deepEqual([result.outcome, result.exitCode], ['validated', EXIT.done]);
    assert.deepEqual(await stand(), ['validated', one.release.id]);
    assert.equal(await bench.value(), 'one');
    assert.ok(await isReleaseStored(site.store, one.release.id));
    assert.deepEqual(await site.lock(), { held: false });
    assert.equal((await current()).by, 'ada@laptop');

    const { sequence } = await current();
    assert.equal((await promote(one)).outcome, 'nothing-to-do');
    assert.equal((await current()).sequence, sequence);
  });

  it('touches nothing when a file is not what the release lists', async () => {
    const one = await bench.release('one');
    await promote(one);
    const two = await bench.release('two');
    await writeFile(join(two.folder, 'dev', 'trading-sqs-dev.template.json'), '{"Resources":{}}');
    await assert.rejects(promote(two), { code: 'RELEASE_MISMATCH' });
    assert.deepEqual(await stand(), ['validated', one.release.id]);
    assert.equal(await isReleaseStored(site.store, two.release.id), false);
  });
});

describe('guards', () => {
  it('a hold, a predecessor without it, a dirty release to production: told before anything is touched', async () => {
    const one = await bench.release('one');
    await site.ledger.recordHold({ type: 'held', at: new Date().toISOString(), by: 'grace', reason: 'incident' });
    const held = await promote(one);
    assert.deepEqual([held.code, held.exitCode], ['HELD', EXIT.guarded]);
    assert.match(held.message, /held by grace since .*: incident/);
    await site.ledger.recordHold({ type: 'resumed', at: new Date().toISOString(), by: 'grace', reason: 'over' });

    const empty = { name: 'before', readLedger: () => site.ledger.read() };
    const early = await promote(one, { predecessor: empty });
    assert.deepEqual([early.code, early.exitCode], ['PREDECESSOR', EXIT.failed]);

    const dirty = await bench.release('dirty', { dirty: true });
    const production = {
      ...site,
      target: { ...site.target, environment: { ...bench.environment, stage: 'production' } },
    };
    const refused = await promote(dirty, { site: production as typeof site, options: { ...options, local: false } });
    assert.deepEqual([refused.code, refused.exitCode], ['DIRTY', EXIT.usage]);
    assert.equal((await current()).state, 'empty');
  });

  it('a freeze stops with the time it ends; overridden, the reason is recorded', async () => {
    const one = await bench.release('frozen');
    const days = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'] as const;
    const windows = [
      { days: [...days], from: '00:00', to: '12:00' },
      { days: [...days], from: '11:00', to: '01:00' },
    ];
    const freeze = { timeZone: 'UTC', windows, holidays: ['2030-01-03'], halfDays: [] };
    const environment = { ...bench.environment, promotion: { ...bench.environment.promotion, freeze } };
    const frozen = { ...site, target: { ...site.target, environment } };
    const clock = { ...deps.clock, now: () => Date.parse('2030-01-02T15:00:00Z') };
    const attempt = (own: Partial<typeof options>, more = {}) =>
      promoteEnvironment(bench.input(one, { site: frozen, options: { ...options, ...own, ...more } }), {
        ...deps,
        clock,
      });
    const stopped = await attempt({ enforceFreeze: true });
    assert.deepEqual([stopped.code, stopped.exitCode], ['FROZEN', EXIT.guarded]);
    assert.match(stopped.message, /2030-01-03/);
    assert.equal((await current()).state, 'empty');

    const overridden = await attempt({ enforceFreeze: true }, { overrideFreeze: 'INC-42' });
    assert.equal(overridden.outcome, 'validated');
    const ledger = await current();
    assert.equal('freezeOverride' in ledger && ledger.freezeOverride, 'INC-42');
    assert.ok(bench.lines.some((line) => /is frozen .*; overridden: INC-42/.test(line)));
  });

  it('the lock of another: stops with holder and age, or waits and finds it done', async () => {
    const one = await bench.release('one');
    const lock = { by: 'grace', doing: 'promote', waitSeconds: 0, onExit: () => () => {} };
    await site.locked(lock, async () => {
      await assert.rejects(promote(one), (error) => {
        return error instanceof LockHeldError && /locked by grace \(promote\) for \d+ s/.test(error.message);
      });
    });
    const [first, second] = await Promise.all([promote(one, { waitSeconds: 60 }), promote(one, { waitSeconds: 60 })]);
    assert.deepEqual([first.outcome, second.outcome].sort(), ['nothing-to-do', 'validated']);
  });
});

describe('a release that fails', () => {
  it('with nothing to go back to: failed, and the stacks are left', async () => {
    bench.verdicts.push('fail');
    const one = await bench.release('lonely');
    const result = await promote(one);
    assert.deepEqual([result.outcome, result.exitCode], ['failed', EXIT.failed]);
    assert.match(result.message, /No release was ever validated there/);
    assert.deepEqual(await stand(), ['failed', one.release.id]);
    assert.equal(await bench.value(), 'lonely');
  });

  it('to validate: the last validated one is back; refused from then on, but for --retry', async () => {
    const one = await bench.release('one');
    const two = await bench.release('two');
    await promote(one);
    bench.verdicts.push('fail', 'pass');
    const result = await promote(two);
    assert.deepEqual([result.outcome, result.exitCode], ['rolled-back', EXIT.failed]);
    assert.deepEqual(await stand(), ['rolled-back', one.release.id]);
    assert.equal(await bench.value(), 'one');

    const again = await promote(two);
    assert.deepEqual([again.code, again.exitCode], ['REJECTED', EXIT.failed]);
    assert.equal((await promote(two, { options: { ...options, retry: true } })).outcome, 'validated');
    assert.equal(await bench.value(), 'two');
  });

  it('to deploy: what only it had goes, unless it may hold data', async () => {
    const one = await bench.release('one');
    await promote(one);
    const tags = { project: 'trading-platform', environment: 'dev' };
    const bad = await bench.release('bad', {
      stacks: {
        'trading-a-extra-dev': { tags, resources: { Extra: parameter('/bench/extra', 'x') } },
        'trading-b-queue-dev': { tags, resources: { Queue: { Type: 'AWS::SQS::Queue', Properties: {} } } },
        'trading-z-bad-dev': {
          resources: { Bad: { Type: 'AWS::Nothing::Thing', Properties: {} } },
          dependencies: ['trading-a-extra-dev', 'trading-b-queue-dev'],
        },
      },
    });
    const result = await promote(bad);
    assert.equal(result.outcome, 'rolled-back', result.message);
    assert.match(result.message, /it did not deploy: trading-z-bad-dev/);
    assert.equal(await bench.value(), 'one');
    const left = result.rollback?.leftovers.map(({ name, removed }) => [name, removed]);
    assert.deepEqual(left, [
      ['trading-a-extra-dev', true],
      ['trading-b-queue-dev', false],
    ]);
    assert.equal((await describeStack(cloudformation, 'trading-a-extra-dev')).state, 'ABSENT');
    assert.equal((await describeStack(cloudformation, 'trading-b-queue-dev')).state, 'CREATE_COMPLETE');
  });

  it('and whose rollback fails too: says so, and the next good release goes through', async () => {
    const one = await bench.release('one');
    await promote(one);
    bench.verdicts.push('fail', 'fail');
    const two = await bench.release('two');
    const result = await promote(two);
    assert.deepEqual([result.outcome, result.exitCode], ['rollback-failed', EXIT.failed]);
    assert.deepEqual(await stand(), ['rollback-failed', one.release.id]);
    const three = await bench.release('three');
    assert.equal((await promote(three)).outcome, 'validated');
  });
});

describe('a process that ends in the middle', () => {
  it('of a promotion: nobody holds the lock, and the next one takes it to its end', async () => {
    const one = await bench.release('one');
    const interrupt = new AbortController();
    bench.verdicts.push(async () => {
      interrupt.abort(new Error('interrupted'));
      return 'pass';
    });
    await assert.rejects(promote(one, { signal: interrupt.signal }), /interrupted/);
    assert.equal((await current()).state, 'validating');
    assert.deepEqual(await site.lock(), { held: false });
    assert.equal((await promote(one)).outcome, 'validated');
    assert.ok(bench.lines.some((line) => /was left validating by ada@laptop/.test(line)));
  });

  it('of a rollback: the next one finishes it, and the release stays rejected', async () => {
    const one = await bench.release('one');
    const two = await bench.release('two');
    await promote(one);
    const interrupt = new AbortController();
    bench.verdicts.push('fail', async () => {
      interrupt.abort(new Error('interrupted'));
      return 'pass';
    });
    await assert.rejects(promote(two, { signal: interrupt.signal }), /interrupted/);
    assert.equal((await current()).state, 'rolling-back');
    const finished = await promote(two);
    assert.deepEqual([finished.outcome, finished.exitCode], ['rolled-back', EXIT.failed]);
    assert.deepEqual(await stand(), ['rolled-back', one.release.id]);
    assert.equal((await promote(two)).code, 'REJECTED');
  });
});
