import assert from 'node:assert/strict';
import { test } from 'node:test';
import { acceptCorrelationId } from './correlation.ts';

test('takes ids that can stand in a header and in a log line', () => {
  for (const id of ['a', '0189c6f1-2f4e-7b2a-8c1d-000000000000', 'Order_1.retry', 'a'.repeat(128)]) {
    assert.equal(acceptCorrelationId(id), id);
  }
});

test('refuses what could forge one', () => {
  for (const id of [
    '',
    ' ',
    'a b',
    'a\r\nset-cookie: x',
    'a\n{"level":"INFO"}',
    'ä',
    'a'.repeat(129),
    null,
    undefined,
  ]) {
    assert.equal(acceptCorrelationId(id), undefined);
  }
});
