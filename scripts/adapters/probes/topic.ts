/** Do alarms reach people: the topic, the key it is encrypted under, and who is subscribed? */
import { DescribeKeyCommand, GetKeyPolicyCommand, GetKeyRotationStatusCommand } from '@aws-sdk/client-kms';
import { GetTopicAttributesCommand, paginateListSubscriptionsByTopic, type Subscription } from '@aws-sdk/client-sns';
import { resourceName } from '../../../environments/naming.ts';
import type { Check } from '../../core/check.ts';
import { assess, assessPresent, type Subject } from '../../core/validation/assess.ts';
import { exactly, including, sameMembers, satisfying } from '../../core/validation/matchers.ts';
import type { Observation } from '../../core/validation/observation.ts';
import { admitsAnyone, admittedServices } from '../../core/validation/policy-documents.ts';
import { observe } from './observe.ts';
import { houseRemedy, type Probe, type ProbeContext, remedyFor } from './probe.ts';

/** Who publishes to the topic. Without these in topic and key policy, notifications vanish without an error. */
const PUBLISHERS = ['cloudwatch.amazonaws.com', 'events.amazonaws.com'];

export const topic: Probe = {
  name: 'notifications',
  observe: async (context) => {
    const subject = subjectOf(context);
    const attributes = await observe(async (options) => {
      const request = new GetTopicAttributesCommand({ TopicArn: topicArn(context) });
      return (await context.clients.sns.send(request, options)).Attributes ?? {};
    });
    const keyId = attributes.state === 'observed' ? attributes.value['KmsMasterKeyId'] : undefined;
    const house = houseRemedy(context);
    const checks = assessPresent(subject, 'topic.present', attributes, [
      {
        id: 'topic.encryption',
        expected: satisfying('a customer managed key', (actual) => isCustomerKey(actual)),
        actual: ({ KmsMasterKeyId }) => KmsMasterKeyId,
        remedy: `${house} Under the AWS managed key, alarms are dropped silently.`,
      },
    ]);
    if (attributes.state === 'missing') return checks;
    const policy = context.inventory.referring('monitoring', 'AWS::SNS::TopicPolicy', 'Topics', topicArn(context));
    const policyChecks = assess({ ...subject, ...(policy && { resource: policy }) }, attributes, [
      {
        id: 'topic.publishers',
        expected: including(PUBLISHERS),
        actual: ({ Policy }) => admittedServices(Policy),
        remedy: house,
      },
      {
        id: 'topic.policy-public',
        expected: exactly(false),
        actual: ({ Policy }) => admitsAnyone(Policy),
        remedy: house,
      },
    ]);
    const subscriptions = await listSubscriptions(context);
    return [
      ...checks,
      ...policyChecks,
      ...assess(subject, subscriptions, [
        {
          id: 'topic.subscribed',
          expected: sameMembers(context.config.monitoring.notificationEmails),
          actual: (all) => all.filter(({ Protocol }) => Protocol === 'email').map(({ Endpoint }) => Endpoint),
          remedy: remedyFor(context, 'monitoring.notificationEmails'),
        },
      ]),
      ...(isCustomerKey(keyId) ? await lookAtKey(keyId, context) : []),
    ];
  },
};

/**
 * Drift alone asks this: people confirm in their own time, and a deployment that waited for them would fail every
 * first time.
 */
export const topicConfirmations: Probe = {
  name: 'confirmed subscriptions',
  observe: async (context) => {
    const subscriptions = await listSubscriptions(context);
    // The check of the topic itself says that it is missing.
    if (subscriptions.state === 'missing') return [];
    return assess(subjectOf(context), subscriptions, [
      {
        id: 'topic.subscription-confirmed',
        expected: exactly([]),
        actual: (all) =>
          all
            .filter(({ SubscriptionArn }) => SubscriptionArn === 'PendingConfirmation')
            .map(({ Endpoint }) => Endpoint),
        remedy: 'Confirm with the link in the e-mail AWS sent, or subscribe again to get another.',
      },
    ]);
  },
};

const topicArn = ({ target, config }: ProbeContext): string =>
  `arn:aws:sns:${target.region}:${target.account}:${resourceName('trading-alarms', config.name)}`;

const subjectOf = (context: ProbeContext): Subject => ({
  name: resourceName('trading-alarms', context.config.name),
  resource: { type: 'AWS::SNS::Topic', id: topicArn(context) },
});

const listSubscriptions = (context: ProbeContext): Promise<Observation<Subscription[]>> =>
  observe(async () => {
    const all: Subscription[] = [];
    const request = { TopicArn: topicArn(context) };
    for await (const page of paginateListSubscriptionsByTopic({ client: context.clients.sns }, request)) {
      all.push(...(page.Subscriptions ?? []));
    }
    return all;
  });

const isCustomerKey = (keyId: unknown): keyId is string =>
  typeof keyId === 'string' && keyId !== '' && !keyId.includes('alias/aws/');

async function lookAtKey(keyId: string, context: ProbeContext): Promise<Check[]> {
  const { kms } = context.clients;
  const described = await observe((options) => kms.send(new DescribeKeyCommand({ KeyId: keyId }), options));
  const id = described.state === 'observed' ? described.value.KeyMetadata?.KeyId : undefined;
  const subject: Subject = {
    name: `key of ${resourceName('trading-alarms', context.config.name)}`,
    resource: { type: 'AWS::KMS::Key', id: id ?? keyId },
  };
  const checks = assessPresent(subject, 'key.present', described, [
    {
      id: 'key.enabled',
      expected: exactly('Enabled'),
      actual: ({ KeyMetadata }) => KeyMetadata?.KeyState,
      remedy: 'Without its key the topic delivers nothing: enable it, or cancel its deletion.',
    },
  ]);
  if (id === undefined) return checks;
  const [policy, rotation] = await Promise.all([
    observe((options) => kms.send(new GetKeyPolicyCommand({ KeyId: id, PolicyName: 'default' }), options)),
    observe((options) => kms.send(new GetKeyRotationStatusCommand({ KeyId: id }), options)),
  ]);
  const house = houseRemedy(context);
  return [
    ...checks,
    ...assess(subject, policy, [
      {
        id: 'key.publishers',
        expected: including(PUBLISHERS),
        actual: ({ Policy }) => admittedServices(Policy),
        remedy: `${house} Publishers that may not use the key are dropped silently.`,
      },
    ]),
    ...assess(subject, rotation, [
      {
        id: 'key.rotation',
        expected: exactly(true),
        actual: ({ KeyRotationEnabled }) => KeyRotationEnabled,
        remedy: house,
      },
    ]),
  ];
}
