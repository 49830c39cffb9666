/** What a killed plan left behind goes; what is somebody else's, or of a plan at work, stays. */
import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { FakeCloudFormation } from '../../testing/fake-cloudformation/fake-cloudformation.ts';
import { removeLeftoverChangeSets } from './leftover-change-sets.ts';

const STACK = 'trading-vpc-dev';
const MINUTE = 60_000;

let fake: FakeCloudFormation;
beforeEach(async () => {
  fake = await FakeCloudFormation.start({ pageSize: 2 });
});
afterEach(() => fake.close());

function place(...changeSets: readonly string[]): number {
  fake.addStack({ name: STACK, status: 'UPDATE_COMPLETE', changeSets, polls: 'until-told' });
  return fake.stack(STACK).changeSets.at(-1)?.creationTime.getTime() ?? 0;
}
const left = (): string[] => fake.stack(STACK).changeSets.map(({ name }) => name);
const warnings: string[] = [];
const tidy = (now: number) =>
  removeLeftoverChangeSets(fake.client(1), { stack: STACK, now, warn: (text) => warnings.push(text) });

describe('left-over change sets', () => {
  it('of plans go, over all pages; those of others stay', async () => {
    const others = ['cdk-deploy-change-set', 'gitops-4f2a', 'somebody-elses', 'x-gitops-diff-1'];
    const made = place('gitops-diff-1', ...others, 'gitops-diff-2', 'gitops-diff-3');
    const removed = await tidy(made + 31 * MINUTE);
    assert.deepEqual(removed, ['gitops-diff-1', 'gitops-diff-2', 'gitops-diff-3']);
    assert.deepEqual(left(), others);
  });

  it('that are young may be of a plan at work: they stay', async () => {
    const made = place('gitops-diff-1');
    assert.deepEqual([await tidy(made + 29 * MINUTE), left()], [[], ['gitops-diff-1']]);
    assert.deepEqual(fake.journal.mutations(), []);
  });

  it('that can not be listed or removed stop no plan, and are said', async () => {
    const made = place('gitops-diff-1');
    for (const changeSet of fake.stack(STACK).changeSets) changeSet.status = 'CREATE_IN_PROGRESS';
    assert.deepEqual(await tidy(made + 31 * MINUTE), []);
    assert.match(warnings.join(), /left on trading-vpc-dev could not be removed \(InvalidChangeSetStatus/);
  });
});
