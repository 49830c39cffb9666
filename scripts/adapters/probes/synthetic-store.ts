/**
 * What a synthetic order leaves in table and bucket: reading it, and removing every trace of it.
 */
import { DeleteItemCommand, GetItemCommand, QueryCommand } from '@aws-sdk/client-dynamodb';
import { DeleteObjectCommand, GetObjectCommand, ListObjectVersionsCommand } from '@aws-sdk/client-s3';
import { CUSTOMER_INDEX, SYNTHETIC_PREFIX } from '../../../environments/naming.ts';
import type { AwsClients } from '../aws-clients.ts';

/** All synthetic orders have one customer, so that what an interrupted run left behind is found without a scan. */
export const SYNTHETIC_CUSTOMER = `${SYNTHETIC_PREFIX}validation`;

export interface SyntheticStore {
  /** The stored order as plain strings, or undefined. */
  readItem(orderId: string): Promise<Readonly<Record<string, string>> | undefined>;
  /** Content of the trade record and how many versions there are. */
  readRecord(key: string): Promise<{ readonly content: string; readonly versions: number } | undefined>;
  /** Removes item and every version of the record; nothing there is no error. */
  remove(orderId: string, createdAt: string): Promise<void>;
  /** Synthetic orders stored before `time` (ISO 8601) that are still there. */
  leftBefore(time: string): Promise<readonly LeftOrder[]>;
}

export interface LeftOrder {
  readonly orderId: string;
  /** ISO 8601 */
  readonly createdAt: string;
  /** PENDING or PROCESSED */
  readonly status: string;
}

/** `trades/2026/01/31/synthetic-….json`: by the UTC day of `createdAt`, as order processing writes it. */
export function tradeKey(orderId: string, createdAt: string): string {
  const [day = ''] = new Date(createdAt).toISOString().split('T');
  return `trades/${day.replaceAll('-', '/')}/${orderId}.json`;
}

/** @param table name of the orders table. @param bucket name of the trade bucket. */
export function createSyntheticStore(
  { dynamodb, s3 }: Pick<AwsClients, 'dynamodb' | 's3'>,
  table: string,
  bucket: string,
): SyntheticStore {
  const versionsOf = async (key: string): Promise<readonly string[]> => {
    const { Versions, DeleteMarkers } = await s3.send(new ListObjectVersionsCommand({ Bucket: bucket, Prefix: key }));
    return [...(Versions ?? []), ...(DeleteMarkers ?? [])]
      .filter(({ Key }) => Key === key)
      .map(({ VersionId }) => VersionId ?? 'null');
  };
  return {
    async readItem(orderId) {
      const key = { orderId: { S: orderId } };
      const { Item } = await dynamodb.send(new GetItemCommand({ TableName: table, Key: key, ConsistentRead: true }));
      return Item && Object.fromEntries(Object.entries(Item).map(([name, value]) => [name, value.S ?? value.N ?? '']));
    },

    async readRecord(key) {
      const versions = await versionsOf(key);
      if (versions.length === 0) return undefined;
      const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
      return { content: (await Body?.transformToString()) ?? '', versions: versions.length };
    },

    async remove(orderId, createdAt) {
      // The item first: without it, a late delivery of its message writes no record any more.
      await dynamodb.send(new DeleteItemCommand({ TableName: table, Key: { orderId: { S: orderId } } }));
      const key = tradeKey(orderId, createdAt);
      for (const versionId of await versionsOf(key)) {
        await s3.send(new DeleteObjectCommand({ Bucket: bucket, Key: key, VersionId: versionId }));
      }
    },

    async leftBefore(time) {
      const { Items } = await dynamodb.send(
        new QueryCommand({
          TableName: table,
          IndexName: CUSTOMER_INDEX,
          KeyConditionExpression: 'customerId = :customer AND createdAt < :time',
          ExpressionAttributeValues: { ':customer': { S: SYNTHETIC_CUSTOMER }, ':time': { S: time } },
        }),
      );
      return (Items ?? []).map(({ orderId, createdAt, status }) => ({
        orderId: orderId?.S ?? '',
        createdAt: createdAt?.S ?? '',
        status: status?.S ?? '',
      }));
    },
  };
}
