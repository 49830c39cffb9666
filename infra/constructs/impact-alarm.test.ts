import { it } from 'node:test';
import { Match } from 'aws-cdk-lib/assertions';
import { ComparisonOperator, Metric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { testStack } from '../testing/test-stack.ts';
import { ImpactAlarm, type ImpactAlarmProps } from './impact-alarm.ts';

const alarm = (props: Partial<ImpactAlarmProps> = {}) =>
  testStack((stack) => {
    new ImpactAlarm(stack, 'Alarm', {
      alarmName: 'late-test',
      impact: 'parcels are late.',
      metric: new Metric({ namespace: 'Test', metricName: 'Late' }),
      threshold: 3,
      comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
      evaluationPeriods: 2,
      action: new SnsAction(new Topic(stack, 'Topic')),
      ...props,
    });
  });

it('says its impact and tells the topic', () => {
  alarm().hasResourceProperties('AWS::CloudWatch::Alarm', {
    AlarmName: 'late-test',
    AlarmDescription: 'Impact: parcels are late.',
    AlarmActions: [{ Ref: Match.stringLikeRegexp('^Topic') }],
    Threshold: 3,
    EvaluationPeriods: 2,
  });
});

it('takes missing data for quiet, unless told otherwise', () => {
  alarm().hasResourceProperties('AWS::CloudWatch::Alarm', { TreatMissingData: 'notBreaching' });
  alarm({ treatMissingData: TreatMissingData.BREACHING }).hasResourceProperties('AWS::CloudWatch::Alarm', {
    TreatMissingData: 'breaching',
  });
});
