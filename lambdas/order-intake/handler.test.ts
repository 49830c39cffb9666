import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { APIGatewayProxyEvent } from 'aws-lambda';
import fc from 'fast-check';
import { DependencyUnavailableError } from '../shared/dependency-call.ts';
import { apiEvent, getOrder, postOrder } from '../testing/events.ts';
import { type Hooks, makeFakeAccount, type Operation } from '../testing/fake-account.ts';
import { makeFakeTelemetry } from '../testing/fake-telemetry.ts';
import { answerRequest } from './handler.ts';

const ORDER = { orderId: 'order-1', customerId: 'customer-1', amount: 1000 };
const NOW = '2026-01-31T12:00:00.000Z';

/** One API over one fake account; `faults` may be changed between requests. */
const makeApi = () => {
  const account = makeFakeAccount();
  const telemetry = makeFakeTelemetry();
  const faults = new Map<Operation, Error>();
  const before: Hooks['before'] = (operation) => {
    const fault = faults.get(operation);
    if (fault) throw fault;
  };
  const request = async (event: APIGatewayProxyEvent) => {
    const dependencies = { environment: 'dev', now: () => new Date(NOW), newId: () => 'new-id' };
    const result = await answerRequest(event, { ...account.connect({ before }), ...telemetry, ...dependencies });
    return { status: result.statusCode, headers: result.headers ?? {}, body: JSON.parse(result.body) };
  };
  return { account, ...telemetry, faults, request };
};

const down = (dependency: string): Error => new DependencyUnavailableError(dependency, new Error('secret-table-arn'));

test('a new order is stored as PENDING, queued and answered 202', async () => {
  const { request, account, counted } = makeApi();
  const answer = await request(postOrder(ORDER));
  assert.equal(answer.status, 202);
  assert.deepEqual(answer.body, { orderId: 'order-1', status: 'PENDING', createdAt: NOW });
  assert.deepEqual(account.orders.get('order-1'), { ...ORDER, status: 'PENDING', createdAt: NOW });
  assert.deepEqual(
    account.messages.map(({ body }) => body),
    ['{"orderId":"order-1"}'],
  );
  assert.deepEqual(counted, ['OrdersAccepted']);
});

test('the same order again is answered 202, and queued again while it is pending', async () => {
  const { request, account, counted } = makeApi();
  await request(postOrder(ORDER));
  assert.equal((await request(postOrder(ORDER))).status, 202);
  assert.equal(account.messages.length, 2);

  await account.connect().orders.markProcessed('order-1', { processedAt: NOW, tradeKey: 'k' });
  const answer = await request(postOrder(ORDER));
  assert.equal(answer.status, 202);
  assert.equal(answer.body.status, 'PROCESSED');
  assert.equal(account.messages.length, 2);
  assert.deepEqual(counted, ['OrdersAccepted', 'OrdersDuplicate', 'OrdersDuplicate']);
});

test('another order under the same id is answered 409 and changes nothing', async () => {
  const { request, account, counted } = makeApi();
  await request(postOrder(ORDER));
  const answer = await request(postOrder({ ...ORDER, amount: 1 }));
  assert.equal(answer.status, 409);
  assert.deepEqual(
    answer.body.errors.map(({ field }: { field: string }) => field),
    ['amount'],
  );
  assert.equal(account.orders.get('order-1')?.amount, 1000);
  assert.equal(account.messages.length, 1);
  assert.deepEqual(counted, ['OrdersAccepted', 'OrdersConflicting']);
});

test('an order that is not valid is answered 400 and touches nothing', async () => {
  const { request, account, counted } = makeApi();
  const answer = await request(postOrder({ orderId: 'a b', amount: 0 }));
  assert.equal(answer.status, 400);
  assert.equal(answer.body.message, 'The order is not valid.');
  assert.equal(answer.body.correlationId, 'request-1');
  assert.deepEqual(
    answer.body.errors.map(({ field }: { field: string }) => field),
    ['orderId', 'customerId', 'amount'],
  );
  assert.equal(account.orders.size + account.messages.length, 0);
  assert.deepEqual(counted, ['OrdersRejected']);
});

test('an order can be read, without the key of its trade record', async () => {
  const { request, account } = makeApi();
  await request(postOrder(ORDER));
  await account.connect().orders.markProcessed('order-1', { processedAt: NOW, tradeKey: 'trades/k' });
  const answer = await request(getOrder('order-1'));
  assert.equal(answer.status, 200);
  assert.deepEqual(answer.body, { ...ORDER, status: 'PROCESSED', createdAt: NOW, processedAt: NOW });
});

test('an unknown order is 404, an impossible id 400, an unknown resource 404, a wrong method 405', async () => {
  const { request } = makeApi();
  assert.equal((await request(getOrder('order-2'))).status, 404);
  const invalid = await request(getOrder('a b'));
  assert.equal(invalid.status, 400);
  assert.equal(invalid.body.errors[0].field, 'orderId');
  assert.equal((await request(getOrder('', { pathParameters: null }))).status, 400);
  assert.equal((await request(apiEvent({ resource: '/trades' }))).status, 404);
  const wrongMethod = await request(apiEvent({ httpMethod: 'DELETE', resource: '/orders/{orderId}' }));
  assert.equal(wrongMethod.status, 405);
  assert.equal(wrongMethod.headers['allow'], 'GET');
});

