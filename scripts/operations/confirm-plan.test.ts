import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import type { Plan } from '../core/plan/plan.ts';
import { renderJson } from '../core/plan/render/json.ts';
import { planOne, template } from '../testing/plan-samples.ts';
import { confirmPlan, readApprovedPlans } from './confirm-plan.ts';

const folder = mkdtempSync(join(tmpdir(), 'gitops-approved-'));
after(() => rmSync(folder, { recursive: true }));

const memory = (MemorySize: number) =>
  template({
    Function: { Type: 'AWS::Lambda::Function', Properties: { MemorySize, FunctionName: 'order-intake-dev' } },
  });
const planTo = (megabytes: number): Plan => planOne(memory(512), memory(megabytes)).plan;

/** As `diff --save` writes it and another job reads it. */
async function approved(plan: Plan): Promise<readonly Plan[]> {
  const file = join(folder, 'plan.json');
  writeFileSync(file, renderJson([plan], []));
  return await readApprovedPlans(file);
}

describe('the plan that was approved', () => {
  it('lets the same plan through, made again', async () => {
    const plans = await approved(planTo(1024));
    await confirmPlan(planTo(1024).environment, plans, async () => planTo(1024));
  });

  it('stops another one, says what differs, and ends 3', async () => {
    const plans = await approved(planTo(1024));
    await assert.rejects(
      confirmPlan(planTo(1024).environment, plans, async () => planTo(2048)),
      {
        code: 'PLAN_CHANGED',
        exitCode: 3,
        message: /`Function` `MemorySize` 512 → 2048: approved was `Function` `MemorySize` 512 → 1024/,
      },
    );
  });

  it('of another release stops it too', async () => {
    const plan = planTo(1024);
    const other: Plan = { ...plan, release: { ...plan.release, digest: 'e'.repeat(64) } };
    await assert.rejects(
      confirmPlan(plan.environment, await approved(plan), async () => other),
      /Another release/,
    );
  });

  it('must be there for the environment', async () => {
    await assert.rejects(
      confirmPlan('prod', await approved(planTo(1024)), async () => assert.fail('no plan is made for nothing')),
      { code: 'PLAN_CHANGED' },
    );
  });

  it('that can not be read is a wrong use, told before anything begins', async () => {
    await assert.rejects(readApprovedPlans(join(folder, 'none.json')), { code: 'USAGE', exitCode: 2 });
    writeFileSync(join(folder, 'broken.json'), '{}');
    await assert.rejects(readApprovedPlans(join(folder, 'broken.json')), { code: 'PLAN_UNREADABLE' });
  });
});
