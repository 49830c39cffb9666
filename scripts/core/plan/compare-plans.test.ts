/** Approved equals deployed: a plan made again is the same, and what differs is named. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { environment, planOne, stack, template } from '../../testing/plan-samples.ts';
import { comparePlans } from './compare-plans.ts';
import { makePlan } from './make-plan.ts';

const topic = (DisplayName: string, more = {}) =>
  template({ Topic: { Type: 'AWS::SNS::Topic', Properties: { DisplayName } }, ...more });
const queue = { Queue: { Type: 'AWS::SQS::Queue' } };
const approved = planOne(topic('a'), topic('b')).plan;

describe('a plan made again', () => {
  it('is the same, however it is known', () => {
    const again = planOne(topic('a'), topic('b'), { changeSet: { Changes: [] } }).plan;
    assert.deepEqual(comparePlans(approved, again), []);
  });

  const cases: readonly [string, ReturnType<typeof planOne>['plan'], RegExp][] = [
    ['somebody deployed in between', planOne(topic('b'), topic('b')).plan, /update was approved, now it is unchanged/],
    [
      'another change came to it',
      planOne(topic('a'), topic('b', queue)).plan,
      /^`stack-dev` create `Queue`: it was not approved\.$/,
    ],
    [
      'a change is another',
      planOne(topic('x'), topic('b')).plan,
      /^`stack-dev` `Topic` `DisplayName` x → b: approved was `Topic` `DisplayName` a → b\.$/,
    ],
    [
      'a stack came to it',
      makePlan(environment([stack(topic('a'), topic('b')), stack(undefined, topic('c'), { name: 'new-dev' })]), {
        allowDestructive: false,
      }),
      /`new-dev` was not in the approved plan/,
    ],
    [
      'it is of another release',
      makePlan(
        environment([stack(topic('a'), topic('b'))], {
          release: { id: 'b', digest: 'e'.repeat(64), commit: 'c', dirty: false },
        }),
        { allowDestructive: false },
      ),
      /Another release: `dddddddddddd` was approved, `eeeeeeeeeeee`/,
    ],
  ];
  it('says that a change it had no longer happens, and that only what is said of it differs', () => {
    const both = planOne(topic('a'), topic('b', queue)).plan;
    assert.deepEqual(comparePlans(both, approved), [
      '`stack-dev` create `Queue`: it was approved, and no longer happens.',
    ]);
    const [only] = approved.stacks;
    assert.ok(only);
    const resources = only.resources.map((each) => ({ ...each, undo: { answer: 'no' as const, why: ['x'] } }));
    assert.match(
      comparePlans(approved, { ...approved, stacks: [{ ...only, resources }] }).join(),
      /is another: undoing/,
    );
  });

  for (const [name, now, expected] of cases) {
    it(`says that ${name}`, () => {
      assert.match(comparePlans(approved, now).join('\n'), expected);
    });
  }
});
