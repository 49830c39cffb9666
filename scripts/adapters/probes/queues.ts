/** Are the order queue and its dead letter queue as the environment's JSON says? */
import { GetQueueAttributesCommand, GetQueueUrlCommand } from '@aws-sdk/client-sqs';
import { resourceName } from '../../../environments/naming.ts';
import type { Check } from '../../core/check.ts';
import { describeDuration } from '../../core/render/duration.ts';
import { assess, assessPresent, type Expectation } from '../../core/validation/assess.ts';
import { DAY_SECONDS, DEAD_LETTER_RETENTION_DAYS } from '../../core/validation/house-rules.ts';
import { exactly } from '../../core/validation/matchers.ts';
import { mapObservation } from '../../core/validation/observation.ts';
import { admitsAnyone, deniesPlainTransport } from '../../core/validation/policy-documents.ts';
import { observe } from './observe.ts';
import { houseRemedy, type Probe, type ProbeContext, remedyFor } from './probe.ts';

type Attributes = Readonly<Record<string, string>>;

export const queues: Probe = {
  name: 'queues',
  observe: async (context) => {
    const { name: environment, queue: wanted } = context.config;
    const main = resourceName('order-queue', environment);
    const deadLetter = resourceName('order-dead-letter-queue', environment);
    const arn = (queue: string): string => `arn:aws:sqs:${context.target.region}:${context.target.account}:${queue}`;
    const checks = await Promise.all([
      lookAt(main, context, [
        retention(wanted.retentionDays, remedyFor(context, 'queue.retentionDays')),
        {
          id: 'queue.visibility-timeout',
          expected: exactly(describeDuration(wanted.visibilityTimeoutSeconds)),
          actual: ({ VisibilityTimeout }) => describeDuration(Number(VisibilityTimeout)),
          remedy: remedyFor(context, 'queue.visibilityTimeoutSeconds'),
        },
        {
          id: 'queue.redrive',
          expected: exactly({ deadLetterTargetArn: arn(deadLetter), maxReceiveCount: wanted.maxReceiveCount }),
          actual: ({ RedrivePolicy }) => redriveOf(RedrivePolicy),
          remedy: remedyFor(context, 'queue.maxReceiveCount'),
        },
      ]),
      lookAt(deadLetter, context, [
        retention(DEAD_LETTER_RETENTION_DAYS, houseRemedy(context)),
        {
          id: 'queue.redrive-allow',
          expected: exactly({ redrivePermission: 'byQueue', sourceQueueArns: [arn(main)] }),
          actual: ({ RedriveAllowPolicy }) => parsed(RedriveAllowPolicy),
          remedy: houseRemedy(context),
        },
      ]),
    ]);
    return checks.flat();
  },
};

async function lookAt(name: string, context: ProbeContext, own: readonly Expectation<Attributes>[]): Promise<Check[]> {
  const { sqs } = context.clients;
  const queue = await observe(async (options) => {
    const { QueueUrl } = await sqs.send(new GetQueueUrlCommand({ QueueName: name }), options);
    const { Attributes } = await sqs.send(
      new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] }),
      options,
    );
    return { url: QueueUrl ?? name, attributes: Attributes ?? {} };
  });
  const resource = { type: 'AWS::SQS::Queue', id: queue.state === 'observed' ? queue.value.url : name };
  const house = houseRemedy(context);
  const attributes = mapObservation(queue, ({ attributes }): Attributes => attributes);
  const checks = assessPresent({ name, resource }, 'queue.present', attributes, [
    ...own,
    {
      id: 'queue.encryption',
      expected: exactly(true),
      actual: ({ SqsManagedSseEnabled, KmsMasterKeyId }) => SqsManagedSseEnabled === 'true' || Boolean(KmsMasterKeyId),
      remedy: house,
    },
  ]);
  if (queue.state === 'missing') return checks;
  const policy = context.inventory.referring('sqs', 'AWS::SQS::QueuePolicy', 'Queues', resource.id) ?? resource;
  return [
    ...checks,
    ...assess({ name, resource: policy }, attributes, [
      {
        id: 'queue.tls-only',
        expected: exactly(true),
        actual: ({ Policy }) => deniesPlainTransport(Policy, 'sqs'),
        remedy: house,
      },
      {
        id: 'queue.policy-public',
        expected: exactly(false),
        actual: ({ Policy }) => admitsAnyone(Policy),
        remedy: house,
      },
    ]),
  ];
}

const retention = (days: number, remedy: string): Expectation<Attributes> => ({
  id: 'queue.retention',
  expected: exactly(describeDuration(days * DAY_SECONDS)),
  actual: ({ MessageRetentionPeriod }) => describeDuration(Number(MessageRetentionPeriod)),
  remedy,
});

/** SQS answers the count as a number or as text, by how it was set. */
function redriveOf(policy: string | undefined): unknown {
  const answer = parsed(policy);
  return answer === undefined ? undefined : { ...answer, maxReceiveCount: Number(answer['maxReceiveCount']) };
}

const parsed = (json: string | undefined): Record<string, unknown> | undefined =>
  json === undefined || json === '' ? undefined : (JSON.parse(json) as Record<string, unknown>);
