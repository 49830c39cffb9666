import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assess, assessPresent, type Expectation } from './assess.ts';
import { exactly } from './matchers.ts';
import { mapObservation, missing, observed, partOf, unanswered } from './observation.ts';

const subject = { name: 'order-intake-dev', resource: { type: 'AWS::Lambda::Function', id: 'order-intake-dev' } };
const memory: Expectation<{ memory?: number }> = {
  id: 'function.memory',
  expected: exactly(512),
  actual: (value) => value.memory,
  remedy: 'put it back',
};

test('a value as expected passes, and the check says of what', () => {
  assert.deepEqual(assess(subject, observed({ memory: 512 }), [memory]), [
    {
      id: 'function.memory',
      subject: 'order-intake-dev',
      resource: subject.resource,
      status: 'pass',
      expected: 512,
      actual: 512,
      detail: '',
    },
  ]);
});

test('another value fails, with both values and the remedy', () => {
  const [check] = assess(subject, observed({ memory: 1024 }), [memory]);
  assert.deepEqual([check?.status, check?.expected, check?.actual, check?.detail], ['fail', 512, 1024, 'put it back']);
});

test('a value the service did not send fails, and is null in the report', () => {
  const [check] = assess(subject, observed({}), [memory]);
  assert.deepEqual([check?.status, check?.actual], ['fail', null]);
});

test('no answer is unknown, never a pass and never a failure', () => {
  const [check] = assess(subject, unanswered('ThrottlingException: slow down'), [memory]);
  assert.deepEqual([check?.status, check?.detail], ['unknown', 'ThrottlingException: slow down']);
});

test('a missing setting fails', () => {
  const [check] = assess(subject, missing, [memory]);
  assert.deepEqual([check?.status, check?.actual], ['fail', 'missing']);
});

test('a missing thing is one finding, not one per setting', () => {
  const checks = assessPresent(subject, 'function.present', missing, [memory]);
  assert.deepEqual(
    checks.map(({ id, status }) => [id, status]),
    [['function.present', 'fail']],
  );
});

test('a thing that can’t be asked about leaves each of its settings unknown', () => {
  const checks = assessPresent(subject, 'function.present', unanswered('AccessDenied'), [memory]);
  assert.deepEqual(
    checks.map(({ id, status }) => [id, status]),
    [
      ['function.present', 'unknown'],
      ['function.memory', 'unknown'],
    ],
  );
});

test('what was not observed stays so when a part of it is asked for', () => {
  assert.deepEqual(
    partOf(observed<number[]>([]), ([first]) => first),
    missing,
  );
  assert.deepEqual(
    partOf(unanswered('x'), () => 1),
    unanswered('x'),
  );
  assert.deepEqual(
    mapObservation(missing, () => 1),
    missing,
  );
  assert.deepEqual(
    mapObservation(observed(1), (value) => value + 1),
    observed(2),
  );
});
