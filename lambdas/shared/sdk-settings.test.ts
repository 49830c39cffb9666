import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type TestContext, test } from 'node:test';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DependencyUnavailableError } from './dependency-call.ts';
import { makeOrderTable } from './order-table.ts';
import { SDK_SETTINGS } from './sdk-settings.ts';

/** A table behind a server that takes requests and never answers; only the time limit is shorter than in production. */
const makeSilentTable = async (t: TestContext) => {
  const requests: number[] = [];
  const server = createServer((request) => {
    requests.push(Date.now());
    request.resume();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  const client = new DynamoDBClient({
    ...SDK_SETTINGS,
    requestHandler: { ...SDK_SETTINGS.requestHandler, requestTimeout: 100 },
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  });
  return { table: makeOrderTable(client, 'orders-dev'), requests };
};

test('a service that never answers is given up after three attempts', { timeout: 10_000 }, async (t) => {
  const { table, requests } = await makeSilentTable(t);
  await assert.rejects(table.get('order-1'), (error) => {
    assert.ok(error instanceof DependencyUnavailableError);
    assert.match(String(error.cause), /Timeout/);
    return true;
  });
  assert.equal(requests.length, 3);
});

test('the worst case of three calls stays below the shortest function timeout', () => {
  const { maxAttempts, requestHandler } = SDK_SETTINGS;
  const backOffSeconds = 1;
  const worstSeconds = 3 * (maxAttempts * (requestHandler.requestTimeout / 1_000) + backOffSeconds);
  assert.ok(worstSeconds < 30, `${worstSeconds} s`);
});
