/** Breaks of the alarm topic, its key, log groups, and the dead letters an environment stands with. */
import {
  CreateLogGroupCommand,
  DeleteLogGroupCommand,
  ListTagsForResourceCommand as ListLogTags,
  PutRetentionPolicyCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import {
  DisableKeyCommand,
  DisableKeyRotationCommand,
  EnableKeyCommand,
  EnableKeyRotationCommand,
  GetKeyPolicyCommand,
  NotFoundException,
  PutKeyPolicyCommand,
} from '@aws-sdk/client-kms';
import {
  GetTopicAttributesCommand,
  SetTopicAttributesCommand,
  SubscribeCommand,
  UnsubscribeCommand,
} from '@aws-sdk/client-sns';
import { GetQueueUrlCommand, PurgeQueueCommand, SendMessageCommand } from '@aws-sdk/client-sqs';
import { resourceName } from '../../../environments/naming.ts';
import type { DeployedEnvironment } from '../deployed-environment.ts';
import { type Break, rewriteAnswer } from './break.ts';

const topicName = ({ config }: DeployedEnvironment): string => resourceName('trading-alarms', config.name);
const topicArn = (environment: DeployedEnvironment): string =>
  `arn:aws:sns:${environment.config.region}:${environment.config.account}:${topicName(environment)}`;
const keyName = (environment: DeployedEnvironment): string => `key of ${topicName(environment)}`;

const attributesOf = async (environment: DeployedEnvironment): Promise<Record<string, string>> => {
  const request = new GetTopicAttributesCommand({ TopicArn: topicArn(environment) });
  return (await environment.clients.sns.send(request)).Attributes ?? {};
};

const topicAttribute = (id: string, AttributeName: string, change: (before: string) => string): Break => ({
  id,
  of: topicName,
  apply: async (environment) => {
    const before = (await attributesOf(environment))[AttributeName] ?? '';
    const put = (AttributeValue: string) =>
      environment.clients.sns.send(
        new SetTopicAttributesCommand({ TopicArn: topicArn(environment), AttributeName, AttributeValue }),
      );
    await put(change(before));
    return () => put(before);
  },
});

const OPEN = { Effect: 'Allow', Principal: '*', Action: 'sns:Publish', Resource: '*' };

const TOPIC_BREAKS: readonly Break[] = [
  topicAttribute('topic.encryption', 'KmsMasterKeyId', () => 'alias/aws/sns'),
  topicAttribute('topic.publishers', 'Policy', (policy) =>
    policy.replaceAll('events.amazonaws.com', 's3.amazonaws.com'),
  ),
  topicAttribute('topic.policy-public', 'Policy', (policy) => {
    const document = JSON.parse(policy) as { Statement: object[] };
    return JSON.stringify({ ...document, Statement: [...document.Statement, OPEN] });
  }),
  {
    id: 'topic.subscribed',
    of: topicName,
    apply: async (environment) => {
      const { sns } = environment.clients;
      const { SubscriptionArn } = await sns.send(
        new SubscribeCommand({
          TopicArn: topicArn(environment),
          Protocol: 'email',
          Endpoint: 'somebody@example.com',
          ReturnSubscriptionArn: true,
        }),
      );
      return () => sns.send(new UnsubscribeCommand({ SubscriptionArn }));
    },
  },
  {
    id: 'key.present',
    of: keyName,
    apply: async ({ clients }) =>
      rewriteAnswer(clients.kms, 'DescribeKeyCommand', () => {
        throw new NotFoundException({ message: 'no such key', $metadata: {} });
      }),
  },
  {
    id: 'key.enabled',
    of: keyName,
    apply: async (environment) => {
      const request = { KeyId: (await attributesOf(environment))['KmsMasterKeyId'] };
      await environment.clients.kms.send(new DisableKeyCommand(request));
      return () => environment.clients.kms.send(new EnableKeyCommand(request));
    },
  },
  {
    id: 'key.rotation',
    of: keyName,
    apply: async (environment) => {
      const request = { KeyId: (await attributesOf(environment))['KmsMasterKeyId'] };
      await environment.clients.kms.send(new DisableKeyRotationCommand(request));
      return () => environment.clients.kms.send(new EnableKeyRotationCommand(request));
    },
  },
  {
    id: 'key.publishers',
    of: keyName,
    apply: async (environment) => {
      const { kms } = environment.clients;
      const request = { KeyId: (await attributesOf(environment))['KmsMasterKeyId'], PolicyName: 'default' };
      const { Policy = '' } = await kms.send(new GetKeyPolicyCommand(request));
      const put = (text: string) => kms.send(new PutKeyPolicyCommand({ ...request, Policy: text }));
      await put(Policy.replaceAll('cloudwatch.amazonaws.com', 's3.amazonaws.com'));
      return () => put(Policy);
    },
  },
];

const logGroupName = ({ config }: DeployedEnvironment): string => `/aws/vpc/trading-vpc-${config.name}`;

const LOG_BREAKS: readonly Break[] = [
  {
    id: 'log-group.retention',
    of: logGroupName,
    apply: async (environment) => {
      const put = (retentionInDays: number) =>
        environment.clients.cloudwatchLogs.send(
          new PutRetentionPolicyCommand({ logGroupName: logGroupName(environment), retentionInDays }),
        );
      await put(1);
      return () => put(environment.config.logs.retentionDays);
    },
  },
  {
    id: 'log-group.present',
    of: logGroupName,
    apply: async (environment) => {
      const { cloudwatchLogs } = environment.clients;
      const name = logGroupName(environment);
      const { account, region, logs } = environment.config;
      const resourceArn = `arn:aws:logs:${region}:${account}:log-group:${name}`;
      const { tags = {} } = await cloudwatchLogs.send(new ListLogTags({ resourceArn }));
      await cloudwatchLogs.send(new DeleteLogGroupCommand({ logGroupName: name }));
      return async () => {
        const own = Object.fromEntries(Object.entries(tags).filter(([key]) => !key.startsWith('aws:')));
        await cloudwatchLogs.send(new CreateLogGroupCommand({ logGroupName: name, tags: own }));
        const request = { logGroupName: name, retentionInDays: logs.retentionDays };
        await cloudwatchLogs.send(new PutRetentionPolicyCommand(request));
      };
    },
  },
  {
    id: 'baseline.dead-letters',
    of: ({ config }) => resourceName('order-dead-letter-queue', config.name),
    apply: async ({ clients: { sqs }, config }) => {
      const QueueName = resourceName('order-dead-letter-queue', config.name);
      const { QueueUrl } = await sqs.send(new GetQueueUrlCommand({ QueueName }));
      await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: '{}' }));
      return () => sqs.send(new PurgeQueueCommand({ QueueUrl }));
    },
  },
];

export const NOTIFICATION_BREAKS: readonly Break[] = [...TOPIC_BREAKS, ...LOG_BREAKS];
