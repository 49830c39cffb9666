/**
 * Alarms of a template, seen through the CloudWatch API.
 */
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import {
  CloudWatchClient,
  DescribeAlarmsCommand,
  ListTagsForResourceCommand,
  PutMetricDataCommand,
} from '@aws-sdk/client-cloudwatch';
import { emulatedStack, ownTags } from '../../../testing/emulated-stack.ts';
import { withEmulatedAccount } from '../../../testing/emulator.ts';

const ACCOUNT = '210000000002';
const account = await withEmulatedAccount({ after }, { account: ACCOUNT });

test('a composite alarm follows its children, carries tags, and may go before them', async () => {
  const cloudwatch = new CloudWatchClient(account.client);
  const alarms = emulatedStack(account, 'composite');
  const Child = {
    Type: 'AWS::CloudWatch::Alarm',
    Properties: {
      AlarmName: 'child',
      Namespace: 'Test',
      MetricName: 'Errors',
      Dimensions: [{ Name: 'Environment', Value: 'dev' }],
      Statistic: 'Maximum',
      Period: 60,
      EvaluationPeriods: 1,
      Threshold: 0,
      ComparisonOperator: 'GreaterThanThreshold',
    },
  };
  const Health = {
    Type: 'AWS::CloudWatch::CompositeAlarm',
    Properties: {
      AlarmName: 'health',
      AlarmRule: { 'Fn::Join': ['', ['ALARM("', { 'Fn::GetAtt': ['Child', 'Arn'] }, '")']] },
    },
  };
  const describe = async (): Promise<unknown> => {
    const { CompositeAlarms: [alarm] = [] } = await cloudwatch.send(
      new DescribeAlarmsCommand({ AlarmNames: ['health'], AlarmTypes: ['CompositeAlarm'] }),
    );
    return alarm?.StateValue;
  };
  const put = async (environment: string): Promise<unknown> =>
    cloudwatch.send(
      new PutMetricDataCommand({
        Namespace: 'Test',
        MetricData: [{ MetricName: 'Errors', Value: 1, Dimensions: [{ Name: 'Environment', Value: environment }] }],
      }),
    );

  const { Arn } = await alarms.put(
    { Child, Health },
    { outputs: { Arn: { 'Fn::GetAtt': ['Health', 'Arn'] } }, tags: { owner: 'a' } },
  );
  const { Tags } = await cloudwatch.send(new ListTagsForResourceCommand({ ResourceARN: Arn }));
  assert.deepEqual(ownTags(Tags), { owner: 'a' });
  assert.equal(await describe(), 'OK');
  await put('prod');
  assert.equal(await describe(), 'OK', 'data of another environment');
  await put('dev');
  assert.equal(await describe(), 'ALARM');

  await alarms.put({ Child });
  assert.equal(await describe(), undefined);
  await alarms.delete();
});

test('an alarm on metric math is described with its metrics', async () => {
  const cloudwatch = new CloudWatchClient(account.client);
  const math = emulatedStack(account, 'math');
  const Metrics = [
    { Id: 'all', Expression: 'a + b', ReturnData: true },
    ...['a', 'b'].map((Id) => ({
      Id,
      ReturnData: false,
      MetricStat: { Metric: { Namespace: 'Test', MetricName: Id }, Period: 60, Stat: 'Sum' },
    })),
  ];
  await math.put({
    Alarm: {
      Type: 'AWS::CloudWatch::Alarm',
      Properties: {
        AlarmName: 'math',
        Metrics,
        EvaluationPeriods: 1,
        Threshold: 1,
        ComparisonOperator: 'GreaterThanOrEqualToThreshold',
        TreatMissingData: 'notBreaching',
      },
    },
  });
  const { MetricAlarms: [alarm] = [] } = await cloudwatch.send(new DescribeAlarmsCommand({ AlarmNames: ['math'] }));
  assert.deepEqual(alarm?.Metrics, Metrics);
  assert.equal(alarm?.MetricName, undefined);
  await math.delete();
});
