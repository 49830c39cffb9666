/** What is watched in an environment, by name, and where slow begins. Pure. */
import type { EnvironmentConfig } from '../../environments/environment-config.ts';
import { API_STAGE, CUSTOMER_INDEX, resourceName } from '../../environments/naming.ts';
import type { WatchedResources } from '../constructs/platform-metrics.ts';

/** A message that failed once comes back after its visibility timeout; older than two of them it is stuck. */
const STUCK_AFTER_VISIBILITY_TIMEOUTS = 2;

export function watchedResources({ name, functions, queue }: EnvironmentConfig): WatchedResources {
  return {
    functions: { intake: resourceName('order-intake', name), processing: resourceName('order-processing', name) },
    functionTimeoutSeconds: functions.timeoutSeconds,
    api: { name: resourceName('trading-api', name), stage: API_STAGE },
    table: { name: resourceName('orders', name), index: CUSTOMER_INDEX },
    queue: resourceName('order-queue', name),
    deadLetterQueue: resourceName('order-dead-letter-queue', name),
    stuckAfterSeconds: STUCK_AFTER_VISIBILITY_TIMEOUTS * queue.visibilityTimeoutSeconds,
  };
}
