import assert from 'node:assert/strict';
import { test } from 'node:test';
import { describeDuration } from './duration.ts';

test('lengths of time read as people say them', () => {
  const words = [60, 600, 5_400, 3_600, 86_400, 345_600, 1_209_600, 1, 30, 0].map(describeDuration);
  assert.deepEqual(words, ['1 min', '10 min', '1 h 30 min', '1 h', '1 day', '4 days', '14 days', '1 s', '30 s', '0 s']);
});

test('two lengths never read the same', () => {
  const seconds = [...Array(4_000).keys(), 86_399, 86_401, 345_599, 345_601, 0.5, -1, Number.NaN];
  assert.equal(new Set(seconds.map(describeDuration)).size, seconds.length);
});
