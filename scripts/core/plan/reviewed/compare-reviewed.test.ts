/** What is about to be made beside what was reviewed: union of merges, the later wins, and what is not known is said. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { hostilePlan } from '../../../testing/hostile-plans.ts';
import { planOne, type Resource, template } from '../../../testing/plan-samples.ts';
import type { Plan } from '../plan.ts';
import { singleChanges } from '../single-changes.ts';
import { type Comparison, compareWithReviewed, incomparable, type ReviewedPullRequest } from './compare-reviewed.ts';

const BASE = 'b'.repeat(40);

const fn = (properties: Record<string, unknown>): Record<string, Resource> => ({
  Function: { Type: 'AWS::Lambda::Function', Properties: { FunctionName: 'order-intake-dev', ...properties } },
});
const queue = (name: string): Record<string, Resource> => ({
  [name]: { Type: 'AWS::SQS::Queue', Properties: { QueueName: name.toLowerCase() } },
});
type Resources = Readonly<Record<string, Resource>>;
const DEPLOYED: Resources = fn({ MemorySize: 512, Timeout: 30 });
const planTo = (next: Resources, from = DEPLOYED): Plan => planOne(template(from), template(next)).plan;

const request = (number: number, reviewed: Plan | string): ReviewedPullRequest => ({
  number,
  url: `https://github.com/example/repository/pull/${number}`,
  title: `Change ${number}`,
  reviewed: typeof reviewed === 'string' ? { unknown: reviewed } : { plan: reviewed },
});
const compare = (plan: Plan, ...pullRequests: ReviewedPullRequest[]): Comparison =>
  compareWithReviewed(plan, BASE, { pullRequests, withoutPullRequest: [], gaps: [] });

/** `Function.MemorySize`, `Extra` */
const names = (changes: readonly { readonly subject: string; readonly part: string; readonly what: string }[]) =>
  changes.map(({ subject, part, what }) => (part === 'property' ? `${subject}.${what}` : subject));

describe('one merge', () => {
  it('that showed the same is equal', () => {
    const plan = planTo(fn({ MemorySize: 1024, Timeout: 30 }));
    const { answer, complete, added, gone, changed, pullRequests } = compare(plan, request(1, plan));
    assert.deepEqual([answer, complete, added, gone, changed], ['equal', true, [], [], []]);
    assert.equal(pullRequests[0]?.changes, 1);
  });

  it('that showed less: the rest is in addition', () => {
    const shown = planTo(fn({ MemorySize: 1024, Timeout: 30 }));
    const { answer, added, gone } = compare(
      planTo({ ...fn({ MemorySize: 1024, Timeout: 60 }), ...queue('Extra') }),
      request(1, shown),
    );
    assert.equal(answer, 'different');
    assert.deepEqual(names(added).sort(), ['Extra', 'Function.Timeout']);
    assert.deepEqual(gone, []);
  });

  it('that showed more: it no longer comes, and who showed it is said', () => {
    const shown = planTo({ ...fn({ MemorySize: 1024, Timeout: 30 }), ...queue('Extra') });
    const { gone, added } = compare(planTo(fn({ MemorySize: 1024, Timeout: 30 })), request(7, shown));
    assert.deepEqual(
      gone.map(({ change, by }) => [change.subject, change.what, by]),
      [['Extra', 'create', 7]],
    );
    assert.deepEqual(added, []);
  });

  it('of one property another value, from another value: otherwise than reviewed', () => {
    const shown = planTo(fn({ MemorySize: 1024, Timeout: 30 }));
    const drifted = fn({ MemorySize: 768, Timeout: 30 });
    for (const now of [
      planTo(fn({ MemorySize: 2048, Timeout: 30 })),
      planTo(fn({ MemorySize: 1024, Timeout: 30 }), drifted),
    ]) {
      const { changed, added, gone } = compare(now, request(1, shown));
      assert.deepEqual([names(changed.map((each) => each.now)), added, gone], [['Function.MemorySize'], [], []]);
    }
  });

  it('a replacement where an update was shown is no equal', () => {
    const shown = planTo(fn({ MemorySize: 1024, Timeout: 30 }));
    const [stack] = shown.stacks;
    const [resource] = stack?.resources ?? [];
    assert.ok(stack && resource);
    const replaced = { ...shown, stacks: [{ ...stack, resources: [{ ...resource, action: 'replace' as const }] }] };
    const { answer, added } = compare(replaced, request(1, shown));
    assert.deepEqual([answer, added.map(({ what }) => what)], ['different', ['replace']]);
  });

  it('a widened permission is compared by statement', () => {
    const policy = (Action: string): Resources => ({
      Policy: {
        Type: 'AWS::IAM::Policy',
        Properties: {
          PolicyName: 'orders',
          Roles: ['role'],
          PolicyDocument: { Statement: [{ Effect: 'Allow', Action, Resource: '*' }] },
        },
      },
    });
    const [narrow, wide] = [
      planTo(policy('s3:PutObject'), policy('s3:GetObject')),
      planTo(policy('s3:*'), policy('s3:GetObject')),
    ];
    const { changed } = compare(wide, request(1, narrow));
    assert.deepEqual(changed.map(({ now }) => now.part).sort(), ['permission', 'property']);
  });
});

