import assert from 'node:assert/strict';
import { test } from 'node:test';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import fc from 'fast-check';
import { MAX_AMOUNT, orderContentSchema, orderSchema } from './order.ts';

const accepts = (change: Record<string, unknown>): boolean =>
  orderContentSchema.safeParse({ orderId: 'order-1', customerId: 'customer-1', amount: 1, ...change }).success;

/** Every amount the API takes, as ten-thousandths. */
const tenThousandths = fc.integer({ min: 1, max: MAX_AMOUNT * 10_000 });

test('takes every amount of at most 4 decimals up to the bound', () => {
  fc.assert(fc.property(tenThousandths, (n) => accepts({ amount: n / 10_000 })));
  for (const amount of [0.0001, 0.1, 0.3, 1.005, 4.35, 1e3, MAX_AMOUNT - 0.0001, MAX_AMOUNT]) {
    assert.ok(accepts({ amount }), String(amount));
  }
});

test('refuses an amount that is not positive, not finite, too large, or finer than 4 decimals', () => {
  const fine = fc.tuple(fc.integer({ min: 0, max: 1_000_000 }), fc.integer({ min: 1, max: 9 }));
  fc.assert(fc.property(fine, ([n, fifth]) => !accepts({ amount: Number(`${n}.0000${fifth}`) })));
  const bad = [0, -0, -1, Number.NaN, Infinity, 5e-324, 1e-5, 0.00011, MAX_AMOUNT + 0.0001, 2 ** 53, 1e308, '1', null];
  for (const amount of bad) assert.ok(!accepts({ amount }), String(amount));
});

test('an amount comes back from DynamoDB and from JSON as it went in', () => {
  fc.assert(
    fc.property(tenThousandths, (n) => {
      const amount = n / 10_000;
      const item = marshall({ amount });
      assert.match(item['amount']?.N ?? '', /^\d+(\.\d{1,4})?$/, 'no exponent, no binary remainder');
      assert.equal(unmarshall(item)['amount'], amount);
      assert.equal(JSON.parse(JSON.stringify(amount)), amount);
    }),
  );
});

test('two different amounts are two different numbers in DynamoDB', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: MAX_AMOUNT * 10_000 - 1 }), (n) => {
      assert.notEqual(marshall({ a: n / 10_000 })['a']?.N, marshall({ a: (n + 1) / 10_000 })['a']?.N);
    }),
  );
});

test('takes ids of 1 to 64 characters out of A-Za-z0-9._- and nothing else', () => {
  const id = fc.stringMatching(/^[A-Za-z0-9._-]{1,64}$/);
  fc.assert(fc.property(id, (value) => accepts({ orderId: value }) && accepts({ customerId: value })));
  for (const value of ['', 'a'.repeat(65), 'a b', 'a/b', 'ä', 'a\n', '\u0000', 'a#', 1, null, ['a']]) {
    assert.ok(!accepts({ orderId: value }), JSON.stringify(value));
    assert.ok(!accepts({ customerId: value }), JSON.stringify(value));
  }
});

test('reads a stored order that bears attributes of another release', () => {
  const stored = { orderId: 'o', customerId: 'c', amount: 1, status: 'PENDING', createdAt: '2026-01-31T23:59:59.999Z' };
  assert.deepEqual(orderSchema.parse({ ...stored, currency: 'EUR' }), stored);
  assert.equal(orderSchema.safeParse({ ...stored, status: 'LOST' }).success, false);
  assert.equal(orderSchema.safeParse({ ...stored, createdAt: 'yesterday' }).success, false);
});
