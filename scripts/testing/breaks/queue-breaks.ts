/** Breaks of the order queue and its dead letter queue. */
import {
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  type QueueAttributeName,
  SetQueueAttributesCommand,
} from '@aws-sdk/client-sqs';
import { type ResourceType, resourceName } from '../../../environments/naming.ts';
import type { Break } from './break.ts';

const queue = (id: string, type: ResourceType, name: QueueAttributeName, change: (value: string) => string): Break => ({
  id,
  of: ({ config }) => resourceName(type, config.name),
  apply: async ({ clients: { sqs }, config }) => {
    const { QueueUrl } = await sqs.send(new GetQueueUrlCommand({ QueueName: resourceName(type, config.name) }));
    const { Attributes } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] }));
    const before = Attributes?.[name] ?? '';
    const put = (value: string) => sqs.send(new SetQueueAttributesCommand({ QueueUrl, Attributes: { [name]: value } }));
    await put(change(before));
    return () => put(before);
  },
});

const withStatement = (policy: string): string => {
  const document = JSON.parse(policy) as { Statement: object[] };
  const open = { Effect: 'Allow', Principal: '*', Action: 'sqs:SendMessage', Resource: '*' };
  return JSON.stringify({ ...document, Statement: [...document.Statement, open] });
};

export const QUEUE_BREAKS: readonly Break[] = [
  queue('queue.retention', 'order-queue', 'MessageRetentionPeriod', () => '3600'),
  queue('queue.retention', 'order-dead-letter-queue', 'MessageRetentionPeriod', () => '3600'),
  queue('queue.visibility-timeout', 'order-queue', 'VisibilityTimeout', () => '31'),
  queue('queue.redrive', 'order-queue', 'RedrivePolicy', (value) =>
    JSON.stringify({ ...(JSON.parse(value) as object), maxReceiveCount: 99 }),
  ),
  queue('queue.encryption', 'order-queue', 'SqsManagedSseEnabled', () => 'false'),
  queue('queue.tls-only', 'order-dead-letter-queue', 'Policy', () => ''),
  queue('queue.policy-public', 'order-queue', 'Policy', withStatement),
  queue('queue.redrive-allow', 'order-dead-letter-queue', 'RedriveAllowPolicy', () =>
    JSON.stringify({ redrivePermission: 'allowAll' }),
  ),
];
