/** How what was reviewed is shown: the answer first, each list, the gaps; harmless and short enough whatever comes. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { assertHarmless } from '../../../testing/harmless-markdown.ts';
import { hostilePlan, hostileText } from '../../../testing/hostile-plans.ts';
import { largePlan, planOne, template } from '../../../testing/plan-samples.ts';
import type { Plan } from '../plan.ts';
import { compareWithReviewed, incomparable, type MergedWork } from '../reviewed/compare-reviewed.ts';
import { SUMMARY_LIMIT } from './comment.ts';
import { renderReview, renderReviewPlain } from './reviewed.ts';

const BASE = 'b'.repeat(40);
const url = (number: number): string => `https://github.com/example/repository/pull/${number}`;

const memory = (MemorySize: number, more = {}) =>
  template({ Function: { Type: 'AWS::Lambda::Function', Properties: { MemorySize } }, ...more });
const planTo = (next: ReturnType<typeof memory>): Plan => planOne(memory(512), next).plan;
const queue = { Extra: { Type: 'AWS::SQS::Queue' } };

const merged = (...pullRequests: (Plan | string)[]): MergedWork => ({
  pullRequests: pullRequests.map((reviewed, index) => ({
    number: 12 + index,
    url: url(12 + index),
    title: `Title ${index}`,
    reviewed: typeof reviewed === 'string' ? { unknown: reviewed } : { plan: reviewed },
  })),
  withoutPullRequest: [],
  gaps: [],
});
const shown = (plan: Plan, work: MergedWork) => {
  const comparison = compareWithReviewed(plan, BASE, work);
  return { markdown: renderReview(comparison), plain: renderReviewPlain(comparison) };
};

describe('a review', () => {
  it('that is equal says so first, links the pull requests, and has no list', () => {
    const plan = planTo(memory(1024));
    const { markdown, plain } = shown(plan, merged(plan));
    assert.match(markdown.text, /^### ✅ Equal to what was reviewed\n/);
    assert.match(
      markdown.text,
      /\| \[12\]\(https:\/\/github\.com\/example\/repository\/pull\/12\) \| `Title 0` \| 1 change \|/,
    );
    assert.match(markdown.text, /planned with the very files of this release/);
    assert.doesNotMatch(markdown.text, /In addition|No longer|Otherwise|known/);
    assert.match(plain.text, /^✅ Equal to what was reviewed\.\n/);
    assert.deepEqual(markdown.counts, {
      answer: 'equal',
      complete: true,
      added: 0,
      gone: 0,
      changed: 0,
      pullRequests: 1,
      unknown: 0,
    });
  });

  it('that differs lists what is in addition, otherwise and no longer', () => {
    const reviewed = planTo(memory(1024, { Gone: { Type: 'AWS::SNS::Topic' } }));
    const { markdown, plain } = shown(planTo(memory(2048, queue)), merged(reviewed));
    assert.match(markdown.text, /^### ⚠️ Not what was reviewed: 1 in addition, 1 otherwise, 1 no longer\n/);
    assert.match(markdown.text, /\*\*In addition to what was reviewed\*\*\n\n- `stack-dev` create `Extra`\n/);
    assert.match(
      markdown.text,
      /- `stack-dev` `Function` `MemorySize` `512` → `2048`; reviewed was `Function` `MemorySize` `512` → `1024`, pull request 12/,
    );
    assert.match(
      markdown.text,
      /\*\*No longer: deployed meanwhile, or taken back\*\*\n\n- `stack-dev` create `Gone`, pull request 12/,
    );
    assert.match(
      plain.text,
      /Function MemorySize 512 → 2048; reviewed was Function MemorySize 512 → 1024, pull request 12/,
    );
  });

  it('says what is not known, and that the answer holds of the rest', () => {
    const plan = planTo(memory(1024));
    const { markdown, plain } = shown(plan, merged(plan, 'it came from a fork'));
    assert.match(markdown.text, /^### ✅ Equal to what was reviewed, as far as it is known\n/);
    assert.match(markdown.text, /\| `Title 1` \| not known: `it came from a fork` \|/);
    assert.match(plain.text, /What 1 of 2 pull requests had shown is not known\./);
    assert.match(shown(plan, merged('expired')).markdown.text, /^### ❔ What was reviewed is not known\n/);
  });

  it('names commits that came past the pull requests', () => {
    const work = { ...merged(), withoutPullRequest: [{ sha: 'c'.repeat(40), title: 'by hand' }] };
    const { markdown, plain } = shown(planTo(memory(512)), work);
    assert.match(markdown.text, /\*\*Without a pull request\*\*\n\n- `cccccccccccc` `by hand`/);
    assert.match(plain.text, /Without a pull request\n {2}cccccccccccc by hand/);
  });

  it('without a release validated before says why nothing is compared', () => {
    const { text } = renderReview(incomparable(planTo(memory(1024)), null, 'No release was validated here before.'));
    assert.match(text, /No release was validated here before\./);
    assert.doesNotMatch(text, /between/);
  });

  it('of thousands of changes stays a summary, and counts what it leaves out', () => {
    const { text } = shown(largePlan('dev', 30, 200, 'v'.repeat(500)), merged(planTo(memory(512)))).markdown;
    assert.ok(Buffer.byteLength(text) <= SUMMARY_LIMIT);
    assert.match(text, /- and \d+ more/);
  });
});

it('whatever its texts hold, it is harmless, short enough, and prints no control character', () => {
  fc.assert(
    fc.property(hostilePlan, fc.array(hostilePlan, { maxLength: 2 }), hostileText, (plan, plans, text) => {
      const work: MergedWork = {
        pullRequests: [
          ...plans.map((each, index) => ({
            number: index + 1,
            url: url(index + 1),
            title: text,
            reviewed: { plan: each },
          })),
          { number: 9, url: text, title: text, reviewed: { unknown: text } },
        ],
        withoutPullRequest: [{ sha: text, title: text }],
        gaps: [text],
      };
      const comparison = compareWithReviewed(plan, text, work);
      const markdown = renderReview(comparison).text;
      assert.ok(Buffer.byteLength(markdown) <= SUMMARY_LIMIT);
      assertHarmless(markdown, { links: plans.map((_, index) => url(index + 1)) });
      assert.doesNotMatch(
        renderReviewPlain(comparison).text,
        // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
        /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069\u200b]/,
      );
    }),
    { numRuns: 120, includeErrorInReport: true },
  );
});
