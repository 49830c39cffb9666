/** Rules between functions, table, API, queue and notifications: values that do not work beside each other. Pure. */
import { type Finding, show } from '../problem.ts';
import type { EnvironmentDraft } from '../shape.ts';
import { repeatedAt } from './values.ts';

/** https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html */
const VISIBILITY_PER_FUNCTION_TIMEOUT = 6;
const SECONDS_PER_DAY = 86_400;

export function checkCapacity(environment: EnvironmentDraft): Finding[] {
  return [
    ...checkVisibility(environment),
    ...checkReceives(environment),
    ...checkAutoScaling(environment),
    ...checkBurst(environment),
    ...checkNotifications(environment),
  ];
}

function checkVisibility({ functions, queue }: EnvironmentDraft): Finding[] {
  const timeout = functions?.timeoutSeconds;
  const visibility = queue?.visibilityTimeoutSeconds;
  if (timeout === undefined || visibility === undefined) return [];
  const least = VISIBILITY_PER_FUNCTION_TIMEOUT * timeout;
  if (visibility >= least) return [];
  const allowed = `at least ${least}, six times functions.timeoutSeconds (${timeout}): raise it, or lower the timeout`;
  return [{ path: ['queue', 'visibilityTimeoutSeconds'], found: show(visibility), allowed }];
}

/** A message that expires before its last receive never reaches the dead letter queue: it is lost. */
function checkReceives({ queue }: EnvironmentDraft): Finding[] {
  const { retentionDays, visibilityTimeoutSeconds: visibility, maxReceiveCount } = queue ?? {};
  if (retentionDays === undefined || visibility === undefined || maxReceiveCount === undefined) return [];
  const kept = retentionDays * SECONDS_PER_DAY;
  if (visibility * maxReceiveCount < kept) return [];
  const allowed =
    `at most ${Math.ceil(kept / visibility) - 1}, or a message expires before it reaches the dead letter queue: ` +
    `its receives, ${visibility} s apart, must end within ${retentionDays} days`;
  return [{ path: ['queue', 'maxReceiveCount'], found: show(maxReceiveCount), allowed }];
}

function checkAutoScaling({ table }: EnvironmentDraft): Finding[] {
  const scaling = table?.autoScaling;
  const bounds = [
    { key: 'maxReadCapacity', most: scaling?.maxReadCapacity, base: 'readCapacity', least: table?.readCapacity },
    { key: 'maxWriteCapacity', most: scaling?.maxWriteCapacity, base: 'writeCapacity', least: table?.writeCapacity },
  ];
  return bounds.flatMap(({ key, most, base, least }) =>
    most === undefined || least === undefined || most >= least
      ? []
      : [
          {
            path: ['table', 'autoScaling', key],
            found: show(most),
            allowed: `at least table.${base}, the lower bound (${least}): raise it, or lower table.${base}`,
          },
        ],
  );
}

/**
 * A small bucket refuses requests well under the steady rate, as they never come evenly. Half the rate is the ratio of
 * AWS's own quotas: https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-request-throttling.html
 */
function checkBurst({ api }: EnvironmentDraft): Finding[] {
  const { requestsPerSecond, burst } = api?.throttle ?? {};
  if (requestsPerSecond === undefined || burst === undefined || burst * 2 >= requestsPerSecond) return [];
  const allowed = `at least ${Math.ceil(requestsPerSecond / 2)}, half of requestsPerSecond (${requestsPerSecond})`;
  return [{ path: ['api', 'throttle', 'burst'], found: show(burst), allowed }];
}

function checkNotifications({ monitoring }: EnvironmentDraft): Finding[] {
  const emails = monitoring?.notificationEmails ?? [];
  return repeatedAt(emails, (email) => email.toLowerCase()).map((index) => ({
    path: ['monitoring', 'notificationEmails', index],
    found: `${show(emails[index])} more than once`,
    allowed: 'each address once',
  }));
}
