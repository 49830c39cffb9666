/** Would anybody hear: are all alarms there, switched on and aimed at the topic, and is the dashboard there? */
import {
  type CompositeAlarm,
  type DescribeAlarmsCommandOutput,
  GetDashboardCommand,
  type MetricAlarm,
  paginateDescribeAlarms,
} from '@aws-sdk/client-cloudwatch';
import { DescribeRuleCommand, ListTargetsByRuleCommand } from '@aws-sdk/client-eventbridge';
import { resourceName } from '../../../environments/naming.ts';
import type { Check } from '../../core/check.ts';
import { assess, assessPresent, type Expectation, type Subject } from '../../core/validation/assess.ts';
import { exactly, including, satisfying } from '../../core/validation/matchers.ts';
import { type Observation, partOf } from '../../core/validation/observation.ts';
import type { AwsClients } from '../aws-clients.ts';
import type { Inventory } from './inventory.ts';
import { observe } from './observe.ts';
import { houseRemedy, type Probe, type ProbeContext } from './probe.ts';

const METRIC_ALARM = 'AWS::CloudWatch::Alarm';
const COMPOSITE_ALARM = 'AWS::CloudWatch::CompositeAlarm';
/** The most names DescribeAlarms takes. */
const NAMES_PER_CALL = 100;

export const alarms: Probe = {
  name: 'alarms',
  observe: async (context) => {
    const listed = alarmNames(context.inventory);
    const dashboard = lookAtDashboard(context);
    const release = resourceName('release-health', context.config.name);
    if (listed.state !== 'observed') {
      return [...assessPresent({ name: release }, 'alarm.present', listed, []), ...(await dashboard)];
    }
    const described = await describeAlarms(listed.value, context.clients);
    return [...listed.value.flatMap((name) => lookAt(name, described, context)), ...(await dashboard)];
  },
};

export interface DescribedAlarms {
  readonly metric: readonly MetricAlarm[];
  readonly composite: readonly CompositeAlarm[];
}

/** Names of the alarms the monitoring stack made. */
export function alarmNames(inventory: Inventory): Observation<readonly string[]> {
  const metric = inventory.idsOf('monitoring', METRIC_ALARM);
  const composite = inventory.idsOf('monitoring', COMPOSITE_ALARM);
  if (metric.state !== 'observed' || composite.state !== 'observed') return metric;
  const names = [...metric.value, ...composite.value].map((id) => id.replace(/^arn:.*:alarm:/, ''));
  return { state: 'observed', value: names.sort() };
}

/** The alarms of these names that there are. */
export const describeAlarms = (
  names: readonly string[],
  { cloudwatch }: AwsClients,
): Promise<Observation<DescribedAlarms>> =>
  observe(async () => {
    const pages: DescribeAlarmsCommandOutput[] = [];
    for (let start = 0; start < names.length; start += NAMES_PER_CALL) {
      const request = {
        AlarmNames: names.slice(start, start + NAMES_PER_CALL),
        AlarmTypes: ['MetricAlarm' as const, 'CompositeAlarm' as const],
      };
      for await (const page of paginateDescribeAlarms({ client: cloudwatch }, request)) pages.push(page);
    }
    return {
      metric: pages.flatMap(({ MetricAlarms }) => MetricAlarms ?? []),
      composite: pages.flatMap(({ CompositeAlarms }) => CompositeAlarms ?? []),
    };
  });

function lookAt(name: string, described: Observation<DescribedAlarms>, context: ProbeContext): Check[] {
  const composite = partOf(described, (all) => all.composite.find(({ AlarmName }) => AlarmName === name));
  const house = houseRemedy(context);
  if (composite.state === 'observed') {
    const subject: Subject = { name, resource: { type: COMPOSITE_ALARM, id: name } };
    return assessPresent(subject, 'alarm.present', composite, [actionsEnabled(name)]);
  }
  const alarm = partOf(described, (all) => all.metric.find(({ AlarmName }) => AlarmName === name));
  const topic = resourceName('trading-alarms', context.config.name);
  const declared = declaredAlarm(name, context.inventory);
  const subject: Subject = { name, resource: { type: METRIC_ALARM, id: name } };
  const checks = assessPresent<MetricAlarm>(subject, 'alarm.present', alarm, [
    actionsEnabled(name),
    {
      id: 'alarm.notifies',
      expected: including([topic]),
      actual: ({ AlarmActions }) => AlarmActions?.map((arn) => arn.split(':').at(-1)),
      remedy: house,
    },
  ]);
  if (alarm.state === 'missing') return checks;
  const declaredRule = assess(subject, context.inventory.given('monitoring', alarm), [
    {
      id: 'alarm.threshold',
      expected: exactly(ruleOf(declared)),
      actual: (found) => ruleOf(found),
      remedy: house,
    },
  ]);
  return [...checks, ...declaredRule];
}

