/**
 * The only wiring of order-intake: what it depends on, and how that is made from environment variables.
 */
import { randomUUID } from 'node:crypto';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SQSClient } from '@aws-sdk/client-sqs';
import { readVariables } from '../shared/environment.ts';
import { makeOrderTable, type OrderTable } from '../shared/order-table.ts';
import { SDK_SETTINGS } from '../shared/sdk-settings.ts';
import { type Log, type Meter, makeTelemetry, type Telemetry } from '../shared/telemetry.ts';
import { makeOrderQueue, type OrderQueue } from './order-queue.ts';

export interface Dependencies {
  readonly environment: string;
  readonly orders: Pick<OrderTable, 'putIfNew' | 'get'>;
  readonly queue: OrderQueue;
  readonly log: Log;
  readonly meter: Meter;
  readonly now: () => Date;
  readonly newId: () => string;
}

/** @throws MissingVariablesError naming every missing variable */
export const wireDependencies = (
  variables: Readonly<Record<string, string | undefined>>,
): { dependencies: Dependencies; observe: Telemetry['observe'] } => {
  const { ENVIRONMENT, TABLE_NAME, QUEUE_URL } = readVariables(variables, ['ENVIRONMENT', 'TABLE_NAME', 'QUEUE_URL']);
  const telemetry = makeTelemetry(ENVIRONMENT);
  const dynamodb = telemetry.traceClient(new DynamoDBClient(SDK_SETTINGS));
  const sqs = telemetry.traceClient(new SQSClient(SDK_SETTINGS));
  return {
    dependencies: {
      environment: ENVIRONMENT,
      orders: makeOrderTable(dynamodb, TABLE_NAME),
      queue: makeOrderQueue(sqs, QUEUE_URL),
      log: telemetry.log,
      meter: telemetry.meter,
      now: () => new Date(),
      newId: randomUUID,
    },
    observe: telemetry.observe,
  };
};
