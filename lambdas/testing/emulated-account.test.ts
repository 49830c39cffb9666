/**
 * The handlers and their adapters against an emulated account: real HTTP, real conditional writes, real messages.
 */
import assert from 'node:assert/strict';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { CreateTableCommand, DeleteTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { CreateBucketCommand, GetObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { CreateQueueCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import type { SQSRecord } from 'aws-lambda';
import { bundleFunctions } from '../../infra/bundle.ts';
import { withEmulatedAccount } from '../../scripts/testing/emulator.ts';
import { handler as intake } from '../order-intake/handler.ts';
import { makeOrderQueue } from '../order-intake/order-queue.ts';
import { handler as processing } from '../order-processing/handler.ts';
import { makeTradeStore } from '../order-processing/trade-store.ts';
import { makeOrderTable } from '../shared/order-table.ts';
import { SDK_SETTINGS } from '../shared/sdk-settings.ts';
import { describeAccount } from './account-contract.ts';
import { invokeBundled } from './bundled-function.ts';
import { apiEvent, getOrder, lambdaContext, postOrder, sqsRecord } from './events.ts';

const ACCOUNT = '111111111111';
const TABLE = 'orders-dev';
const BUCKET = 'trade-data-dev';

const { client, endpoint } = await withEmulatedAccount({ after }, { account: ACCOUNT });
const dynamodb = new DynamoDBClient({ ...client, ...SDK_SETTINGS });
const s3 = new S3Client({ ...client, ...SDK_SETTINGS });
const sqs = new SQSClient({ ...client, ...SDK_SETTINGS });

const createTable = () =>
  dynamodb.send(
    new CreateTableCommand({
      TableName: TABLE,
      KeySchema: [{ AttributeName: 'orderId', KeyType: 'HASH' }],
      AttributeDefinitions: [{ AttributeName: 'orderId', AttributeType: 'S' }],
      BillingMode: 'PAY_PER_REQUEST',
    }),
  );
const createQueue = async (QueueName: string): Promise<string> => {
  const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName }));
  assert.ok(QueueUrl);
  return QueueUrl;
};

await createTable();
await s3.send(new CreateBucketCommand({ Bucket: BUCKET }));
const queueUrl = await createQueue('order-queue-dev');

/** What the functions' stack and the Lambda runtime set. */
const variables = {
  ENVIRONMENT: 'dev',
  TABLE_NAME: TABLE,
  QUEUE_URL: queueUrl,
  BUCKET_NAME: BUCKET,
  POWERTOOLS_SERVICE_NAME: 'orders',
  POWERTOOLS_METRICS_NAMESPACE: 'TradingPlatform',
  AWS_ENDPOINT_URL: endpoint,
  AWS_REGION: client.region,
  AWS_ACCESS_KEY_ID: client.credentials.accessKeyId,
  AWS_SECRET_ACCESS_KEY: client.credentials.secretAccessKey,
};
Object.assign(process.env, variables, { LOG_LEVEL: 'SILENT', POWERTOOLS_METRICS_DISABLED: 'true' });

const call = async (event: Parameters<typeof intake>[0]) => {
  const { statusCode, headers, body } = await intake(event, lambdaContext());
  return { status: statusCode, headers, body: JSON.parse(body) };
};

/** The messages that wait, as the event source mapping passes them on. They stay in flight: nothing deletes them. */
const receive = async (from = queueUrl): Promise<SQSRecord[]> => {
  const { Messages = [] } = await sqs.send(
    new ReceiveMessageCommand({ QueueUrl: from, MaxNumberOfMessages: 10, MessageAttributeNames: ['All'] }),
  );
  return Messages.map(({ MessageId = '', Body = '', MessageAttributes = {} }) =>
    sqsRecord({
      messageId: MessageId,
      body: Body,
      messageAttributes: Object.fromEntries(
        Object.entries(MessageAttributes).map(([name, { StringValue = '' }]) => [
          name,
          { dataType: 'String', stringValue: StringValue },
        ]),
      ),
    }),
  );
};

