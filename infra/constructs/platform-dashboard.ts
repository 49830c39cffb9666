/** One page per environment, read from left to right as an order travels; alarms first. */
import {
  AlarmStatusWidget,
  Dashboard,
  GraphWidget,
  type IAlarm,
  type IMetric,
  type IWidget,
} from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import {
  apiMetric,
  functionMetric,
  queueMetric,
  tableMetric,
  tableThrottles,
  type WatchedResources,
} from './platform-metrics.ts';

export interface PlatformDashboardProps {
  readonly dashboardName: string;
  readonly watched: WatchedResources;
  readonly alarms: readonly IAlarm[];
}

/** Columns of the grid: https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CloudWatch-Dashboard-Body-Structure.html */
const GRID_COLUMNS = 24;
const QUANTILES = ['p50', 'p99'];

export class PlatformDashboard extends Construct {
  constructor(scope: Construct, id: string, props: PlatformDashboardProps) {
    super(scope, id);
    const { watched } = props;
    new Dashboard(this, 'Dashboard', {
      dashboardName: props.dashboardName,
      widgets: [
        [new AlarmStatusWidget({ title: 'Alarms', alarms: [...props.alarms], width: GRID_COLUMNS })],
        apiWidgets(watched),
        functionWidgets(watched),
        storageWidgets(watched),
      ],
    });
  }
}

const graph = (title: string, left: IMetric[], columns: number): IWidget =>
  new GraphWidget({ title, left, width: GRID_COLUMNS / columns });

function apiWidgets({ api }: WatchedResources): IWidget[] {
  const count = (name: string) => apiMetric(api.name, api.stage, name);
  return [
    graph('Requests', [count('Count')], 3),
    graph('Refused and failed', [count('4XXError'), count('5XXError')], 3),
    graph(
      'Answer time, ms',
      QUANTILES.map((quantile) => apiMetric(api.name, api.stage, 'Latency', quantile)),
      3,
    ),
  ];
}

function functionWidgets({ functions }: WatchedResources): IWidget[] {
  return Object.values(functions).flatMap((name) => [
    graph(
      `${name}: calls and failures`,
      ['Invocations', 'Errors', 'Throttles'].map((metric) => functionMetric(name, metric)),
      4,
    ),
    graph(
      `${name}: duration, ms`,
      QUANTILES.map((quantile) => functionMetric(name, 'Duration', quantile)),
      4,
    ),
  ]);
}

function storageWidgets({ queue, deadLetterQueue, table }: WatchedResources): IWidget[] {
  const waiting = (name: string) => queueMetric(name, 'ApproximateNumberOfMessagesVisible');
  return [
    graph('Messages waiting', [waiting(queue), waiting(deadLetterQueue)], 4),
    graph('Age of the oldest order, s', [queueMetric(queue, 'ApproximateAgeOfOldestMessage')], 4),
    graph(
      'Capacity used',
      ['ConsumedReadCapacityUnits', 'ConsumedWriteCapacityUnits'].map((metric) => tableMetric(table.name, metric)),
      4,
    ),
    graph('Table and index throttles', [tableThrottles(table.name, table.index)], 4),
  ];
}
