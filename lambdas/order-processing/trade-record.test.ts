import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Order } from '../shared/order.ts';
import { makeTradeRecord } from './trade-record.ts';

const ORDER: Order = {
  orderId: 'order-1',
  customerId: 'customer-1',
  amount: 1000.25,
  status: 'PENDING',
  createdAt: '2026-01-31T23:59:59.999Z',
};

test('lies under the UTC day of the order', () => {
  assert.deepEqual(makeTradeRecord(ORDER), {
    key: 'trades/2026/01/31/order-1.json',
    content:
      '{"version":1,"orderId":"order-1","customerId":"customer-1","amount":1000.25,"createdAt":"2026-01-31T23:59:59.999Z"}\n',
  });
});

test('does not depend on what processing changes, nor on the order of attributes', () => {
  const { amount, ...rest } = ORDER;
  const processed: Order = {
    ...rest,
    status: 'PROCESSED',
    processedAt: '2026-02-01T00:00:00.000Z',
    tradeKey: 'k',
    amount,
  };
  assert.deepEqual(makeTradeRecord(processed), makeTradeRecord(ORDER));
});

test('two orders never share a key, and no key leaves the prefix', () => {
  const id = fc.oneof(fc.constantFrom('.', '..', '...', '-'), fc.stringMatching(/^[A-Za-z0-9._-]{1,64}$/));
  const date = fc.date({ min: new Date('2000-01-01'), max: new Date('2100-01-01'), noInvalidDate: true });
  fc.assert(
    fc.property(id, id, date, (a, b, day) => {
      const key = (orderId: string): string => makeTradeRecord({ ...ORDER, orderId, createdAt: day.toISOString() }).key;
      assert.match(key(a), /^trades\/\d{4}\/\d{2}\/\d{2}\/[A-Za-z0-9._-]+\.json$/);
      assert.ok(
        key(a)
          .split('/')
          .every((segment) => segment !== '.' && segment !== '..'),
      );
      assert.equal(key(a) === key(b), a === b);
    }),
  );
});
