/** Destroying an environment loses no data: refused with anything in the bucket, and the backup holds the order. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import {
  DescribeTableCommand,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  RestoreTableFromBackupCommand,
} from '@aws-sdk/client-dynamodb';
import { DeleteObjectCommand, ListObjectVersionsCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { systemClock } from '../adapters/system-clock.ts';
import { BucketNotEmptyError } from '../core/destroy/destruction.ts';
import type { Task } from '../core/progress.ts';
import { emulatedStack } from '../testing/emulated-stack.ts';
import { withEmulatedAccount } from '../testing/emulator.ts';
import { type DestroyedEnvironment, destroyEnvironment } from './destroy-environment.ts';

const account = await withEmulatedAccount({ after }, { account: '123456789012' });
const deps = {
  cloudformation: new CloudFormationClient(account.client),
  dynamodb: new DynamoDBClient(account.client),
  s3: new S3Client({ ...account.client, forcePathStyle: true }),
  clock: systemClock,
};
const silent: Task = { update: () => {}, done: () => {}, fail: () => {}, child: () => silent };
const destroy = (): Promise<DestroyedEnvironment> =>
  destroyEnvironment({ environment: { name: 'dev' }, task: silent, pollMs: 10 }, deps);

describe('destroying an environment with an order in its table and an object in its bucket', () => {
  const Bucket = 'trade-data-dev-test';
  const Key = { orderId: { S: 'test-order-1' } };

  before(async () => {
    await emulatedStack(account, 'trading-dynamodb-dev').put({
      Table: {
        Type: 'AWS::DynamoDB::Table',
        Properties: {
          TableName: 'orders-dev',
          BillingMode: 'PAY_PER_REQUEST',
          DeletionProtectionEnabled: true,
          AttributeDefinitions: [{ AttributeName: 'orderId', AttributeType: 'S' }],
          KeySchema: [{ AttributeName: 'orderId', KeyType: 'HASH' }],
        },
      },
    });
    await emulatedStack(account, 'trading-s3-dev').put({
      Bucket: {
        Type: 'AWS::S3::Bucket',
        Properties: { BucketName: Bucket, VersioningConfiguration: { Status: 'Enabled' } },
      },
    });
    await emulatedStack(account, 'trading-sqs-dev').put({ Queue: { Type: 'AWS::SQS::Queue' } });
    await emulatedStack(account, 'trading-sqs-staging').put({ Queue: { Type: 'AWS::SQS::Queue' } });
    await emulatedStack(account, 'made-by-hand').put(
      { Topic: { Type: 'AWS::SNS::Topic' } },
      { tags: { project: 'trading-platform', environment: 'dev' } },
    );
    await deps.dynamodb.send(new PutItemCommand({ TableName: 'orders-dev', Item: { ...Key, amount: { N: '1000' } } }));
    await deps.s3.send(new PutObjectCommand({ Bucket, Key: 'trades/1.json', Body: '{}' }));
  });

  it('refuses while the bucket holds an object, and while it holds only its versions', async () => {
    const refused = async (counts: RegExp): Promise<void> => {
      await assert.rejects(destroy(), (error) => error instanceof BucketNotEmptyError && counts.test(error.message));
      const { Table } = await deps.dynamodb.send(new DescribeTableCommand({ TableName: 'orders-dev' }));
      assert.equal(Table?.DeletionProtectionEnabled, true, 'nothing was touched');
      assert.equal(await emulatedStack(account, 'made-by-hand').status(), 'CREATE_COMPLETE');
    };
    await refused(/holds 1 object versions and 0 delete markers/);
    await deps.s3.send(new DeleteObjectCommand({ Bucket, Key: 'trades/1.json' }));
    await refused(/holds 1 object versions and 1 delete markers/);
  });

  it('destroys it once the bucket is empty; the backup holds the order, and nothing else remains', async () => {
    const { Versions = [], DeleteMarkers = [] } = await deps.s3.send(new ListObjectVersionsCommand({ Bucket }));
    for (const { Key: key, VersionId } of [...Versions, ...DeleteMarkers]) {
      await deps.s3.send(new DeleteObjectCommand({ Bucket, Key: key, VersionId }));
    }
    const destroyed = await destroy();
    assert.deepEqual(
      destroyed.stacks.map(({ stackName, after: left, reason }) => [stackName, left, reason]),
      [
        ['made-by-hand', 'ABSENT', ''],
        ['trading-dynamodb-dev', 'ABSENT', ''],
        ['trading-s3-dev', 'ABSENT', ''],
        ['trading-sqs-dev', 'ABSENT', ''],
      ],
    );
    assert.deepEqual([destroyed.ok, destroyed.remaining], [true, []]);
    await assert.rejects(deps.dynamodb.send(new DescribeTableCommand({ TableName: 'orders-dev' })), {
      name: 'ResourceNotFoundException',
    });
    assert.equal(
      await emulatedStack(account, 'trading-sqs-staging').status(),
      'CREATE_COMPLETE',
      'another environment',
    );

    const [backup] = destroyed.backups;
    assert.match(backup?.name ?? '', /^orders-dev-destroyed-\d{4}-\d\d-\d\dT[\d-]+Z$/);
    await deps.dynamodb.send(
      new RestoreTableFromBackupCommand({ BackupArn: backup?.arn, TargetTableName: 'orders-restored' }),
    );
    const { Item } = await deps.dynamodb.send(new GetItemCommand({ TableName: 'orders-restored', Key }));
    assert.deepEqual(Item, { ...Key, amount: { N: '1000' } });
  });

  it('destroyed twice is destroyed', async () => {
    const destroyed = await destroy();
    assert.deepEqual([destroyed.ok, destroyed.stacks, destroyed.backups], [true, [], []]);
  });
});
