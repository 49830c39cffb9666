/** The example in docs/ is what the code writes today, and shows what it should. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { it } from 'node:test';
import { APPROVAL_FILE, approvalExample } from './approval-example.ts';
import { EXAMPLE_FILE, planExample } from './plan-example.ts';

it('docs/pull-request-comment.md is current: npm run example', () => {
  assert.equal(readFileSync(EXAMPLE_FILE, 'utf8'), planExample());
});

it('it shows each part of a comment', () => {
  const text = planExample();
  for (const part of [
    /holds data and is replaced/,
    /rename first/,
    /is deleted: its data is lost/,
    /\| stack \| `dev` \| `staging` \| `prod` \|/,
    /Anyone on the internet/,
    /everything of `dynamodb:\*`/,
    /API throttle 2000 → 500 requests\/s, a quarter: `Stage` `MethodSettings\[0\]\.ThrottlingRateLimit`/,
    /new code/,
    /retention shortened/,
    /- create `Refunds`/,
    /no longer has it/,
    /replaces 2 earlier versions/,
  ]) {
    assert.match(text, part);
  }
});

it('docs/production-approval.md is current: npm run example', () => {
  assert.equal(readFileSync(APPROVAL_FILE, 'utf8'), approvalExample());
});

it('it shows the plan, and beside it what was reviewed, what was not, and what is not known', () => {
  const text = approvalExample();
  for (const part of [
    /^### ⚠️ \d+ resources in 1 environment/m,
    /\| stack \| `prod` \|/,
    /^### ⚠️ Not what was reviewed, as far as it is known: \d+ in addition/m,
    /\| \[41\]\(.+\) \| `.+` \| \d changes \|/,
    /not known: `the artifact with its plan has expired/,
    /`OrderIntake` `MemorySize` `2048` → `4096`/,
  ]) {
    assert.match(text, part);
  }
});
