/** The alarms on the way of an order: API, functions, table, queue. Together they say whether a release is well. */
import { type Alarm, ComparisonOperator, type IAlarmAction, type IMetric } from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import { ImpactAlarm } from './impact-alarm.ts';
import { apiMetric, functionMetric, queueMetric, tableThrottles, type WatchedResources } from './platform-metrics.ts';

export interface OrderFlowAlarmsProps {
  /** Ends each alarm's name. */
  readonly environment: string;
  readonly action: IAlarmAction;
  readonly watched: WatchedResources;
}

/** A caller notices from here on; a warm request takes tens of milliseconds, a cold start about one second. */
const SLOW_API_MS = 3_000;
/** A function that takes this share of its timeout is about to be cut off. */
const SLOW_SHARE_OF_TIMEOUT = 0.8;
/** Periods of five minutes that must all be slow: one slow request in a quiet hour is a p99 too. */
const SLOW_PERIODS = 3;

interface Limit {
  readonly metric: IMetric;
  readonly above: number;
  readonly periods?: number;
  readonly impact: string;
}

export class OrderFlowAlarms extends Construct {
  readonly alarms: readonly Alarm[];

  constructor(scope: Construct, id: string, props: OrderFlowAlarmsProps) {
    super(scope, id);
    const { watched } = props;
    const limits: Record<string, Limit> = {
      ...functionLimits(
        watched.functions.intake,
        'order-intake',
        watched,
        'orders are not taken in; callers see errors',
      ),
      ...functionLimits(watched.functions.processing, 'order-processing', watched, 'accepted orders stay pending'),
      ...apiLimits(watched),
      ...storageLimits(watched),
    };
    this.alarms = Object.entries(limits).map(
      ([name, { metric, above, periods = 1, impact }]) =>
        new ImpactAlarm(this, name, {
          alarmName: `${name}-${props.environment}`,
          impact,
          metric,
          threshold: above,
          comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
          evaluationPeriods: periods,
          action: props.action,
        }),
    );
  }
}

function functionLimits(
  functionName: string,
  type: string,
  watched: WatchedResources,
  loss: string,
): Record<string, Limit> {
  return {
    [`${type}-errors`]: {
      metric: functionMetric(functionName, 'Errors'),
      above: 0,
      impact: `${loss}. ${functionName} fails: see its log group.`,
    },
    [`${type}-throttles`]: {
      metric: functionMetric(functionName, 'Throttles'),
      above: 0,
      impact: `${loss}. ${functionName} is not started for lack of concurrency: see the account's limit.`,
    },
    [`${type}-duration`]: {
      metric: functionMetric(functionName, 'Duration', 'p99'),
      above: SLOW_SHARE_OF_TIMEOUT * watched.functionTimeoutSeconds * 1_000,
      periods: SLOW_PERIODS,
      impact: `${loss} soon. ${functionName} is about to reach its timeout of ${watched.functionTimeoutSeconds} s.`,
    },
  };
}

function apiLimits({ api }: WatchedResources): Record<string, Limit> {
  return {
    'trading-api-errors': {
      metric: apiMetric(api.name, api.stage, '5XXError'),
      above: 0,
      impact: `callers get 5xx answers and have to send their orders again. See the access log of ${api.name}.`,
    },
    'trading-api-latency': {
      metric: apiMetric(api.name, api.stage, 'Latency', 'p99'),
      above: SLOW_API_MS,
      periods: SLOW_PERIODS,
      impact: `one caller in a hundred waits over ${SLOW_API_MS / 1_000} s for an answer, and may give up and retry.`,
    },
  };
}

function storageLimits({ table, queue, deadLetterQueue, stuckAfterSeconds }: WatchedResources): Record<string, Limit> {
  return {
    'orders-throttles': {
      metric: tableThrottles(table.name, table.index),
      above: 0,
      // Auto-scaling needs some minutes to answer a rise in load.
      periods: 2,
      impact: `orders are answered 503 or stay pending. ${table.name} has less capacity than the load asks for.`,
    },
    'order-queue-age': {
      metric: queueMetric(queue, 'ApproximateAgeOfOldestMessage'),
      above: stuckAfterSeconds,
      impact: `accepted orders have waited over ${stuckAfterSeconds} s and are not being processed.`,
    },
    'order-dead-letter-queue-not-empty': {
      metric: queueMetric(deadLetterQueue, 'ApproximateNumberOfMessagesVisible'),
      above: 0,
      impact: `an accepted order could not be processed and will not be retried. Read ${deadLetterQueue}, mend, redrive.`,
    },
  };
}
