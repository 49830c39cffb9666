import assert from 'node:assert/strict';
import { it } from 'node:test';
import { UsageError } from '../../errors.ts';
import { readFormat } from './format.ts';

it('a format there is not is wrong use', () => {
  assert.equal(readFormat('json'), 'json');
  assert.throws(() => readFormat('html'), UsageError);
});
