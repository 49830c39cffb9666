/** The clients of a target: lazy, shared, patient, and aimed at the right place. */
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, it } from 'node:test';
import { HeadBucketCommand } from '@aws-sdk/client-s3';
import { GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import { AwsClientPool, createAwsClients } from './aws-clients.ts';

const CREDENTIALS = { accessKeyId: '123456789012', secretAccessKey: 'local' };
const emulated = (endpoint: string) => ({ region: 'us-east-1', emulator: { endpoint, credentials: CREDENTIALS } });

describe('createAwsClients', () => {
  it('makes each client once, when first used', () => {
    const clients = createAwsClients({ region: 'us-east-1' });
    const before = Object.getOwnPropertyDescriptor(clients, 'ssm');
    assert.equal(typeof before?.get, 'function');
    assert.equal(clients.ssm, clients.ssm);
    assert.equal(Object.getOwnPropertyDescriptor(clients, 'ssm')?.value, clients.ssm);
  });

  it('gives every client the region, seven attempts and time-outs that throw', async () => {
    const clients = createAwsClients({ region: 'eu-west-1' });
    for (const [name, client] of Object.entries(clients)) {
      assert.equal(await client.config.maxAttempts(), 7, name);
      assert.equal(await client.config.region(), 'eu-west-1', name);
    }
    // The handler reads its settings with the first request.
    const handler = clients.ssm.config.requestHandler as unknown as {
      readonly configProvider: Promise<Record<string, unknown>>;
    };
    const { requestTimeout, throwOnRequestTimeout } = await handler.configProvider;
    assert.equal(throwOnRequestTimeout, true);
    assert.ok(Number(requestTimeout) > 0);
  });

  it('talks to an emulated account by its endpoint, credentials and path-style buckets', async () => {
    const seen: { url?: string; authorization?: string }[] = [];
    const server = createServer((request, response) => {
      seen.push({ url: request.url, authorization: request.headers.authorization });
      response.end('<GetCallerIdentityResponse/>');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    try {
      const clients = createAwsClients(emulated(`http://127.0.0.1:${(server.address() as AddressInfo).port}`));
      await clients.s3.send(new HeadBucketCommand({ Bucket: 'trade-data' }));
      await clients.sts.send(new GetCallerIdentityCommand({}));
    } finally {
      server.closeAllConnections();
      server.close();
    }
    assert.equal(seen[0]?.url, '/trade-data/');
    assert.match(seen[1]?.authorization ?? '', /Credential=123456789012\//);
  });
});

describe('AwsClientPool', () => {
  const destination = { account: '1', region: 'us-east-1' };

  it('shares clients within one account and region, and nowhere else', () => {
    const pool = new AwsClientPool();
    const clients = pool.for(destination);
    assert.equal(pool.for({ ...destination }), clients);
    assert.notEqual(pool.for({ ...destination, account: '2' }), clients);
    assert.notEqual(pool.for({ ...destination, region: 'us-east-2' }), clients);
    assert.notEqual(pool.for({ account: '1', ...emulated('http://127.0.0.1:1') }), clients);
  });
});
