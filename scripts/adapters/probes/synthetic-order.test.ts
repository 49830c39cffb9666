/** Each check of the synthetic order, seen to fail: a small platform in memory that does one thing wrong. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Check } from '../../core/check.ts';
import type { ApiAnswer, ApiRequest } from '../order-api.ts';
import { placeSyntheticOrder } from './synthetic-order.ts';
import { type LeftOrder, type SyntheticStore, tradeKey } from './synthetic-store.ts';

const CREATED_AT = '2026-11-23T10:00:00.000Z';

interface Order {
  readonly orderId: string;
  readonly customerId: string;
  readonly amount?: number;
}

/** The platform as it should be: processes at once, refuses what it should. Tests replace single methods. */
class FakePlatform implements SyntheticStore {
  readonly items = new Map<string, Record<string, string>>();
  readonly records = new Map<string, string[]>();
  removed: string[] = [];
  leftOvers: LeftOrder[] = [];

  readonly api = async (request: ApiRequest): Promise<ApiAnswer> => {
    if (request.signed === false) return this.unsigned();
    if (request.path === '/health') return this.health();
    return request.method === 'GET' ? this.read(request.path) : this.post(request.body as Order);
  };

  health = (): ApiAnswer => ({ status: 200, body: { status: 'ok' } });
  unsigned = (): ApiAnswer => ({ status: 403, body: { message: 'Missing Authentication Token' } });
  read = (path: string): ApiAnswer => ({ status: this.items.has(path.replace('/orders/', '')) ? 200 : 404, body: {} });
  invalid = (): ApiAnswer => ({ status: 400, body: { errors: [{ field: 'amount', message: 'required' }] } });
  conflict = (): ApiAnswer => ({ status: 409, body: {} });
  duplicate = (_order: Order): ApiAnswer => ({ status: 202, body: {} });
  process = (order: Order): void => {
    this.items.set(order.orderId, { orderId: order.orderId, amount: String(order.amount), status: 'PROCESSED' });
    this.records.set(tradeKey(order.orderId, CREATED_AT), [JSON.stringify(order)]);
  };
  accept = (order: Order): ApiAnswer => {
    this.process(order);
    return { status: 202, body: { orderId: order.orderId, createdAt: CREATED_AT } };
  };

  private post(order: Order): ApiAnswer {
    if (order.amount === undefined) return this.invalid();
    const stored = this.items.get(order.orderId);
    if (stored === undefined) return this.accept(order);
    return stored['amount'] === String(order.amount) ? this.duplicate(order) : this.conflict();
  }

  readItem = async (orderId: string) => this.items.get(orderId);
  readRecord = async (key: string) => {
    const versions = this.records.get(key);
    return versions && { content: versions.at(-1) ?? '', versions: versions.length };
  };
  remove = async (orderId: string, createdAt: string): Promise<void> => {
    this.removed.push(orderId);
    this.items.delete(orderId);
    this.records.delete(tradeKey(orderId, createdAt));
  };
  leftBefore = async () => this.leftOvers;
}

const place = (platform: FakePlatform, signal?: AbortSignal): Promise<Check[]> =>
  placeSyntheticOrder({
    api: platform.api,
    store: platform,
    subject: 'trading-api-dev',
    requiresSignature: true,
    processedWithinMs: 50,
    ...(signal && { signal }),
  });
const failed = (checks: readonly Check[]): string[] =>
  checks.filter(({ status }) => status === 'fail').map(({ id }) => id);

/** What breaks, and the one check that must see it. */
const breaks: Readonly<Record<string, (platform: FakePlatform) => void>> = {
  'synthetic.accepted': (platform) => {
    platform.accept = () => ({ status: 500, body: { message: 'The request failed on our side.' } });
  },
  'synthetic.health': (platform) => {
    platform.health = () => ({ status: 502, body: {} });
  },
  'synthetic.unsigned-refused': (platform) => {
    platform.unsigned = () => ({ status: 200, body: {} });
  },
  'synthetic.invalid-refused': (platform) => {
    platform.invalid = () => ({ status: 202, body: {} });
  },
  'synthetic.processed': (platform) => {
    platform.process = (order) => platform.items.set(order.orderId, { orderId: order.orderId, status: 'PENDING' });
  },
  'synthetic.trade-record': (platform) => {
    const { process } = platform;
    platform.process = (order) => {
      process(order);
      platform.records.set(tradeKey(order.orderId, CREATED_AT), ['{"orderId":"another"}']);
    };
  },
  'synthetic.duplicate-accepted': (platform) => {
    platform.duplicate = () => ({ status: 409, body: {} });
  },
  'synthetic.duplicate-harmless': (platform) => {
    platform.duplicate = (order) => {
      platform.records.get(tradeKey(order.orderId, CREATED_AT))?.push(JSON.stringify(order));
      return { status: 202, body: {} };
    };
  },
  'synthetic.conflict-refused': (platform) => {
    platform.conflict = () => ({ status: 202, body: {} });
  },
  'synthetic.readable': (platform) => {
    platform.read = () => ({ status: 404, body: {} });
  },
  'synthetic.removed': (platform) => {
    platform.remove = async () => {
      throw new Error('AccessDenied');
    };
  },
};

