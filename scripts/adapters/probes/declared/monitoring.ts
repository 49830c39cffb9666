/** Declared properties of alarms, dashboard, event rule, topic, key and published parameters. */
import { GetDashboardCommand } from '@aws-sdk/client-cloudwatch';
import { DescribeRuleCommand, ListTargetsByRuleCommand } from '@aws-sdk/client-eventbridge';
import {
  DescribeKeyCommand,
  GetKeyPolicyCommand,
  GetKeyRotationStatusCommand,
  paginateListAliases,
} from '@aws-sdk/client-kms';
import { GetTopicAttributesCommand, paginateListSubscriptionsByTopic, type Subscription } from '@aws-sdk/client-sns';
import { GetParameterCommand, type ParameterMetadata, paginateDescribeParameters } from '@aws-sdk/client-ssm';
import { PROJECT } from '../../../../environments/naming.ts';
import { alarmNames, type DescribedAlarms, describeAlarms } from '../alarms.ts';
import type { ProbeContext } from '../probe.ts';
import { GoneError, lastPart, parsed, type Readers, there } from './reader.ts';

export const MONITORING_READERS: Readers = {
  'AWS::CloudWatch::Alarm': {
    read: async ({ physicalId, context }) => {
      const { metric } = await allAlarms(context);
      const found = there(
        metric.find(({ AlarmName }) => AlarmName === physicalId),
        physicalId,
      );
      const { AlarmActions, AlarmDescription, AlarmName, ActionsEnabled, ComparisonOperator, DatapointsToAlarm } =
        found;
      const { Dimensions, EvaluationPeriods, ExtendedStatistic, InsufficientDataActions, MetricName, Namespace } =
        found;
      const { Metrics, OKActions, Period, Statistic, Threshold, TreatMissingData, Unit } = found;
      return {
        ...{ AlarmActions, AlarmDescription, AlarmName, ActionsEnabled, ComparisonOperator, DatapointsToAlarm },
        ...{ Dimensions, EvaluationPeriods, ExtendedStatistic, InsufficientDataActions, MetricName, Namespace },
        ...{ Metrics, OKActions, Period, Statistic, Threshold, TreatMissingData, Unit },
      };
    },
  },
  'AWS::CloudWatch::CompositeAlarm': {
    read: async ({ declared, physicalId, context }) => {
      const { composite } = await allAlarms(context);
      const found = there(
        composite.find(({ AlarmName }) => AlarmName === declared['AlarmName']),
        physicalId,
      );
      const { ActionsEnabled, AlarmActions, AlarmDescription, AlarmName, AlarmRule, OKActions } = found;
      return { ActionsEnabled, AlarmActions, AlarmDescription, AlarmName, AlarmRule, OKActions };
    },
  },
  'AWS::CloudWatch::Dashboard': {
    read: async ({ physicalId, context: { clients } }) => {
      const { DashboardBody, DashboardName } = await clients.cloudwatch.send(
        new GetDashboardCommand({ DashboardName: lastPart(physicalId, '/') }),
      );
      return { DashboardBody, DashboardName };
    },
  },
  'AWS::Events::Rule': {
    read: async ({ physicalId, context: { clients } }) => {
      const name = lastPart(physicalId, '|');
      const [rule, { Targets }] = await Promise.all([
        clients.eventbridge.send(new DescribeRuleCommand({ Name: name })),
        clients.eventbridge.send(new ListTargetsByRuleCommand({ Rule: name })),
      ]);
      const { Description, EventPattern, Name, State } = rule;
      return { Description, EventPattern: parsed(EventPattern), Name, State, Targets };
    },
  },
  'AWS::SNS::Topic': {
    read: async ({ physicalId, context: { clients } }) => {
      const { Attributes } = await clients.sns.send(new GetTopicAttributesCommand({ TopicArn: physicalId }));
      const { KmsMasterKeyId, DisplayName } = Attributes ?? {};
      return { DisplayName, KmsMasterKeyId, TopicName: lastPart(physicalId, ':') };
    },
  },
  'AWS::SNS::TopicPolicy': {
    read: async ({ declared: { Topics }, context: { clients } }) => {
      const [TopicArn] = Topics as readonly string[];
      const { Attributes } = await clients.sns.send(new GetTopicAttributesCommand({ TopicArn }));
      return { PolicyDocument: parsed(Attributes?.['Policy']), Topics };
    },
  },
  'AWS::SNS::Subscription': {
    read: async ({ declared, physicalId, context: { clients } }) => {
      const TopicArn = String(declared['TopicArn']);
      const all: Subscription[] = [];
      for await (const page of paginateListSubscriptionsByTopic({ client: clients.sns }, { TopicArn })) {
        all.push(...(page.Subscriptions ?? []));
      }
      // One that nobody confirmed yet has no ARN.
      const found = all.find(
        (each) => each.Endpoint === declared['Endpoint'] && each.Protocol === declared['Protocol'],
      );
      const { Endpoint, Protocol } = there(found, physicalId);
      return { Endpoint, Protocol, TopicArn: found?.TopicArn };
    },
  },
  'AWS::KMS::Key': {
    read: async ({ physicalId: KeyId, context: { clients } }) => {
      const [{ KeyMetadata }, { Policy }, { KeyRotationEnabled }] = await Promise.all([
        clients.kms.send(new DescribeKeyCommand({ KeyId })),
        clients.kms.send(new GetKeyPolicyCommand({ KeyId, PolicyName: 'default' })),
        clients.kms.send(new GetKeyRotationStatusCommand({ KeyId })),
      ]);
      return {
        Description: KeyMetadata?.Description,
        Enabled: KeyMetadata?.KeyState === 'Enabled',
        EnableKeyRotation: KeyRotationEnabled,
        KeyPolicy: parsed(Policy),
      };
    },
  },
  'AWS::KMS::Alias': {
    read: async ({ declared, physicalId, context: { clients } }) => {
      const target = String(declared['TargetKeyId']);
      for await (const { Aliases } of paginateListAliases({ client: clients.kms }, {})) {
        const found = Aliases?.find(({ AliasName }) => AliasName === declared['AliasName']);
        if (found === undefined) continue;
        const { AliasName, TargetKeyId = '' } = found;
        return { AliasName, TargetKeyId: lastPart(target, '/') === TargetKeyId ? target : TargetKeyId };
      }
      throw new GoneError(physicalId);
    },
  },
  'AWS::SSM::Parameter': {
    read: async ({ physicalId, context }) => {
      const [{ Parameter }, all] = await Promise.all([
        context.clients.ssm.send(new GetParameterCommand({ Name: physicalId })),
        describedParameters(context),
      ]);
      const { Description, Tier } = there(
        all.find(({ Name }) => Name === physicalId),
        physicalId,
      );
      return { Description, Name: Parameter?.Name, Tier, Type: Parameter?.Type, Value: Parameter?.Value };
    },
  },
};

/** As the probe of the alarms lists them. */
async function allAlarms({ inventory, clients }: ProbeContext): Promise<DescribedAlarms> {
  const names = alarmNames(inventory);
  const found = names.state === 'observed' ? await describeAlarms(names.value, clients) : names;
  if (found.state === 'unanswered') throw new Error(found.reason);
  return there(found.state === 'observed' ? found.value : undefined, 'alarms');
}

async function describedParameters({ clients, config }: ProbeContext): Promise<readonly ParameterMetadata[]> {
  const prefix = { Key: 'Name', Option: 'BeginsWith', Values: [`/${PROJECT}/${config.name}/`] };
  const all: ParameterMetadata[] = [];
  for await (const page of paginateDescribeParameters({ client: clients.ssm }, { ParameterFilters: [prefix] })) {
    all.push(...(page.Parameters ?? []));
  }
  return all;
}
