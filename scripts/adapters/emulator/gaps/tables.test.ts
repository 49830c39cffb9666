/**
 * Tables of a template, seen through the DynamoDB API.
 */
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import {
  DescribeContinuousBackupsCommand,
  DescribeTableCommand,
  DynamoDBClient,
  PutItemCommand,
  ScanCommand,
} from '@aws-sdk/client-dynamodb';
import { emulatedStack } from '../../../testing/emulated-stack.ts';
import { withEmulatedAccount } from '../../../testing/emulator.ts';

const account = await withEmulatedAccount({ after }, { account: '210000000007' });
const dynamodb = new DynamoDBClient(account.client);

const table = (TableName: string, recovery: boolean, isProtected: boolean): Record<string, unknown> => ({
  Orders: {
    Type: 'AWS::DynamoDB::Table',
    Properties: {
      TableName,
      KeySchema: [{ AttributeName: 'orderId', KeyType: 'HASH' }],
      AttributeDefinitions: [{ AttributeName: 'orderId', AttributeType: 'S' }],
      BillingMode: 'PAY_PER_REQUEST',
      DeletionProtectionEnabled: isProtected,
      PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: recovery },
    },
  },
});

test('point-in-time recovery follows the template', async () => {
  const stack = emulatedStack(account, 'recovery');
  const status = async (): Promise<unknown> => {
    const answer = await dynamodb.send(new DescribeContinuousBackupsCommand({ TableName: 'recovered' }));
    return answer.ContinuousBackupsDescription?.PointInTimeRecoveryDescription?.PointInTimeRecoveryStatus;
  };
  await stack.put(table('recovered', true, false));
  assert.equal(await status(), 'ENABLED');
  await stack.put(table('recovered', false, false));
  assert.equal(await status(), 'DISABLED');
  await stack.delete();
});

test('a protected table stops the deletion of its stack', async () => {
  const stack = emulatedStack(account, 'protection');
  await stack.put(table('protected', false, true));
  await assert.rejects(stack.delete(), /DELETE_FAILED.*protected against deletion/);
  await dynamodb.send(new DescribeTableCommand({ TableName: 'protected' }));
});

test('a table of the same name is not taken over, and keeps its items', async () => {
  await emulatedStack(account, 'first').put(table('taken', false, false));
  await dynamodb.send(new PutItemCommand({ TableName: 'taken', Item: { orderId: { S: '1' } } }));
  const second = emulatedStack(account, 'second');
  await assert.rejects(second.put(table('taken', false, false)), /already exists/);
  assert.equal(await second.status(), 'ROLLBACK_COMPLETE');
  assert.equal((await dynamodb.send(new ScanCommand({ TableName: 'taken' }))).Count, 1);
  await second.delete();
});
