/**
 * The only wiring of order-processing: what it depends on, and how that is made from environment variables.
 */
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { S3Client } from '@aws-sdk/client-s3';
import { readVariables } from '../shared/environment.ts';
import { makeOrderTable, type OrderTable } from '../shared/order-table.ts';
import { SDK_SETTINGS } from '../shared/sdk-settings.ts';
import { type Log, type Meter, makeTelemetry, type Telemetry } from '../shared/telemetry.ts';
import { makeTradeStore, type TradeStore } from './trade-store.ts';

export interface Dependencies {
  readonly orders: Pick<OrderTable, 'get' | 'markProcessed'>;
  readonly trades: TradeStore;
  readonly log: Log;
  readonly meter: Meter;
  readonly now: () => Date;
}

/** @throws MissingVariablesError naming every missing variable */
export const wireDependencies = (
  variables: Readonly<Record<string, string | undefined>>,
): { dependencies: Dependencies; observe: Telemetry['observe'] } => {
  const { ENVIRONMENT, TABLE_NAME, BUCKET_NAME } = readVariables(variables, [
    'ENVIRONMENT',
    'TABLE_NAME',
    'BUCKET_NAME',
  ]);
  const telemetry = makeTelemetry(ENVIRONMENT);
  const dynamodb = telemetry.traceClient(new DynamoDBClient(SDK_SETTINGS));
  const s3 = telemetry.traceClient(new S3Client(SDK_SETTINGS));
  return {
    dependencies: {
      orders: makeOrderTable(dynamodb, TABLE_NAME),
      trades: makeTradeStore(s3, BUCKET_NAME),
      log: telemetry.log,
      meter: telemetry.meter,
      now: () => new Date(),
    },
    observe: telemetry.observe,
  };
};
