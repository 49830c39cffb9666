import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Order } from '../shared/order.ts';
import { decideDuplicate } from './decide-duplicate.ts';

const SENT = { orderId: 'order-1', customerId: 'customer-1', amount: 1000 };
const STORED: Order = { ...SENT, status: 'PENDING', createdAt: '2026-01-31T00:00:00.000Z' };

test('the same content is a duplicate, pending or processed', () => {
  assert.deepEqual(decideDuplicate(SENT, STORED), { kind: 'pending' });
  assert.deepEqual(decideDuplicate(SENT, { ...STORED, status: 'PROCESSED' }), { kind: 'processed' });
});

test('other content is a conflict that names the fields, whatever the status', () => {
  for (const status of ['PENDING', 'PROCESSED'] as const) {
    const stored = { ...STORED, status };
    assert.deepEqual(decideDuplicate({ ...SENT, amount: 1000.0001 }, stored), {
      kind: 'conflicting',
      fields: ['amount'],
    });
    assert.deepEqual(decideDuplicate({ ...SENT, customerId: 'Customer-1', amount: 1 }, stored), {
      kind: 'conflicting',
      fields: ['customerId', 'amount'],
    });
  }
});
