/**
 * What is needed to work on one environment's releases: where it is, its clients, and what is kept of it.
 */
import type { EnvironmentConfig } from '../../environments/environment-config.ts';
import type { AwsClients, Destination } from '../adapters/aws-clients.ts';
import type { Target } from '../adapters/target.ts';
import type { Clock } from '../core/clock.ts';
import { openRecords, type Records } from './open-records.ts';

export interface Site extends Records {
  readonly target: Target;
  readonly clients: AwsClients;
}

export interface SiteDependencies {
  readonly clients: { for(destination: Destination): AwsClients };
  readonly clock: Clock;
  readonly warn: (text: string) => void;
}

/**
 * @param environments all of them, in the order of promotion
 * @throws NoReleaseStoreError
 */
export async function openSite(
  target: Target,
  environments: readonly EnvironmentConfig[],
  deps: SiteDependencies,
): Promise<Site> {
  const records = await openRecords(target, environments, deps);
  return { ...records, target, clients: deps.clients.for(target) };
}
