/** Breaks of alarms, dashboard and event rule. */
import {
  DeleteAlarmsCommand,
  DeleteDashboardsCommand,
  DescribeAlarmsCommand,
  DisableAlarmActionsCommand,
  EnableAlarmActionsCommand,
  GetDashboardCommand,
  ListTagsForResourceCommand as ListAlarmTags,
  type MetricAlarm,
  PutDashboardCommand,
  PutMetricAlarmCommand,
  SetAlarmStateCommand,
  TagResourceCommand as TagAlarm,
} from '@aws-sdk/client-cloudwatch';
import {
  DeleteRuleCommand,
  DescribeRuleCommand,
  DisableRuleCommand,
  EnableRuleCommand,
  ListTagsForResourceCommand as ListRuleTags,
  ListTargetsByRuleCommand,
  PutRuleCommand,
  PutTargetsCommand,
  RemoveTargetsCommand,
} from '@aws-sdk/client-eventbridge';
import { resourceName } from '../../../environments/naming.ts';
import type { DeployedEnvironment } from '../deployed-environment.ts';
import type { Break } from './break.ts';

/** One that no composite alarm refers to. */
const alarmName = ({ config }: DeployedEnvironment): string => `drifted-resources-${config.name}`;
const dashboardName = ({ config }: DeployedEnvironment): string => resourceName('trading-platform', config.name);

/** What DescribeAlarms answers and PutMetricAlarm takes. */
const settingsOf = ({
  AlarmName,
  AlarmDescription,
  ActionsEnabled,
  AlarmActions,
  MetricName,
  Namespace,
  Statistic,
  Dimensions,
  Period,
  EvaluationPeriods,
  Threshold,
  ComparisonOperator,
  TreatMissingData,
}: MetricAlarm) => ({
  AlarmName,
  AlarmDescription,
  ActionsEnabled,
  AlarmActions,
  MetricName,
  Namespace,
  Statistic,
  Dimensions,
  Period,
  EvaluationPeriods,
  Threshold,
  ComparisonOperator,
  TreatMissingData,
});

async function describeAlarm(environment: DeployedEnvironment) {
  const { cloudwatch } = environment.clients;
  const { MetricAlarms } = await cloudwatch.send(new DescribeAlarmsCommand({ AlarmNames: [alarmName(environment)] }));
  const alarm = MetricAlarms?.[0] ?? {};
  const { Tags } = await cloudwatch.send(new ListAlarmTags({ ResourceARN: alarm.AlarmArn }));
  return { settings: settingsOf(alarm), tags: Tags?.filter(({ Key }) => !Key?.startsWith('aws:')) };
}

const alarm = (id: string, change: Partial<ReturnType<typeof settingsOf>>): Break => ({
  id,
  of: alarmName,
  apply: async (environment) => {
    const { cloudwatch } = environment.clients;
    const { settings } = await describeAlarm(environment);
    await cloudwatch.send(new PutMetricAlarmCommand({ ...settings, ...change }));
    return () => cloudwatch.send(new PutMetricAlarmCommand(settings));
  },
});

