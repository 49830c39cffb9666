import assert from 'node:assert/strict';
import { it } from 'node:test';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { testEnvironment } from '../testing/test-environment.ts';
import { stackProps, testApp } from '../testing/test-stack.ts';
import { MonitoringStack } from './monitoring-stack.ts';

const template = Template.fromStack(new MonitoringStack(testApp(), 'Monitoring', stackProps(testEnvironment())));
const alarms = Object.entries(template.findResources('AWS::CloudWatch::Alarm')).map(([logicalId, { Properties }]) => ({
  logicalId,
  ...Properties,
}));
const alarm = (name: string) => alarms.find(({ AlarmName }) => AlarmName === `${name}-test`);

const ORDER_FLOW: Record<string, { metric?: string; threshold: number; statistic?: string }> = {
  'order-intake-errors': { metric: 'Errors', threshold: 0, statistic: 'Sum' },
  'order-intake-throttles': { metric: 'Throttles', threshold: 0, statistic: 'Sum' },
  'order-intake-duration': { metric: 'Duration', threshold: 28_000, statistic: 'p99' },
  'order-processing-errors': { metric: 'Errors', threshold: 0, statistic: 'Sum' },
  'order-processing-throttles': { metric: 'Throttles', threshold: 0, statistic: 'Sum' },
  'order-processing-duration': { metric: 'Duration', threshold: 28_000, statistic: 'p99' },
  'trading-api-errors': { metric: '5XXError', threshold: 0, statistic: 'Sum' },
  'trading-api-latency': { metric: 'Latency', threshold: 3_000, statistic: 'p99' },
  'orders-throttles': { threshold: 0 },
  'order-queue-age': { metric: 'ApproximateAgeOfOldestMessage', threshold: 430, statistic: 'Maximum' },
  'order-dead-letter-queue-not-empty': {
    metric: 'ApproximateNumberOfMessagesVisible',
    threshold: 0,
    statistic: 'Maximum',
  },
};

for (const [name, { metric, threshold, statistic }] of Object.entries(ORDER_FLOW)) {
  it(`alarms on ${name}`, () => {
    const found = alarm(name);
    assert.deepEqual(
      [found?.MetricName, found?.Threshold, found?.Statistic ?? found?.ExtendedStatistic, found?.ComparisonOperator],
      [metric, threshold, statistic, 'GreaterThanThreshold'],
    );
  });
}

it('counts throttles of reads and writes, of table and index', () => {
  const metrics = alarm('orders-throttles')?.Metrics.flatMap(
    ({
      MetricStat,
    }: {
      MetricStat?: { Metric: { MetricName: string; Dimensions: { Name: string; Value: string }[] } };
    }) =>
      MetricStat
        ? [[MetricStat.Metric.MetricName, ...MetricStat.Metric.Dimensions.map(({ Value }) => Value)].join(' ')]
        : [],
  );
  assert.deepEqual(metrics, [
    'ReadThrottleEvents orders-test',
    'WriteThrottleEvents orders-test',
    'ReadThrottleEvents by-customer orders-test',
    'WriteThrottleEvents by-customer orders-test',
  ]);
});

for (const [name, metric] of [
  ['drifted-resources', 'DriftedResources'],
  ['drift-unchecked', 'UncheckedResources'],
] as const) {
  it(`alarms on ${metric}, until a check says otherwise`, () => {
    const found = alarm(name);
    assert.deepEqual(
      [found?.Namespace, found?.MetricName, found?.Dimensions, found?.Threshold, found?.TreatMissingData],
      ['TradingPlatform/GitOps', metric, [{ Name: 'Environment', Value: 'test' }], 0, 'ignore'],
    );
  });
}

it('alarms when drift data is missing for over a day', () => {
  const missing = alarm('drift-data-missing');
  assert.deepEqual(
    [missing?.Statistic, missing?.ComparisonOperator, missing?.Threshold, missing?.TreatMissingData],
    ['SampleCount', 'LessThanThreshold', 1, 'breaching'],
  );
  assert.ok(missing?.Period * missing?.EvaluationPeriods > 86_400);
});

it('has no alarm besides', () => {
  const names = [...Object.keys(ORDER_FLOW), 'drifted-resources', 'drift-unchecked', 'drift-data-missing'].map(
    (name) => `${name}-test`,
  );
  assert.deepEqual(alarms.map(({ AlarmName }) => AlarmName).sort(), names.sort());
});

it('counts the order flow into the health of a release, and drift not', () => {
  const [health] = Object.values(template.findResources('AWS::CloudWatch::CompositeAlarm'));
  assert.equal(health?.['Properties'].AlarmName, 'release-health-test');
  const rule = JSON.stringify(health?.['Properties'].AlarmRule);
  const counted = alarms.filter(({ logicalId }) => rule.includes(`"${logicalId}"`)).map(({ AlarmName }) => AlarmName);
  assert.deepEqual(
    counted.sort(),
    Object.keys(ORDER_FLOW)
      .map((name) => `${name}-test`)
      .sort(),
  );
});

it('tells the topic of failed operations on the stacks of this environment, and of no other', () => {
  const [rule] = Object.values(template.findResources('AWS::Events::Rule'));
  const { 'stack-id': stacks, 'status-details': details } = rule?.['Properties']?.EventPattern.detail ?? {};
  assert.equal(stacks.length, 7);
  assert.ok(
    stacks.every(({ prefix }: { prefix: string }) =>
      /^arn:aws:cloudformation:eu-west-1:111122223333:stack\/trading-[a-z0-9]+-test\/$/.test(prefix),
    ),
  );
  assert.ok(details.status.includes('UPDATE_ROLLBACK_COMPLETE'), 'an update that was taken back has failed');
  template.hasResourceProperties('AWS::Events::Rule', { Targets: [{ Arn: { Ref: Match.stringLikeRegexp('Topic') } }] });
});

it('shows functions, API, table and queues on the dashboard', () => {
  const [dashboard] = Object.values(template.findResources('AWS::CloudWatch::Dashboard'));
  assert.equal(dashboard?.['Properties'].DashboardName, 'trading-platform-test');
  const body = JSON.stringify(dashboard?.['Properties'].DashboardBody);
  for (const name of [
    'order-intake',
    'order-processing',
    'trading-api',
    'orders',
    'order-queue',
    'order-dead-letter-queue',
  ]) {
    assert.ok(body.includes(`\\"${name}-test\\"`), name);
  }
});

it('publishes the topic', () => {
  template.hasResourceProperties('AWS::SSM::Parameter', { Name: '/trading-platform/test/alarm-topic-arn' });
});
