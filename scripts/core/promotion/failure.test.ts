/** Why a release failed, in a line. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type Check, judge } from '../check.ts';
import { describeStackFailures, describeVerdict } from './failure.ts';

const check = (number: number, status: Check['status']): Check => ({
  id: `check.${number}`,
  subject: 'dev',
  status,
  expected: 1,
  actual: 2,
  detail: '',
});

describe('why a release failed', () => {
  it('names the first stacks that failed, and keeps all of them', () => {
    const failed = (stack: string) => ({ stack, status: 'failed' as const, reason: `no ${stack}`, seconds: 1 });
    const skipped = { stack: 'c', status: 'skipped' as const, seconds: 0 };
    assert.deepEqual(describeStackFailures([failed('a'), failed('b'), skipped]), {
      reason: 'it did not deploy: a: no a (and 1 more)',
      details: ['a: no a', 'b: no b'],
    });
  });

  it('names up to three checks, those that must be known too', () => {
    const checks = [check(1, 'pass'), check(2, 'fail'), check(3, 'unknown'), check(4, 'fail'), check(5, 'fail')];
    assert.equal(
      describeVerdict(judge(checks, [])),
      '4 of 5 checks did not pass: check.2 of dev, check.4 of dev, check.5 of dev, …',
    );
    assert.equal(describeVerdict(judge([], [])), 'no check was made');
  });
});