const ALARM_BREAKS: readonly Break[] = [
  alarm('alarm.notifies', { AlarmActions: [] }),
  alarm('alarm.threshold', { Threshold: 1000 }),
  {
    id: 'alarm.actions-enabled',
    of: alarmName,
    apply: async (environment) => {
      const request = { AlarmNames: [alarmName(environment)] };
      await environment.clients.cloudwatch.send(new DisableAlarmActionsCommand(request));
      return () => environment.clients.cloudwatch.send(new EnableAlarmActionsCommand(request));
    },
  },
  {
    id: 'alarm.present',
    of: alarmName,
    apply: async (environment) => {
      const { cloudwatch } = environment.clients;
      const { settings, tags } = await describeAlarm(environment);
      await cloudwatch.send(new DeleteAlarmsCommand({ AlarmNames: [alarmName(environment)] }));
      return () => cloudwatch.send(new PutMetricAlarmCommand({ ...settings, Tags: tags }));
    },
  },
  {
    id: 'baseline.alarms',
    of: ({ config }) => config.name,
    apply: async (environment) => {
      const AlarmName = `order-intake-errors-${environment.config.name}`;
      const set = (StateValue: 'ALARM' | 'OK') =>
        environment.clients.cloudwatch.send(new SetAlarmStateCommand({ AlarmName, StateValue, StateReason: 'a test' }));
      await set('ALARM');
      return () => set('OK');
    },
  },
  {
    id: 'dashboard.widgets',
    of: dashboardName,
    apply: async (environment) => {
      const { cloudwatch } = environment.clients;
      const DashboardName = dashboardName(environment);
      const { DashboardBody } = await cloudwatch.send(new GetDashboardCommand({ DashboardName }));
      await cloudwatch.send(new PutDashboardCommand({ DashboardName, DashboardBody: '{"widgets":[]}' }));
      return () => cloudwatch.send(new PutDashboardCommand({ DashboardName, DashboardBody }));
    },
  },
  {
    id: 'dashboard.present',
    of: dashboardName,
    apply: async (environment) => {
      const { cloudwatch } = environment.clients;
      const DashboardName = dashboardName(environment);
      const { DashboardBody, DashboardArn } = await cloudwatch.send(new GetDashboardCommand({ DashboardName }));
      const { Tags } = await cloudwatch.send(new ListAlarmTags({ ResourceARN: DashboardArn }));
      await cloudwatch.send(new DeleteDashboardsCommand({ DashboardNames: [DashboardName] }));
      return async () => {
        await cloudwatch.send(new PutDashboardCommand({ DashboardName, DashboardBody }));
        const own = Tags?.filter(({ Key }) => !Key?.startsWith('aws:'));
        await cloudwatch.send(new TagAlarm({ ResourceARN: DashboardArn, Tags: own }));
      };
    },
  },
];

const ruleName = ({ config }: DeployedEnvironment): string => `failed-stacks-${config.name}`;

const RULE_BREAKS: readonly Break[] = [
  {
    id: 'event-rule.enabled',
    of: ruleName,
    apply: async (environment) => {
      const request = { Name: ruleName(environment) };
      await environment.clients.eventbridge.send(new DisableRuleCommand(request));
      return () => environment.clients.eventbridge.send(new EnableRuleCommand(request));
    },
  },
  {
    id: 'event-rule.notifies',
    of: ruleName,
    apply: async (environment) => {
      const { eventbridge } = environment.clients;
      const Rule = ruleName(environment);
      const { Targets = [] } = await eventbridge.send(new ListTargetsByRuleCommand({ Rule }));
      await eventbridge.send(new RemoveTargetsCommand({ Rule, Ids: Targets.map(({ Id }) => Id ?? '') }));
      return () => eventbridge.send(new PutTargetsCommand({ Rule, Targets }));
    },
  },
  {
    id: 'event-rule.present',
    of: ruleName,
    apply: async (environment) => {
      const { eventbridge } = environment.clients;
      const Name = ruleName(environment);
      const { EventPattern, Description, Arn } = await eventbridge.send(new DescribeRuleCommand({ Name }));
      const { Targets = [] } = await eventbridge.send(new ListTargetsByRuleCommand({ Rule: Name }));
      const { Tags } = await eventbridge.send(new ListRuleTags({ ResourceARN: Arn }));
      await eventbridge.send(new RemoveTargetsCommand({ Rule: Name, Ids: Targets.map(({ Id }) => Id ?? '') }));
      await eventbridge.send(new DeleteRuleCommand({ Name }));
      return async () => {
        const own = Tags?.filter(({ Key }) => !Key?.startsWith('aws:'));
        await eventbridge.send(new PutRuleCommand({ Name, EventPattern, Description, Tags: own }));
        await eventbridge.send(new PutTargetsCommand({ Rule: Name, Targets }));
      };
    },
  },
];

export const ALARM_AND_RULE_BREAKS: readonly Break[] = [...ALARM_BREAKS, ...RULE_BREAKS];
