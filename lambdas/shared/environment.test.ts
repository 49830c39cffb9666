import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MissingVariablesError, readVariables } from './environment.ts';

test('returns the named variables', () => {
  assert.deepEqual(readVariables({ A: '1', B: '2', C: '3' }, ['A', 'B']), { A: '1', B: '2' });
});

test('reports all missing and blank variables at once', () => {
  assert.throws(
    () => readVariables({ A: '1', B: ' ', C: '' }, ['A', 'B', 'C', 'D']),
    (error) => {
      assert.ok(error instanceof MissingVariablesError);
      assert.deepEqual(error.missing, ['B', 'C', 'D']);
      assert.match(error.message, /B, C, D/);
      return true;
    },
  );
});
