/**
 * What people are told: alarms on the order flow, alarms on drift, one composite that says whether a release is well,
 * a dashboard, and failed stack updates. All of it goes to one topic.
 */
import { Duration } from 'aws-cdk-lib';
import {
  AlarmRule,
  AlarmState,
  ComparisonOperator,
  CompositeAlarm,
  type IAlarmAction,
  Metric,
  TreatMissingData,
} from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { Match, Rule } from 'aws-cdk-lib/aws-events';
import { SnsTopic } from 'aws-cdk-lib/aws-events-targets';
import type { Topic } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';
import { COMPONENTS, DRIFT_METRIC, resourceName, stackName } from '../../environments/naming.ts';
import { AlarmTopic } from '../constructs/alarm-topic.ts';
import { IMPACT_LABEL, ImpactAlarm } from '../constructs/impact-alarm.ts';
import { OrderFlowAlarms } from '../constructs/order-flow-alarms.ts';
import { PlatformDashboard } from '../constructs/platform-dashboard.ts';
import { BaseStack, type BaseStackProps } from './base-stack.ts';
import { watchedResources } from './watched-resources.ts';

export class MonitoringStack extends BaseStack {
  constructor(scope: Construct, id: string, props: BaseStackProps) {
    super(scope, id, { description: 'Alarms and dashboard of the trading platform', ...props });
    const { name, monitoring } = props.environment;
    const watched = watchedResources(props.environment);

    const { topic } = new AlarmTopic(this, 'Alarms', {
      topicName: resourceName('trading-alarms', name),
      emails: monitoring.notificationEmails,
    });
    const action = new SnsAction(topic);

    const orderFlow = new OrderFlowAlarms(this, 'OrderFlow', { environment: name, action, watched });
    // Without the drift alarms: what a release left behind must not keep the next one, or a rollback, from passing.
    new CompositeAlarm(this, 'ReleaseHealth', {
      compositeAlarmName: resourceName('release-health', name),
      alarmDescription: `${IMPACT_LABEL} orders are failing or late; the release in ${name} is not healthy.`,
      alarmRule: AlarmRule.anyOf(...orderFlow.alarms.map((alarm) => AlarmRule.fromAlarm(alarm, AlarmState.ALARM))),
    });
    this.alarmOnDrift(action);
    this.reportFailedStacks(topic);
    new PlatformDashboard(this, 'Dashboard', {
      dashboardName: resourceName('trading-platform', name),
      watched,
      alarms: orderFlow.alarms,
    });

    this.publish('alarm-topic-arn', topic.topicArn, 'Where alarms and failed stack updates are sent');
  }

  private alarmOnDrift(action: IAlarmAction): void {
    const environment = this.environmentConfig.name;
    new ImpactAlarm(this, 'Drifted', {
      alarmName: `drifted-resources-${environment}`,
      impact: `resources of ${environment} are not what Git says; the next deployment may fail or undo a repair. See the drift report.`,
      metric: driftMetric(environment, DRIFT_METRIC.name, 'Maximum'),
      threshold: 0,
      comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
      evaluationPeriods: 1,
      treatMissingData: UNTIL_NEXT_CHECK,
      action,
    });
    new ImpactAlarm(this, 'Unchecked', {
      alarmName: `drift-unchecked-${environment}`,
      impact: `resources of ${environment} could not be checked for drift; changes by hand to them go unseen. See the drift report for which and why.`,
      metric: driftMetric(environment, DRIFT_METRIC.unchecked, 'Maximum'),
      threshold: 0,
      comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
      evaluationPeriods: 1,
      treatMissingData: UNTIL_NEXT_CHECK,
      action,
    });
    // Hours, not one period of a day: with a single period CloudWatch looks further back and alarms a day late.
    new ImpactAlarm(this, 'DriftUnknown', {
      alarmName: `drift-data-missing-${environment}`,
      impact: `nobody has checked ${environment} for drift for over a day; changes by hand go unseen. See whether the drift workflow still runs.`,
      metric: driftMetric(environment, DRIFT_METRIC.name, 'SampleCount'),
      threshold: 1,
      comparisonOperator: ComparisonOperator.LESS_THAN_THRESHOLD,
      evaluationPeriods: 25,
      treatMissingData: TreatMissingData.BREACHING,
      action,
    });
  }

  /** Stacks of this environment that failed, or that CloudFormation took back, whoever deployed them. */
  private reportFailedStacks(topic: Topic): void {
    const stackId = (name: string) =>
      this.formatArn({ service: 'cloudformation', resource: 'stack', resourceName: `${name}/` });
    new Rule(this, 'FailedStacks', {
      ruleName: `failed-stacks-${this.environmentConfig.name}`,
      description: 'Failed stack operations of this environment, to the alarm topic',
      eventPattern: {
        source: ['aws.cloudformation'],
        detailType: ['CloudFormation Stack Status Change'],
        detail: {
          'stack-id': COMPONENTS.flatMap((component) =>
            Match.prefix(stackId(stackName(component, this.environmentConfig.name))),
          ),
          'status-details': { status: FAILED_STATUSES },
        },
      },
      targets: [new SnsTopic(topic)],
    });
  }
}

const FAILED_STATUSES = [
  'CREATE_FAILED',
  'DELETE_FAILED',
  'ROLLBACK_COMPLETE',
  'ROLLBACK_FAILED',
  'UPDATE_FAILED',
  'UPDATE_ROLLBACK_COMPLETE',
  'UPDATE_ROLLBACK_FAILED',
];

/**
 * Checks come hours apart: until the next one speaks, what the last one found stands. Were silence fine, an alarm would
 * clear itself an hour after it rang, and ring again with each check. That nobody looks at all is an alarm of its own.
 */
const UNTIL_NEXT_CHECK = TreatMissingData.IGNORE;

/** Written by every drift check, zero included, so that silence means nobody looked. */
function driftMetric(environment: string, metricName: string, statistic: string): Metric {
  return new Metric({
    namespace: DRIFT_METRIC.namespace,
    metricName,
    dimensionsMap: { Environment: environment },
    statistic,
    period: Duration.hours(1),
  });
}
