/**
 * The orders table. Every write is conditional, so that a duplicate or a late one changes nothing.
 */
import {
  type AttributeValue,
  ConditionalCheckFailedException,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import { callDependency } from './dependency-call.ts';
import { type Order, orderSchema } from './order.ts';

export interface OrderTable {
  /** Stores the order only if its id is new. Otherwise nothing is written and the stored order is returned. */
  putIfNew(order: Order): Promise<{ stored: true } | { stored: false; existing: Order }>;
  /** The order as of now (a consistent read), or undefined. */
  get(orderId: string): Promise<Order | undefined>;
  /**
   * PENDING → PROCESSED. When the order is not PENDING nothing is written and what is stored is returned:
   * undefined when there is no such order.
   */
  markProcessed(
    orderId: string,
    processed: { readonly processedAt: string; readonly tradeKey: string },
  ): Promise<{ updated: true } | { updated: false; existing: Order | undefined }>;
}

const toOrder = (item: Record<string, AttributeValue>): Order => orderSchema.parse(unmarshall(item));

/**
 * Runs a conditional write.
 * @returns undefined when it was written, otherwise what the condition failed on (no item: there was none).
 */
const writeOnCondition = (write: () => Promise<unknown>) =>
  callDependency('orders table', async () => {
    try {
      await write();
      return undefined;
    } catch (error) {
      // Atomic with the check: ReturnValuesOnConditionCheckFailure spares a second read that might see another state.
      if (error instanceof ConditionalCheckFailedException) return { item: error.Item };
      throw error;
    }
  });

/** Every method throws DependencyUnavailableError when DynamoDB fails after the client's retries. */
export const makeOrderTable = (client: DynamoDBClient, tableName: string): OrderTable => ({
  async putIfNew(order) {
    const refused = await writeOnCondition(() =>
      client.send(
        new PutItemCommand({
          TableName: tableName,
          Item: marshall(order, { removeUndefinedValues: true }),
          ConditionExpression: 'attribute_not_exists(orderId)',
          ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
        }),
      ),
    );
    if (refused === undefined) return { stored: true };
    if (refused.item === undefined) throw new Error('DynamoDB refused a new order without returning the stored one');
    return { stored: false, existing: toOrder(refused.item) };
  },

  async get(orderId) {
    const { Item } = await callDependency('orders table', () =>
      client.send(new GetItemCommand({ TableName: tableName, Key: marshall({ orderId }), ConsistentRead: true })),
    );
    return Item && toOrder(Item);
  },

  async markProcessed(orderId, processed) {
    const refused = await writeOnCondition(() =>
      client.send(
        new UpdateItemCommand({
          TableName: tableName,
          Key: marshall({ orderId }),
          UpdateExpression: 'SET #status = :processed, processedAt = :processedAt, tradeKey = :tradeKey',
          // On a missing item `#status = :pending` is false, so an update never makes an order.
          ConditionExpression: '#status = :pending',
          ExpressionAttributeNames: { '#status': 'status' },
          ExpressionAttributeValues: marshall({
            ':pending': 'PENDING',
            ':processed': 'PROCESSED',
            ':processedAt': processed.processedAt,
            ':tradeKey': processed.tradeKey,
          }),
          ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
        }),
      ),
    );
    if (refused === undefined) return { updated: true };
    return { updated: false, existing: refused.item && toOrder(refused.item) };
  },
});