describeAccount('emulated account', () => ({
  orders: makeOrderTable(dynamodb, TABLE),
  queue: makeOrderQueue(sqs, queueUrl),
  trades: makeTradeStore(s3, BUCKET),
}));

describe('the handlers in an emulated account', () => {
  test('an order goes in, is processed once though delivered twice, and reads PROCESSED', async () => {
    const order = { orderId: 'order-1', customerId: 'customer-1', amount: 1000.2505 };
    const headers = { 'X-Correlation-Id': 'correlation-1' };
    assert.equal((await call(postOrder(order, { headers }))).status, 202);
    assert.equal((await call(postOrder(order, { headers }))).status, 202);
    assert.equal((await call(postOrder({ ...order, amount: 1 }))).status, 409);
    const pending = await call(getOrder('order-1'));
    assert.equal(pending.body.status, 'PENDING');

    const messages = await receive();
    assert.equal(messages.length, 2);
    for (const { body, messageAttributes } of messages) {
      assert.equal(body, '{"orderId":"order-1"}');
      assert.equal(messageAttributes['correlationId']?.stringValue, 'correlation-1');
    }
    const poison = sqsRecord({ messageId: 'poison', body: 'poison' });
    const response = await processing({ Records: [...messages, poison] }, lambdaContext());
    assert.deepEqual(response, { batchItemFailures: [{ itemIdentifier: 'poison' }] });

    const processed = await call(getOrder('order-1'));
    assert.deepEqual(processed.body, {
      ...order,
      status: 'PROCESSED',
      createdAt: pending.body.createdAt,
      processedAt: processed.body.processedAt,
    });
    const day = pending.body.createdAt.slice(0, 10).replaceAll('-', '/');
    const trade = await s3.send(new GetObjectCommand({ Bucket: BUCKET, Key: `trades/${day}/order-1.json` }));
    const content = JSON.parse((await trade.Body?.transformToString()) ?? '');
    assert.deepEqual(content, { version: 1, ...order, createdAt: pending.body.createdAt });

    assert.equal((await call(postOrder(order))).status, 202);
    assert.deepEqual(await receive(), [], 'a processed order is not queued again');
  });

  test('many concurrent posts of one order are all accepted and make one order', async () => {
    const order = { orderId: 'order-many', customerId: 'customer-1', amount: 1 };
    const answers = await Promise.all(Array.from({ length: 8 }, () => call(postOrder(order))));
    assert.deepEqual(new Set(answers.map(({ status }) => status)), new Set([202]));
    assert.equal(new Set(answers.map(({ body }) => body.createdAt)).size, 1);
    const response = await processing({ Records: await receive() }, lambdaContext());
    assert.deepEqual(response, { batchItemFailures: [] });
    assert.equal((await call(getOrder('order-many'))).body.status, 'PROCESSED');
  });

  test('while the table is away: 503, and messages fail; when it is back, the same requests succeed', async () => {
    const order = { orderId: 'order-table', customerId: 'customer-1', amount: 1 };
    await dynamodb.send(new DeleteTableCommand({ TableName: TABLE }));
    const away = await call(postOrder(order));
    assert.equal(away.status, 503);
    assert.ok(away.headers?.['retry-after']);
    assert.equal((await call(getOrder('order-table'))).status, 503);
    assert.equal((await call(apiEvent({ httpMethod: 'GET', resource: '/health' }))).status, 200);
    const record = sqsRecord({ messageId: 'm', body: '{"orderId":"order-table"}' });
    const failed = await processing({ Records: [record] }, lambdaContext());
    assert.deepEqual(failed, { batchItemFailures: [{ itemIdentifier: 'm' }] });

    await createTable();
    assert.equal((await call(postOrder(order))).status, 202);
    assert.deepEqual(await processing({ Records: await receive() }, lambdaContext()), { batchItemFailures: [] });
    assert.equal((await call(getOrder('order-table'))).body.status, 'PROCESSED');
  });
});