test('a platform that works passes every check, and nothing is left', async () => {
  const platform = new FakePlatform();
  const checks = await place(platform);
  assert.deepEqual(
    checks.map(({ id, status }) => [id, status]).sort(),
    Object.keys(breaks)
      .map((id) => [id, 'pass'])
      .sort(),
  );
  assert.deepEqual([platform.items.size, platform.records.size], [0, 0]);
  assert.match(platform.removed[0] ?? '', /^synthetic-[0-9a-f-]{36}$/);
});

describe('one thing wrong', () => {
  for (const [id, spoil] of Object.entries(breaks)) {
    test(id, async () => {
      const platform = new FakePlatform();
      spoil(platform);
      const checks = await place(platform);
      assert.deepEqual(failed(checks), [id]);
      const check = checks.find((each) => each.id === id);
      assert.notEqual(check?.detail, '', 'a finding says what to do');
      const stays = id === 'synthetic.removed' || id === 'synthetic.processed';
      if (!stays) assert.equal(platform.items.size, 0, 'the order is removed all the same');
    });
  }
});

test('a refusal that does not name the field is a finding', async () => {
  const platform = new FakePlatform();
  platform.invalid = () => ({ status: 400, body: { message: 'Invalid request body' } });
  assert.deepEqual(failed(await place(platform)), ['synthetic.invalid-refused']);
});

test('an API that can’t be reached is a failure with the reason, and what depends on it is unknown', async () => {
  const platform = new FakePlatform();
  const api = (): Promise<never> =>
    Promise.reject(new TypeError('fetch failed', { cause: new Error('connect ECONNREFUSED') }));
  const checks = await placeSyntheticOrder({ api, store: platform, subject: 's', requiresSignature: false });
  const accepted = checks.find(({ id }) => id === 'synthetic.accepted');
  assert.deepEqual([accepted?.status, accepted?.actual], ['fail', 'no answer']);
  assert.match(accepted?.detail ?? '', /ECONNREFUSED/);
  assert.equal(checks.find(({ id }) => id === 'synthetic.processed')?.status, 'unknown');
});

test('a table that can’t be read leaves processing unknown, not failed', async () => {
  const platform = new FakePlatform();
  platform.readItem = () => Promise.reject(new Error('AccessDeniedException'));
  const checks = await place(platform);
  assert.deepEqual(failed(checks), []);
  assert.equal(checks.find(({ id }) => id === 'synthetic.processed')?.status, 'unknown');
});

test('interrupted, it rejects, and the order is removed', async () => {
  const platform = new FakePlatform();
  const controller = new AbortController();
  platform.readItem = async () => {
    controller.abort(new Error('interrupted'));
    return undefined;
  };
  await assert.rejects(place(platform, controller.signal), /interrupted|aborted/);
  assert.equal(platform.removed.length, 1);
});

test('what earlier runs left behind is removed once it is processed, or no message can be left', async () => {
  const platform = new FakePlatform();
  const yesterday = new Date(Date.now() - 24 * 3_600_000).toISOString();
  platform.leftOvers = [
    { orderId: 'synthetic-processed', createdAt: yesterday, status: 'PROCESSED' },
    { orderId: 'synthetic-queued', createdAt: yesterday, status: 'PENDING' },
    { orderId: 'synthetic-stuck', createdAt: '2020-01-01T00:00:00.000Z', status: 'PENDING' },
  ];
  await place(platform);
  const removed = platform.removed.filter((orderId) => platform.leftOvers.some((left) => left.orderId === orderId));
  assert.deepEqual(removed, ['synthetic-processed', 'synthetic-stuck']);
});

test('an order that is still queued stays for a later run, and that is said', async () => {
  const platform = new FakePlatform();
  platform.process = (order) => platform.items.set(order.orderId, { orderId: order.orderId, status: 'PENDING' });
  const checks = await place(platform);
  assert.deepEqual(platform.removed, []);
  const check = checks.find(({ id }) => id === 'synthetic.removed');
  assert.equal(check?.status, 'unknown');
  assert.match(check?.detail ?? '', /still queued/);
});
