/** How an environment stands now: dead letters, and alarms that ring. Read before a deployment and after it. */
import { GetQueueAttributesCommand, GetQueueUrlCommand } from '@aws-sdk/client-sqs';
import { resourceName } from '../../../environments/naming.ts';
import { isDriftAlarm, type Standing } from '../../core/validation/baseline.ts';
import type { Observation } from '../../core/validation/observation.ts';
import type { AwsClients } from '../aws-clients.ts';
import type { Target } from '../target.ts';
import { alarmNames, describeAlarms } from './alarms.ts';
import type { Inventory } from './inventory.ts';
import { observe } from './observe.ts';

/** An environment that is not there yet has no dead letters and no alarm that rings. */
export async function readStanding(target: Target, clients: AwsClients, inventory: Inventory): Promise<Standing> {
  const [deadLetters, alarming] = await Promise.all([
    countMessages(resourceName('order-dead-letter-queue', target.environment.name), clients),
    ringing(inventory, clients),
  ]);
  const unread = [deadLetters, alarming].flatMap((each) => (each.state === 'unanswered' ? [each.reason] : []));
  return { deadLetters: valueOr(deadLetters, 0), alarming: valueOr(alarming, []), unread };
}

/** The count SQS gives is approximate; it settles within a minute of the last change. */
function countMessages(queue: string, { sqs }: AwsClients): Promise<Observation<number>> {
  return observe(async (options) => {
    const { QueueUrl } = await sqs.send(new GetQueueUrlCommand({ QueueName: queue }), options);
    const names = ['ApproximateNumberOfMessages' as const, 'ApproximateNumberOfMessagesNotVisible' as const];
    const { Attributes } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: names }), options);
    return names.reduce((sum, name) => sum + Number(Attributes?.[name] ?? 0), 0);
  });
}

async function ringing(inventory: Inventory, clients: AwsClients): Promise<Observation<readonly string[]>> {
  const listed = alarmNames(inventory);
  if (listed.state !== 'observed') return listed;
  const described = await describeAlarms(
    listed.value.filter((name) => !isDriftAlarm(name)),
    clients,
  );
  if (described.state !== 'observed') return described;
  const names = [...described.value.metric, ...described.value.composite]
    .filter(({ StateValue }) => StateValue === 'ALARM')
    .map(({ AlarmName }) => AlarmName ?? '');
  return { state: 'observed', value: names.sort() };
}

function valueOr<T>(observation: Observation<T>, whenMissing: T): T | null {
  if (observation.state === 'observed') return observation.value;
  return observation.state === 'missing' ? whenMissing : null;
}
