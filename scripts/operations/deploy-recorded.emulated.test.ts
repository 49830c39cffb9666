/** A bare deployment: recorded as not validated, and stopped by what stops promotions. */
import assert from 'node:assert/strict';
import { after, describe, it } from 'node:test';
import { EXIT } from '../core/errors.ts';
import { currentRelease } from '../core/ledger/ledger.ts';
import { withPromotionBench } from '../testing/promotion-bench.ts';
import { deployRecorded } from './deploy-recorded.ts';
import { promoteEnvironment } from './promote-environment.ts';

const bench = await withPromotionBench({ after });
const { site, deps } = bench;
type OnDisk = Awaited<ReturnType<typeof bench.release>>;
const deploy = (release: OnDisk, retry = false) => {
  const input = bench.input(release);
  const rules = { options: { ...input.options, retry }, target: site.target, warn: assert.fail };
  return deployRecorded({ ...input, ...rules }, { ...deps, reporter: input.reporter });
};
const promote = (release: OnDisk) => promoteEnvironment(bench.input(release), deps);
const current = async () => (await site.ledger.read()).current;

describe('a bare deployment', () => {
  it('ends in deployed, which a promotion of the same release validates', async () => {
    const one = await bench.release('one');
    assert.equal((await deploy(one)).ok, true);
    assert.equal((await current()).state, 'deployed');
    assert.equal((await promote(one)).outcome, 'validated');
    assert.deepEqual(await site.lock(), { held: false });
  });

  it('over a validated release: the ledger no longer says that one stands there', async () => {
    const two = await bench.release('two');
    await deploy(two);
    assert.deepEqual([(await current()).state, currentRelease(await current())?.id], ['deployed', two.release.id]);
    assert.equal(await bench.value(), 'two');
  });

  it('that fails is recorded as failed, and nothing is rolled back', async () => {
    const bad = { resources: { Bad: { Type: 'AWS::Nothing::Thing', Properties: {} } } };
    const { ok } = await deploy(await bench.release('three', { stacks: { 'trading-z-dev': bad } }));
    assert.equal(ok, false);
    assert.equal((await current()).state, 'failed');
    assert.equal(await bench.value(), 'three');
  });

  it('is stopped by a hold, and by the rejection of the release', async () => {
    const four = await bench.release('four');
    bench.verdicts.push('fail', 'pass');
    assert.equal((await promote(four)).outcome, 'rolled-back');
    await assert.rejects(deploy(four), { code: 'DEPLOY_REJECTED', exitCode: EXIT.failed });
    assert.equal((await deploy(four, true)).ok, true);
    await site.ledger.recordHold({ type: 'held', at: new Date().toISOString(), by: 'grace', reason: 'incident' });
    const five = await bench.release('five');
    await assert.rejects(deploy(five), { code: 'DEPLOY_HELD', exitCode: EXIT.guarded });
    assert.equal(await bench.value(), 'four');
  });
});
