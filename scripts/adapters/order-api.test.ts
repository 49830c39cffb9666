import assert from 'node:assert/strict';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, test } from 'node:test';
import { loadEnvironments } from '../../environments/load.ts';
import { createOrderApi, orderApiUrl } from './order-api.ts';
import type { Target } from './target.ts';

let answer: (request: IncomingMessage, response: ServerResponse) => void = (_, response) => response.end('{}');
const requests: IncomingMessage[] = [];
const server = createServer((request, response) => {
  requests.push(request);
  answer(request, response);
});
await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
after(() => server.close());
const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

const credentials = { accessKeyId: '345678901234', secretAccessKey: 'local' };
const target = (name: string): Target => {
  const environment = loadEnvironments({ variables: {} }).find((each) => each.name === name);
  assert.ok(environment);
  return {
    environment,
    account: environment.account,
    region: environment.region,
    emulator: { endpoint: origin, credentials },
    unanswerable: [],
  };
};
const endpoint = 'https://abc123.execute-api.us-east-1.amazonaws.com/v1';
const api = (name: string, signal?: AbortSignal) =>
  createOrderApi({ endpoint, target: target(name), credentials, ...(signal && { signal }) });

test('an emulated account serves the API under its id; AWS serves it where the parameter says', () => {
  assert.equal(orderApiUrl(endpoint, target('dev')), `${origin}/restapis/abc123/v1/_user_request_`);
  assert.equal(orderApiUrl(endpoint, {}), endpoint);
  assert.throws(() => orderApiUrl('nowhere', {}), TypeError);
});

test('an open API is called without a signature, an AWS_IAM one with', async () => {
  requests.length = 0;
  await api('dev')({ method: 'GET', path: '/health' });
  await api('prod')({ method: 'POST', path: '/orders', body: { orderId: 'x' } });
  await api('prod')({ method: 'GET', path: '/health', signed: false });
  const signatures = requests.map(({ headers }) => headers.authorization);
  assert.equal(signatures[0], undefined);
  assert.match(
    signatures[1] ?? '',
    /^AWS4-HMAC-SHA256 Credential=345678901234\/\d{8}\/us-east-1\/execute-api\/aws4_request/,
  );
  assert.equal(signatures[2], undefined);
  assert.equal(requests[1]?.url, '/restapis/abc123/v1/_user_request_/orders');
});

test('what is worth repeating is repeated, a bounded number of times', async () => {
  requests.length = 0;
  answer = (_, response) => response.writeHead(requests.length < 2 ? 503 : 202).end('{"ok":true}');
  assert.deepEqual(await api('dev')({ method: 'GET', path: '/health' }), { status: 202, body: { ok: true } });
  requests.length = 0;
  answer = (_, response) => response.writeHead(429).end('slow down');
  assert.deepEqual(await api('dev')({ method: 'GET', path: '/health' }), { status: 429, body: 'slow down' });
  assert.equal(requests.length, 3);
});

test('a failure of the API itself is not repeated away', async () => {
  requests.length = 0;
  answer = (_, response) => response.writeHead(502).end('{}');
  assert.equal((await api('dev')({ method: 'GET', path: '/health' })).status, 502);
  assert.equal(requests.length, 1);
});

test('an interrupted call ends at once', async () => {
  answer = () => {};
  const controller = new AbortController();
  const calling = api('dev', controller.signal)({ method: 'GET', path: '/health' });
  controller.abort();
  await assert.rejects(calling, { name: 'AbortError' });
  server.closeAllConnections();
});
