/**
 * What handlers rely on in table, queue and bucket, as tests that run against the fake and against the real adapters
 * alike: a fake that behaves otherwise than the real one proves nothing.
 */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { describe, test } from 'node:test';
import type { Order } from '../shared/order.ts';
import type { Connection } from './fake-account.ts';

const newOrder = (): Order => ({
  orderId: `order-${randomUUID()}`,
  customerId: 'customer-1',
  amount: 1000.25,
  status: 'PENDING',
  createdAt: '2026-01-31T23:59:59.999Z',
});
const PROCESSED = { processedAt: '2026-02-01T00:00:01.000Z', tradeKey: 'trades/2026/01/31/order-1.json' };

/** @param connect called inside each test, after the suite's own set-up */
export const describeAccount = (name: string, connect: () => Connection): void => {
  describe(`${name}: table`, () => {
    test('stores a new order and reads it back', async () => {
      const { orders } = connect();
      const order = newOrder();
      assert.deepEqual(await orders.putIfNew(order), { stored: true });
      assert.deepEqual(await orders.get(order.orderId), order);
    });

    test('leaves a stored order alone and returns it', async () => {
      const { orders } = connect();
      const order = newOrder();
      await orders.putIfNew(order);
      assert.deepEqual(await orders.putIfNew({ ...order, amount: 1 }), { stored: false, existing: order });
      assert.deepEqual(await orders.get(order.orderId), order);
    });

    test('reads undefined for an unknown order', async () => {
      assert.equal(await connect().orders.get('unknown'), undefined);
    });

    test('marks a pending order as processed, once', async () => {
      const { orders } = connect();
      const order = newOrder();
      await orders.putIfNew(order);
      assert.deepEqual(await orders.markProcessed(order.orderId, PROCESSED), { updated: true });

      const processed = { ...order, ...PROCESSED, status: 'PROCESSED' };
      const later = { ...PROCESSED, processedAt: '2026-03-01T00:00:00.000Z' };
      assert.deepEqual(await orders.markProcessed(order.orderId, later), { updated: false, existing: processed });
      assert.deepEqual(await orders.get(order.orderId), processed);
    });

    test('never makes an order by marking it', async () => {
      const { orders } = connect();
      const { orderId } = newOrder();
      assert.deepEqual(await orders.markProcessed(orderId, PROCESSED), { updated: false, existing: undefined });
      assert.equal(await orders.get(orderId), undefined);
    });

    test('takes one of many concurrent puts of one id', async () => {
      const { orders } = connect();
      const order = newOrder();
      const puts = await Promise.all(Array.from({ length: 8 }, () => orders.putIfNew(order)));
      assert.equal(puts.filter(({ stored }) => stored).length, 1);
    });
  });

  describe(`${name}: bucket`, () => {
    test('writes a record once', async () => {
      const { trades } = connect();
      const record = { key: `trades/2026/01/31/${randomUUID()}.json`, content: '{}\n' };
      assert.equal(await trades.writeOnce(record), 'written');
      assert.equal(await trades.writeOnce(record), 'already-there');
    });

    test('writes one of many concurrent writes of one key', async () => {
      const { trades } = connect();
      const record = { key: `trades/2026/01/31/${randomUUID()}.json`, content: '{}\n' };
      const outcomes = await Promise.all(Array.from({ length: 8 }, () => trades.writeOnce(record)));
      assert.equal(outcomes.filter((outcome) => outcome === 'written').length, 1);
    });
  });
};
