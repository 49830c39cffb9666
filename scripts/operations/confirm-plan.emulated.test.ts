/** Approved equals deployed, with real ledger, lock and stacks: the promotion stops under the lock and touches nothing. */
import assert from 'node:assert/strict';
import { after, it } from 'node:test';
import type { Plan } from '../core/plan/plan.ts';
import { planOne, template } from '../testing/plan-samples.ts';
import { withPromotionBench } from '../testing/promotion-bench.ts';
import { confirmPlan } from './confirm-plan.ts';
import { promoteEnvironment } from './promote-environment.ts';

const bench = await withPromotionBench({ after });
const { site, deps } = bench;

const parameter = (Value: string) => template({ Value: { Type: 'AWS::SSM::Parameter', Properties: { Value } } });
/** What would change: from the value that is there now. */
const planTo = async (value: string): Promise<Plan> => planOne(parameter(await bench.value()), parameter(value)).plan;
const promote = async (value: string, approved?: Plan) =>
  promoteEnvironment(bench.input(await bench.release(value)), {
    ...deps,
    ...(approved && { confirm: () => confirmPlan('dev', [approved], () => planTo(value)) }),
  });

it('what was approved is deployed; what changed since is not', async () => {
  await promote('one');
  const approved = await planTo('three');
  assert.equal((await promote('two', await planTo('two'))).outcome, 'validated');
  assert.equal(await bench.value(), 'two');

  // Approved while `one` stood there.
  await assert.rejects(promote('three', approved), {
    code: 'PLAN_CHANGED',
    exitCode: 3,
    message: /`Value` `Value` two → three: approved was `Value` `Value` one → three/,
  });
  assert.equal(await bench.value(), 'two');
  const { current } = await site.ledger.read();
  assert.equal(current.state, 'validated');
  assert.deepEqual(await site.lock(), { held: false });
});