test('health is answered without table or queue', async () => {
  const { request, faults } = makeApi();
  for (const operation of ['get', 'putIfNew', 'send'] as const) faults.set(operation, down('everything'));
  const answer = await request(apiEvent({ httpMethod: 'GET', resource: '/health' }));
  assert.equal(answer.status, 200);
  assert.deepEqual(answer.body, { status: 'ok', environment: 'dev' });
});

test('503 with Retry-After when table or queue are down; the retry succeeds', async () => {
  const cases: [Operation, APIGatewayProxyEvent][] = [
    ['putIfNew', postOrder(ORDER)],
    ['send', postOrder(ORDER)],
    ['get', getOrder('order-1')],
  ];
  for (const [operation, event] of cases) {
    const { request, faults, counted, lines } = makeApi();
    if (operation === 'get') await request(postOrder(ORDER));
    faults.set(operation, down('orders table'));
    const answer = await request(event);
    assert.equal(answer.status, 503, operation);
    assert.match(String(answer.headers['retry-after']), /^[1-9]\d*$/);
    assert.ok(!JSON.stringify(answer).includes('secret'), 'the cause stays in the log');
    assert.equal(counted.at(-1), 'RequestsUnavailable');
    assert.equal(lines.at(-1)?.level, 'error');
    faults.clear();
    assert.ok((await request(event)).status < 300);
  }
});

test('a fault of ours is 500, says nothing of its cause, and is logged with it', async () => {
  const { request, faults, counted, lines } = makeApi();
  faults.set('putIfNew', new TypeError('secret-internals'));
  const answer = await request(postOrder(ORDER));
  assert.equal(answer.status, 500);
  assert.deepEqual(answer.body, { message: 'The request failed on our side.', correlationId: 'request-1' });
  assert.deepEqual(counted, ['RequestsFailed']);
  const [line] = lines.slice(-1);
  assert.ok(line?.error instanceof TypeError);
  assert.equal(line.keys['correlationId'], 'request-1');
});

test('the correlation id is the caller’s, else the request’s, else a new one; it is answered, sent on and logged', async () => {
  const { request, account, lines } = makeApi();
  const own = await request(postOrder(ORDER, { headers: { 'X-Correlation-Id': 'mine' } }));
  assert.equal(own.headers['x-correlation-id'], 'mine');
  assert.equal(account.messages[0]?.messageAttributes['correlationId']?.stringValue, 'mine');
  assert.deepEqual(lines[0]?.keys, { correlationId: 'mine', orderId: 'order-1' });

  const forged = await request(postOrder(ORDER, { headers: { 'x-correlation-id': 'a\r\nset-cookie: b' } }));
  assert.equal(forged.headers['x-correlation-id'], 'request-1');
  const none = await request(postOrder(ORDER, { requestId: '' }));
  assert.equal(none.headers['x-correlation-id'], 'new-id');
});

test('every answer is JSON that no cache keeps, whatever is asked', async () => {
  const method = fc.constantFrom('GET', 'POST', 'PUT', 'DELETE', 'OPTIONS', 'HEAD');
  const resource = fc.oneof(fc.constantFrom('/orders', '/orders/{orderId}', '/health'), fc.string());
  const asked = fc.record({
    httpMethod: method,
    resource,
    body: fc.option(fc.oneof(fc.json(), fc.string())),
    isBase64Encoded: fc.boolean(),
    pathParameters: fc.option(fc.record({ orderId: fc.string() })),
    headers: fc.dictionary(fc.string(), fc.string()),
  });
  await fc.assert(
    fc.asyncProperty(asked, async (event) => {
      const { status, headers, body } = await makeApi().request(apiEvent(event));
      assert.ok([200, 202, 400, 404, 405].includes(status), String(status));
      assert.equal(headers['content-type'], 'application/json');
      assert.equal(headers['cache-control'], 'no-store');
      assert.equal(typeof headers['x-correlation-id'], 'string');
      if (status >= 400) {
        assert.equal(typeof body.message, 'string');
        assert.equal(body.correlationId, headers['x-correlation-id']);
      }
    }),
    { numRuns: 500 },
  );
});

test('a console test without headers or request context is answered', async () => {
  const event = { ...postOrder(ORDER), headers: null, requestContext: undefined } as unknown as APIGatewayProxyEvent;
  assert.equal((await makeApi().request(event)).status, 202);
});

test('no log line bears the content of an order', async () => {
  const { request, lines } = makeApi();
  const order = { orderId: 'order-1', customerId: 'private-customer', amount: 987654.3 };
  await request(postOrder(order));
  await request(postOrder({ ...order, amount: 987654.4 }));
  await request(postOrder({ ...order, extra: 'private-extra' }));
  assert.ok(lines.length >= 3);
  assert.doesNotMatch(JSON.stringify(lines), /private|987654/);
});
