/**
 * Nothing lost, nothing doubled: the flow with every fault at every step, and in every order concurrent steps can take.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DependencyUnavailableError } from '../shared/dependency-call.ts';
import { sqsRecord } from './events.ts';
import { type FakeAccount, type Hooks, makeFakeAccount } from './fake-account.ts';
import { exploreInterleavings, type Gate } from './interleavings.ts';
import { deliver, deliverAll, NOW, post, postUntilAnswered } from './order-flow.ts';

const ORDER = { orderId: 'order-1', customerId: 'customer-1', amount: 1000.25 };
const TRADE_KEY = 'trades/2026/01/31/order-1.json';

/** What must hold at any moment, whatever died before it. */
const assertNeverProcessedWithoutTrade = (account: FakeAccount): void => {
  for (const { status, tradeKey } of account.orders.values()) {
    assert.ok(status === 'PENDING' || (tradeKey && account.trades.has(tradeKey)), 'PROCESSED without a trade record');
  }
};

const assertProcessedOnce = (account: FakeAccount): void => {
  assert.deepEqual(
    [...account.orders.values()],
    [
      {
        ...ORDER,
        status: 'PROCESSED',
        createdAt: NOW.toISOString(),
        processedAt: '2026-02-01T00:00:00.999Z',
        tradeKey: TRADE_KEY,
      },
    ],
  );
  assert.deepEqual(
    [...account.trades].map(([key, content]) => [key, JSON.parse(content)]),
    [[TRADE_KEY, { version: 1, ...ORDER, createdAt: NOW.toISOString() }]],
  );
};

/** A 202 is a promise: the order is stored, and done or waiting in the queue. */
const assertPromiseKept = (account: FakeAccount): void => {
  const order = account.orders.get(ORDER.orderId);
  assert.ok(order, '202 for an order that is not stored');
  const queued = account.messages.some(({ body }) => JSON.parse(body).orderId === ORDER.orderId);
  assert.ok(order.status === 'PROCESSED' || queued, '202 for an order that nobody will process');
};

type Moment = 'before' | 'after';

/** Fails the n-th operation of the whole flow at each given moment; checks the invariant after every operation. */
const faultsAt = (account: FakeAccount, faults: ReadonlyMap<number, Moment>): Hooks & { operations: () => number } => {
  let operation = -1;
  const fail = (moment: Moment): void => {
    if (faults.get(operation) === moment) throw new DependencyUnavailableError('fake', new Error(moment));
  };
  return {
    before: () => {
      operation += 1;
      fail('before');
    },
    after: () => {
      assertNeverProcessedWithoutTrade(account);
      fail('after');
    },
    operations: () => operation + 1,
  };
};

const runWithFaults = async (faults: ReadonlyMap<number, Moment>): Promise<number> => {
  const account = makeFakeAccount();
  const hooks = faultsAt(account, faults);
  const answer = await postUntilAnswered(account, ORDER, hooks);
  assert.equal(answer.statusCode, 202);
  assertPromiseKept(account);
  await deliverAll(account, hooks);
  assertProcessedOnce(account);
  return hooks.operations();
};

const MOMENTS: readonly Moment[] = ['before', 'after'];

test('an order goes through in five operations when nothing fails', async () => {
  assert.equal(await runWithFaults(new Map()), 5);
});

test('any one operation may be refused, or its answer lost: the retry or the redelivery finishes', async () => {
  for (const moment of MOMENTS) {
    for (let operation = 0; operation < 5; operation += 1) {
      const operations = await runWithFaults(new Map([[operation, moment]]));
      assert.ok(operations > 5, `the fault ${moment} operation ${operation} was not met`);
    }
  }
});

test('any two operations may fail: nothing lost, nothing doubled', async () => {
  for (const first of MOMENTS) {
    for (const second of MOMENTS) {
      for (let i = 0; i < 5; i += 1) {
        for (let j = i + 1; j < 12; j += 1) {
          await runWithFaults(
            new Map([
              [i, first],
              [j, second],
            ]),
          );
        }
      }
    }
  }
});

test('a caller who gives up after a 503 leaves an order that can still be sent', async () => {
  const account = makeFakeAccount();
  const queueDown: Hooks = {
    before: (operation) => {
      if (operation === 'send') throw new DependencyUnavailableError('order queue', new Error('down'));
    },
  };
  assert.equal((await post(account, ORDER, queueDown)).statusCode, 503);
  assert.equal(account.orders.get('order-1')?.status, 'PENDING');
  assert.equal(account.messages.length, 0);

  assert.equal((await post(account, ORDER)).statusCode, 202);
  await deliverAll(account);
  assertProcessedOnce(account);
});

/** Hooks whose every operation waits for its turn, and checks the invariant. */
const takingTurns = (account: FakeAccount, gate: Gate): Hooks => ({
  before: gate,
  after: () => assertNeverProcessedWithoutTrade(account),
});

test('three deliveries of one order, in every order of their steps, make one trade', async () => {
  const runs = await exploreInterleavings(async () => {
    const account = makeFakeAccount();
    await account.connect().orders.putIfNew({ ...ORDER, status: 'PENDING', createdAt: NOW.toISOString() });
    const delivery = async (gate: Gate): Promise<void> => {
      const copy = sqsRecord({ body: '{"orderId":"order-1"}' });
      const response = await deliver(account, takingTurns(account, gate), [copy]);
      assert.deepEqual(response, { batchItemFailures: [] });
    };
    return { tasks: [delivery, delivery, delivery], assess: () => assertProcessedOnce(account) };
  });
  assert.ok(runs > 500, `only ${runs} orders`);
});

test('two posts of one order while the queue is being worked off, in every order of their steps', async () => {
  const runs = await exploreInterleavings(() => {
    const account = makeFakeAccount();
    const caller = async (gate: Gate): Promise<void> => {
      const answer = await post(account, ORDER, takingTurns(account, gate));
      assert.equal(answer.statusCode, 202);
      assertPromiseKept(account);
    };
    const worker = async (gate: Gate): Promise<void> => {
      for (let poll = 0; poll < 2; poll += 1) {
        await gate();
        if (account.messages.length > 0)
          await deliver(account, takingTurns(account, gate), account.messages.slice(0, 1));
      }
    };
    const assess = async (): Promise<void> => {
      await deliverAll(account);
      assertProcessedOnce(account);
    };
    return { tasks: [caller, caller, worker], assess };
  });
  assert.ok(runs > 50, `only ${runs} orders`);
});

test('of two different orders under one id exactly one is taken, in every order of their steps', async () => {
  const other = { ...ORDER, amount: 7 };
  await exploreInterleavings(() => {
    const account = makeFakeAccount();
    const answers: number[] = [];
    const caller =
      (order: typeof ORDER) =>
      async (gate: Gate): Promise<void> => {
        answers.push((await post(account, order, takingTurns(account, gate))).statusCode);
      };
    const assess = async (): Promise<void> => {
      assert.deepEqual(answers.toSorted(), [202, 409]);
      await deliverAll(account);
      assert.equal(account.trades.size, 1);
    };
    return { tasks: [caller(ORDER), caller(other)], assess };
  });
});
