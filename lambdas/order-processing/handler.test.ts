import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { SQSRecord } from 'aws-lambda';
import { DependencyUnavailableError } from '../shared/dependency-call.ts';
import type { Order } from '../shared/order.ts';
import { sqsRecord } from '../testing/events.ts';
import { type Hooks, makeFakeAccount } from '../testing/fake-account.ts';
import { makeFakeTelemetry } from '../testing/fake-telemetry.ts';
import { handleBatch } from './handler.ts';
import { UnknownOrderError } from './process-order.ts';

const ORDER: Order = {
  orderId: 'order-1',
  customerId: 'private-customer',
  amount: 1000,
  status: 'PENDING',
  createdAt: '2026-01-31T12:00:00.000Z',
};

const makeWorker = async (orders: readonly Order[]) => {
  const account = makeFakeAccount();
  const telemetry = makeFakeTelemetry();
  for (const order of orders) await account.connect().orders.putIfNew(order);
  const deliver = async (records: readonly SQSRecord[], hooks?: Hooks): Promise<string[]> => {
    const now = () => new Date('2026-01-31T12:00:01.000Z');
    const dependencies = { ...account.connect(hooks), ...telemetry, now };
    const { batchItemFailures } = await handleBatch({ Records: [...records] }, dependencies);
    return batchItemFailures.map(({ itemIdentifier }) => itemIdentifier);
  };
  return { account, ...telemetry, deliver };
};

const naming = (messageId: string, orderId: string): SQSRecord =>
  sqsRecord({ messageId, body: JSON.stringify({ orderId }) });

test('in a batch only the messages that failed are reported', async () => {
  const { deliver, account, counted } = await makeWorker([ORDER, { ...ORDER, orderId: 'order-2' }]);
  const failed = await deliver([
    naming('good', 'order-1'),
    sqsRecord({ messageId: 'poison', body: 'not json' }),
    naming('unknown', 'order-9'),
    naming('good-too', 'order-2'),
    naming('again', 'order-1'),
  ]);
  assert.deepEqual(failed.toSorted(), ['poison', 'unknown']);
  assert.deepEqual(
    [...account.orders.values()].map(({ status }) => status),
    ['PROCESSED', 'PROCESSED'],
  );
  assert.equal(account.trades.size, 2);
  assert.deepEqual([...counted].toSorted(), [
    'OrdersAlreadyProcessed',
    'OrdersFailed',
    'OrdersFailed',
    'OrdersProcessed',
    'OrdersProcessed',
  ]);
});

test('a batch that fails as a whole is reported, not thrown', async () => {
  const { deliver } = await makeWorker([]);
  assert.deepEqual(await deliver([naming('a', 'order-1'), naming('b', 'order-2')]), ['a', 'b']);
});

test('a batch handler keeps nothing from one batch to the next', async () => {
  const { deliver } = await makeWorker([ORDER]);
  assert.deepEqual(await deliver([naming('a', 'order-9')]), ['a']);
  assert.deepEqual(await deliver([naming('b', 'order-1')]), []);
});

test('an order that is processed costs one read and no write', async () => {
  const { deliver, counted } = await makeWorker([{ ...ORDER, status: 'PROCESSED' }]);
  const operations: string[] = [];
  assert.deepEqual(await deliver([naming('a', 'order-1')], { before: (name) => void operations.push(name) }), []);
  assert.deepEqual(operations, ['get']);
  assert.deepEqual(counted, ['OrdersAlreadyProcessed']);
});

test('the trade record is written before the order is called processed', async () => {
  const { deliver } = await makeWorker([ORDER]);
  const operations: string[] = [];
  await deliver([naming('a', 'order-1')], { before: (name) => void operations.push(name) });
  assert.deepEqual(operations, ['get', 'writeOnce', 'markProcessed']);
});

test('an order another delivery finished first is done; one that was removed is unknown', async () => {
  const { deliver, account, counted, lines } = await makeWorker([ORDER, { ...ORDER, orderId: 'order-2' }]);
  const processed = { processedAt: '2026-01-31T12:00:00.500Z', tradeKey: 'trades/2026/01/31/order-1.json' };
  const overtake: Hooks = {
    before: async (operation) => {
      if (operation === 'markProcessed') await account.connect().orders.markProcessed('order-1', processed);
    },
  };
  assert.deepEqual(await deliver([naming('a', 'order-1')], overtake), []);
  assert.equal(account.orders.get('order-1')?.processedAt, processed.processedAt);
  assert.deepEqual(counted, ['OrdersAlreadyProcessed']);

  const remove: Hooks = {
    before: (operation) => {
      if (operation === 'markProcessed') account.removeOrder('order-2');
    },
  };
  assert.deepEqual(await deliver([naming('b', 'order-2')], remove), ['b']);
  assert.ok(lines.at(-1)?.error instanceof UnknownOrderError);
});

test('log lines bear correlation id, message id and order id, and no content', async () => {
  const { deliver, lines } = await makeWorker([ORDER]);
  const messageAttributes = { correlationId: { dataType: 'String', stringValue: 'correlation-1' } };
  await deliver([sqsRecord({ messageId: 'm', messageAttributes })]);
  await deliver([sqsRecord({ messageId: 'm', messageAttributes, body: '{"orderId":"order-1"}' })], {
    before: () => {
      throw new DependencyUnavailableError('orders table', new Error('down'));
    },
  });
  const keys = { correlationId: 'correlation-1', messageId: 'm', orderId: 'order-1' };
  assert.deepEqual(
    lines.map((line) => [line.level, line.keys]),
    [
      ['info', keys],
      ['error', keys],
    ],
  );
  assert.doesNotMatch(JSON.stringify(lines), /private/);
});