describe('the bundled functions', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'bundled-functions-'));
  after(() => rm(folder, { recursive: true, force: true }));
  const bundles = await bundleFunctions(folder);
  const intakeFile = join(bundles['order-intake'], 'index.js');
  const processingFile = join(bundles['order-processing'], 'index.js');

  test('are small: import time is cold start', async () => {
    for (const file of [intakeFile, processingFile]) {
      const { size } = await stat(file);
      assert.ok(size < 1_000_000, `${file} has ${size} bytes`);
    }
  });

  test('fail at once, naming all, when variables are missing', async () => {
    const { invocation } = await invokeBundled(intakeFile, postOrder({}), { ENVIRONMENT: 'dev' });
    assert.deepEqual(invocation, {
      error: {
        name: 'MissingVariablesError',
        message: 'Missing environment variables: TABLE_NAME, QUEUE_URL. Set them on the function.',
      },
    });
  });

  test('answer 503 when the queue is away, and the retry succeeds', async () => {
    const order = { orderId: 'order-queue', customerId: 'customer-1', amount: 1 };
    const QUEUE_URL = `${endpoint}/${ACCOUNT}/order-queue-away`;
    const post = async () => {
      const { invocation } = await invokeBundled(intakeFile, postOrder(order), { ...variables, QUEUE_URL });
      assert.ok('result' in invocation, JSON.stringify(invocation));
      return invocation.result as { statusCode: number };
    };
    assert.equal((await post()).statusCode, 503);
    assert.equal((await call(getOrder('order-queue'))).body.status, 'PENDING');
    await createQueue('order-queue-away');
    assert.equal((await post()).statusCode, 202);
    assert.equal((await receive(QUEUE_URL)).length, 1);
  });

  test('log, count and trace each order', async (t) => {
    const daemon = createSocket('udp4');
    t.after(() => daemon.close());
    const segments: string[] = [];
    daemon.on('message', (packet) => segments.push(packet.toString()));
    daemon.bind(0, '127.0.0.1');
    await once(daemon, 'listening');
    const runtime = {
      AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs20.x',
      AWS_LAMBDA_FUNCTION_NAME: 'order-intake-dev',
      LAMBDA_TASK_ROOT: '/var/task',
      _HANDLER: 'index.handler',
      _X_AMZN_TRACE_ID: 'Root=1-65b9f2a0-0123456789abcdef01234567;Parent=0123456789abcdef;Sampled=1',
      AWS_XRAY_DAEMON_ADDRESS: `127.0.0.1:${daemon.address().port}`,
    };
    const order = { orderId: 'order-traced', customerId: 'private-customer', amount: 1 };
    const event = postOrder(order, { headers: { 'x-correlation-id': 'correlation-2' } });
    const first = await invokeBundled(intakeFile, event, { ...variables, ...runtime });
    assert.ok('result' in first.invocation, JSON.stringify(first.invocation));
    t.diagnostic(`order-intake was imported in ${first.invocation.importMs.toFixed(0)} ms`);

    const line = first.log.find(({ message }) => message === 'Order accepted');
    assert.equal(line?.['orderId'], 'order-traced');
    assert.equal(line?.['correlationId'], 'correlation-2');
    assert.equal(line?.['service'], 'orders');
    assert.equal(line?.['environment'], 'dev');
    assert.equal(line?.['function_request_id'], 'invocation-1');
    const metric = first.log.find(({ OrdersAccepted }) => OrdersAccepted !== undefined);
    assert.deepEqual([metric?.['OrdersAccepted'], metric?.['service'], metric?.['environment']], [1, 'orders', 'dev']);

    const second = await invokeBundled(processingFile, { Records: await receive() }, { ...variables, ...runtime });
    assert.ok('result' in second.invocation, JSON.stringify(second.invocation));
    assert.deepEqual(second.invocation.result, { batchItemFailures: [] });
    const processed = second.log.find(({ message }) => message === 'Order processed');
    assert.equal(processed?.['orderId'], 'order-traced');
    assert.equal(processed?.['correlationId'], 'correlation-2', 'it travelled through the queue');

    const traced = segments.join('\n');
    for (const name of ['## index.handler', 'DynamoDB', 'SQS', 'S3'])
      assert.match(traced, new RegExp(`"name":"${name}"`));
    assert.doesNotMatch(JSON.stringify([first.log, second.log, segments]), /private-customer/);
  });
});
