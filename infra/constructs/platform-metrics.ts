/**
 * The metrics this platform is watched by, by the names things bear. Alarms and dashboard share them, so what alarms is
 * what people see.
 */
import { Duration } from 'aws-cdk-lib';
import { MathExpression, Metric } from 'aws-cdk-lib/aws-cloudwatch';

const FIVE_MINUTES = Duration.minutes(5);

const metric = (namespace: string, metricName: string, dimensionsMap: Record<string, string>, statistic: string) =>
  new Metric({ namespace, metricName, dimensionsMap, statistic, period: FIVE_MINUTES });

export const functionMetric = (functionName: string, name: string, statistic = 'Sum') =>
  metric('AWS/Lambda', name, { FunctionName: functionName }, statistic);

export const apiMetric = (apiName: string, stage: string, name: string, statistic = 'Sum') =>
  metric('AWS/ApiGateway', name, { ApiName: apiName, Stage: stage }, statistic);

export const tableMetric = (tableName: string, name: string, statistic = 'Sum') =>
  metric('AWS/DynamoDB', name, { TableName: tableName }, statistic);

export const queueMetric = (queueName: string, name: string, statistic = 'Maximum') =>
  metric('AWS/SQS', name, { QueueName: queueName }, statistic);

/** Reads and writes that were throttled, of the table and of its index: each is counted under dimensions of its own. */
export function tableThrottles(tableName: string, indexName: string): MathExpression {
  const index = { TableName: tableName, GlobalSecondaryIndexName: indexName };
  const usingMetrics = {
    tableReads: tableMetric(tableName, 'ReadThrottleEvents'),
    tableWrites: tableMetric(tableName, 'WriteThrottleEvents'),
    indexReads: metric('AWS/DynamoDB', 'ReadThrottleEvents', index, 'Sum'),
    indexWrites: metric('AWS/DynamoDB', 'WriteThrottleEvents', index, 'Sum'),
  };
  const expression = Object.keys(usingMetrics)
    .map((id) => `FILL(${id},0)`)
    .join('+');
  return new MathExpression({ expression, usingMetrics, period: FIVE_MINUTES, label: 'Throttled requests' });
}

/** The resources alarms and dashboard look at, by name. */
export interface WatchedResources {
  readonly functions: { readonly intake: string; readonly processing: string };
  readonly functionTimeoutSeconds: number;
  readonly api: { readonly name: string; readonly stage: string };
  readonly table: { readonly name: string; readonly index: string };
  readonly queue: string;
  readonly deadLetterQueue: string;
  /** Age at which the oldest message means that orders are not being processed. */
  readonly stuckAfterSeconds: number;
}