const actionsEnabled = (name: string): Expectation<Pick<MetricAlarm, 'ActionsEnabled'>> => ({
  id: 'alarm.actions-enabled',
  expected: exactly(true),
  actual: ({ ActionsEnabled }) => ActionsEnabled ?? false,
  remedy: `Somebody silenced ${name}: switch its actions on again.`,
});

/** When an alarm rings. The same names in template and answer. */
type Rule = Pick<MetricAlarm, 'Threshold' | 'ComparisonOperator' | 'EvaluationPeriods' | 'TreatMissingData'>;

const ruleOf = ({ Threshold, ComparisonOperator, EvaluationPeriods, TreatMissingData }: Rule): Rule => ({
  Threshold,
  ComparisonOperator,
  EvaluationPeriods,
  TreatMissingData,
});

function declaredAlarm(name: string, inventory: Inventory): Rule {
  const { template } = inventory.stack('monitoring');
  if (template.state !== 'observed') return {};
  const declared = Object.values(template.value).find(({ Properties }) => Properties?.['AlarmName'] === name);
  return declared?.Properties ?? {};
}

async function lookAtDashboard(context: ProbeContext): Promise<Check[]> {
  const name = resourceName('trading-platform', context.config.name);
  const dashboard = await observe((options) =>
    context.clients.cloudwatch.send(new GetDashboardCommand({ DashboardName: name }), options),
  );
  return assessPresent(
    { name, resource: { type: 'AWS::CloudWatch::Dashboard', id: name } },
    'dashboard.present',
    dashboard,
    [
      {
        id: 'dashboard.widgets',
        expected: satisfying('at least one', (actual) => typeof actual === 'number' && actual > 0),
        actual: ({ DashboardBody }) =>
          (JSON.parse(DashboardBody ?? '{}') as { widgets?: unknown[] }).widgets?.length ?? 0,
        remedy: houseRemedy(context),
      },
    ],
  );
}

/** Failed stack updates reach the topic through this rule. */
export const eventRule: Probe = {
  name: 'event rule',
  observe: async (context) => {
    const id = context.inventory.idOf('monitoring', 'AWS::Events::Rule');
    if (id.state !== 'observed') {
      return assessPresent({ name: `failed-stacks-${context.config.name}` }, 'event-rule.present', id, []);
    }
    const { eventbridge } = context.clients;
    // The physical id is the name, or `bus|name`.
    const name = id.value.split('|').at(-1) ?? id.value;
    const [rule, targets] = await Promise.all([
      observe((options) => eventbridge.send(new DescribeRuleCommand({ Name: name }), options)),
      observe((options) => eventbridge.send(new ListTargetsByRuleCommand({ Rule: name }), options)),
    ]);
    const subject: Subject = { name, resource: { type: 'AWS::Events::Rule', id: id.value } };
    const house = houseRemedy(context);
    const checks = assessPresent(subject, 'event-rule.present', rule, [
      { id: 'event-rule.enabled', expected: exactly('ENABLED'), actual: ({ State }) => State, remedy: house },
    ]);
    if (rule.state === 'missing') return checks;
    return [
      ...checks,
      ...assess(subject, targets, [
        {
          id: 'event-rule.notifies',
          expected: including([resourceName('trading-alarms', context.config.name)]),
          actual: ({ Targets }) => Targets?.map(({ Arn }) => Arn?.split(':').at(-1)),
          remedy: house,
        },
      ]),
    ];
  },
};
