import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compareWithBaseline, HEALTHY, isDriftAlarm, type Standing } from './baseline.ts';

const subjects = { queue: 'order-dead-letter-queue-dev', environment: 'dev' };
const standing = (deadLetters: number | null, alarming: readonly string[] | null): Standing => ({
  deadLetters,
  alarming,
  unread: deadLetters === null || alarming === null ? ['AccessDenied: no'] : [],
});
const statuses = (before: Standing, now: Standing): Record<string, string> =>
  Object.fromEntries(compareWithBaseline(subjects, before, now).map(({ id, status }) => [id, status]));

test('no worse than before is a pass, though it was bad before', () => {
  const bad = standing(3, ['orders-throttles-dev']);
  assert.deepEqual(statuses(bad, bad), { 'baseline.dead-letters': 'pass', 'baseline.alarms': 'pass' });
  assert.deepEqual(statuses(bad, HEALTHY), { 'baseline.dead-letters': 'pass', 'baseline.alarms': 'pass' });
});

test('one dead letter more fails', () => {
  assert.equal(statuses(standing(3, []), standing(4, []))['baseline.dead-letters'], 'fail');
});

test('an alarm that did not ring before fails, and only that one is named', () => {
  const checks = compareWithBaseline(subjects, standing(0, ['a-dev']), standing(0, ['a-dev', 'b-dev']));
  const alarms = checks.find(({ id }) => id === 'baseline.alarms');
  assert.deepEqual([alarms?.status, alarms?.actual], ['fail', ['b-dev']]);
});

test('what could not be read, before or now, is unknown with its reason', () => {
  for (const [before, now] of [
    [standing(null, null), HEALTHY],
    [HEALTHY, standing(null, null)],
  ] as const) {
    for (const check of compareWithBaseline(subjects, before, now)) {
      assert.deepEqual([check.status, check.detail], ['unknown', 'AccessDenied: no']);
    }
  }
});

test('drift alarms are told by name', () => {
  for (const name of ['drifted-resources-dev', 'drift-unchecked-prod', 'drift-data-missing-prod-eu'])
    assert.ok(isDriftAlarm(name), name);
  for (const name of ['order-intake-errors-dev', 'release-health-prod', 'adrift2-dev']) {
    assert.ok(!isDriftAlarm(name), name);
  }
});
