import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Check } from '../check.ts';
import { markUnanswerable } from './excuse.ts';

const check = (id: string, status: Check['status'], detail = ''): Check => ({
  id,
  subject: 's',
  status,
  expected: 1,
  actual: 1,
  detail,
});

test('a check on the list is unknown, whether it looked passed or failed; others stay', () => {
  const list = [{ id: 'a', reason: 'not emulated' }];
  const marked = markUnanswerable([check('a', 'pass'), check('a', 'fail', 'x'), check('b', 'fail', 'y')], list);
  assert.deepEqual(
    marked.map(({ id, status, detail }) => [id, status, detail]),
    [
      ['a', 'unknown', 'not emulated'],
      ['a', 'unknown', 'not emulated'],
      ['b', 'fail', 'y'],
    ],
  );
});

test('an unknown check keeps its own reason', () => {
  const [marked] = markUnanswerable([check('a', 'unknown', 'throttled')], [{ id: 'a', reason: 'not emulated' }]);
  assert.equal(marked?.detail, 'throttled');
});
