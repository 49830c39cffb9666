/** Declared properties of table, bucket and queues. */
import {
  DescribeScalableTargetsCommand,
  DescribeScalingPoliciesCommand,
} from '@aws-sdk/client-application-auto-scaling';
import {
  DescribeContinuousBackupsCommand,
  DescribeTableCommand,
  type ProvisionedThroughputDescription,
} from '@aws-sdk/client-dynamodb';
import { GetQueueAttributesCommand } from '@aws-sdk/client-sqs';
import { CUSTOMER_INDEX, resourceName } from '../../../../environments/naming.ts';
import { isFalseDrift } from '../../../core/drift/false-drift.ts';
import { lastPart, type Properties, parsed, type Readers, there } from './reader.ts';

const TABLE = 'AWS::DynamoDB::Table';

export const STORAGE_READERS: Readers = {
  [TABLE]: {
    read: async ({ physicalId, declared, context: { clients, config } }) => {
      const request = { TableName: physicalId };
      const [{ Table }, backups] = await Promise.all([
        clients.dynamodb.send(new DescribeTableCommand(request)),
        clients.dynamodb.send(new DescribeContinuousBackupsCommand(request)),
      ]);
      const found = there(Table, physicalId);
      const recovery = backups.ContinuousBackupsDescription?.PointInTimeRecoveryDescription;
      const units = (live: ProvisionedThroughputDescription | undefined, wanted: unknown): Properties =>
        Object.fromEntries(
          (['ReadCapacityUnits', 'WriteCapacityUnits'] as const).map((name) => {
            const [expected, actual] = [String((wanted as Properties | undefined)?.[name]), String(live?.[name])];
            const difference = { resourceType: TABLE, path: `/ProvisionedThroughput/${name}`, expected, actual };
            return [name, isFalseDrift(difference, config.table) ? Number(expected) : live?.[name]];
          }),
        );
      const indexes = (declared['GlobalSecondaryIndexes'] ?? []) as readonly Properties[];
      return {
        AttributeDefinitions: found.AttributeDefinitions,
        BillingMode: found.BillingModeSummary?.BillingMode,
        DeletionProtectionEnabled: found.DeletionProtectionEnabled,
        GlobalSecondaryIndexes: found.GlobalSecondaryIndexes?.map((index) => ({
          ...index,
          ProvisionedThroughput: units(
            index.ProvisionedThroughput,
            indexes.find(({ IndexName }) => IndexName === index.IndexName)?.['ProvisionedThroughput'],
          ),
        })),
        KeySchema: found.KeySchema,
        PointInTimeRecoverySpecification: {
          PointInTimeRecoveryEnabled: recovery?.PointInTimeRecoveryStatus === 'ENABLED',
        },
        ProvisionedThroughput: units(found.ProvisionedThroughput, declared['ProvisionedThroughput']),
        TableName: found.TableName,
      };
    },
  },
  'AWS::ApplicationAutoScaling::ScalableTarget': {
    read: async ({ physicalId, context: { clients, config } }) => {
      const table = `table/${resourceName('orders', config.name)}`;
      const request = {
        ServiceNamespace: 'dynamodb' as const,
        ResourceIds: [table, `${table}/index/${CUSTOMER_INDEX}`],
      };
      const { ScalableTargets } = await clients.applicationAutoScaling.send(
        new DescribeScalableTargetsCommand(request),
      );
      const found = there(
        ScalableTargets?.find((each) => targetId(each) === physicalId),
        physicalId,
      );
      const { MaxCapacity, MinCapacity, ResourceId, RoleARN, ScalableDimension, ServiceNamespace } = found;
      return { MaxCapacity, MinCapacity, ResourceId, RoleARN, ScalableDimension, ServiceNamespace };
    },
  },
  'AWS::ApplicationAutoScaling::ScalingPolicy': {
    read: async ({ declared, physicalId, context: { clients } }) => {
      const [ResourceId = ''] = String(declared['ScalingTargetId']).split('|');
      const request = { ServiceNamespace: 'dynamodb' as const, ResourceId };
      const { ScalingPolicies } = await clients.applicationAutoScaling.send(
        new DescribeScalingPoliciesCommand(request),
      );
      const found = there(
        ScalingPolicies?.find(({ PolicyName }) => PolicyName === declared['PolicyName']),
        physicalId,
      );
      const { PolicyName, PolicyType, TargetTrackingScalingPolicyConfiguration } = found;
      return { PolicyName, PolicyType, ScalingTargetId: targetId(found), TargetTrackingScalingPolicyConfiguration };
    },
  },
  'AWS::SQS::Queue': {
    read: async ({ physicalId, context: { clients } }) => {
      const found = await queueAttributes(physicalId, clients.sqs);
      return {
        MessageRetentionPeriod: Number(found['MessageRetentionPeriod']),
        QueueName: lastPart(physicalId, '/'),
        RedriveAllowPolicy: parsed(found['RedriveAllowPolicy']),
        RedrivePolicy: parsed(found['RedrivePolicy']),
        SqsManagedSseEnabled: found['SqsManagedSseEnabled'] === 'true',
        VisibilityTimeout: Number(found['VisibilityTimeout']),
      };
    },
  },
  'AWS::SQS::QueuePolicy': {
    read: async ({ declared, context: { clients } }) => {
      const { Queues } = declared;
      const [url] = Queues as readonly string[];
      const found = await queueAttributes(url, clients.sqs);
      return { PolicyDocument: parsed(found['Policy'] || undefined), Queues };
    },
  },
};

/** CloudFormation's id of a scalable target. */
const targetId = (at: { ResourceId?: string | undefined; ScalableDimension?: string | undefined }): string =>
  `${at.ResourceId}|${at.ScalableDimension}|dynamodb`;

/** As the probe of the queues asks. */
async function queueAttributes(
  QueueUrl: string | undefined,
  client: { send(command: GetQueueAttributesCommand): Promise<{ Attributes?: Record<string, string> | undefined }> },
): Promise<Readonly<Record<string, string>>> {
  const { Attributes } = await client.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] }));
  return Attributes ?? {};
}
