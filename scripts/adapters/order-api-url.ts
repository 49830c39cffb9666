/**
 * Where an environment's order API is reached from here: what its stack published, in terms of the target.
 */
import type { AwsClients } from './aws-clients.ts';
import { orderApiUrl } from './order-api.ts';
import { publishedEndpoint } from './probes/parameters.ts';
import type { Target } from './target.ts';

/** null when the environment publishes none: it was never deployed, or can't be asked. */
export async function readOrderApiUrl(target: Target, clients: AwsClients): Promise<string | null> {
  const endpoint = await publishedEndpoint(target.environment.name, clients);
  return endpoint.state === 'observed' ? orderApiUrl(endpoint.value, target) : null;
}