describe('several merges', () => {
  const memory = planTo(fn({ MemorySize: 1024, Timeout: 30 }));
  const timeout = planTo(fn({ MemorySize: 512, Timeout: 60 }));

  it('travel together: the union of what they showed, property by property', () => {
    const both = planTo(fn({ MemorySize: 1024, Timeout: 60 }));
    assert.equal(compare(both, request(1, memory), request(2, timeout)).answer, 'equal');
    assert.equal(compare(both, request(2, timeout), request(1, memory)).answer, 'equal');
  });

  it('of one thing: the later wins', () => {
    const more = planTo(fn({ MemorySize: 2048, Timeout: 30 }));
    assert.equal(compare(more, request(1, memory), request(2, more)).answer, 'equal');
    const { answer, changed } = compare(more, request(2, more), request(1, memory));
    assert.deepEqual([answer, changed[0]?.reviewed.by], ['different', 1]);
  });

  it('the last planned with the same files is named', () => {
    const other: Plan = { ...memory, release: { ...memory.release, digest: 'e'.repeat(64) } };
    assert.equal(compare(memory, request(1, memory), request(2, other)).sameFilesAs, 1);
    assert.equal(compare(memory, request(1, other)).sameFilesAs, null);
  });
});

describe('what is not known', () => {
  const plan = planTo(fn({ MemorySize: 1024, Timeout: 30 }));

  it('of some leaves the others to be compared, and is said', () => {
    const { answer, complete, gaps, pullRequests } = compare(plan, request(1, plan), request(2, 'expired'));
    assert.deepEqual([answer, complete], ['equal', false]);
    assert.deepEqual(gaps, ['What 1 of 2 pull requests had shown is not known.']);
    assert.deepEqual([pullRequests[1]?.changes, pullRequests[1]?.unknown], [null, 'expired']);
  });

  it('of all is unknown: nothing is called an addition', () => {
    const { answer, added, complete } = compare(plan, request(1, 'expired'), request(2, 'from a fork'));
    assert.deepEqual([answer, added, complete], ['unknown', [], false]);
  });

  it('commits that came past the pull requests are', () => {
    const withoutPullRequest = [{ sha: 'c'.repeat(40), title: 'by hand' }];
    const { complete, gaps } = compareWithReviewed(plan, BASE, {
      pullRequests: [request(1, plan)],
      withoutPullRequest,
      gaps: [],
    });
    assert.deepEqual([complete, gaps], [false, ['1 commit came without a pull request.']]);
  });

  it('where nothing was merged, what changes is in addition; where nothing changes, all is well', () => {
    assert.equal(compare(plan).answer, 'different');
    assert.equal(compare(planTo(DEPLOYED)).answer, 'equal');
  });

  it('is all there is where nobody can say what was merged', () => {
    const { answer, complete, gaps } = incomparable(plan, null, 'why');
    assert.deepEqual([answer, complete, gaps], ['unknown', false, ['why']]);
  });
});

describe('whatever the plans hold', () => {
  const plans = fc.array(hostilePlan, { maxLength: 3 });
  const keys = (changes: readonly { readonly key: string }[]): string[] => changes.map(({ key }) => key).sort();

  it('a plan equals itself', () => {
    fc.assert(
      fc.property(hostilePlan, (plan) => compare(plan, request(1, plan)).answer === 'equal'),
      { numRuns: 60 },
    );
  });

  it('each change is in one list at most, and none is lost', () => {
    fc.assert(
      fc.property(hostilePlan, plans, (plan, shown) => {
        const { added, gone, changed } = compare(plan, ...shown.map((each, index) => request(index, each)));
        const now = new Set(keys(singleChanges(plan)));
        const reviewed = new Set(shown.flatMap((each) => keys(singleChanges(each))));
        if (shown.length > 0) {
          assert.deepEqual(keys(added), [...now].filter((key) => !reviewed.has(key)).sort());
          assert.deepEqual(keys(gone.map(({ change }) => change)), [...reviewed].filter((key) => !now.has(key)).sort());
        }
        assert.ok(changed.every(({ now: { key }, reviewed: { change } }) => now.has(key) && change.key === key));
      }),
      { numRuns: 60 },
    );
  });

  it('a merge after which everything was planned again makes those before it forgotten', () => {
    fc.assert(
      fc.property(hostilePlan, hostilePlan, (plan, before) => {
        const { added, changed } = compare(plan, request(1, before), request(2, plan));
        assert.deepEqual([added, changed], [[], []]);
      }),
      { numRuns: 60 },
    );
  });
});
