/**
 * What is needed to work on one environment's releases: its clients, ledger, history and release store.
 */
import { pipelineHome } from '../../environments/accounts.ts';
import type { EnvironmentConfig } from '../../environments/environment-config.ts';
import type { AwsClients, Destination } from '../adapters/aws-clients.ts';
import { type EnvironmentLedger, openLedger } from '../adapters/ledger/ledger.ts';
import { type History, openHistory } from '../adapters/release-store/history.ts';
import { openReleaseStore, type ReleaseStore } from '../adapters/release-store/store.ts';
import type { Target } from '../adapters/target.ts';
import type { Clock } from '../core/clock.ts';

export interface Site {
  readonly target: Target;
  readonly clients: AwsClients;
  readonly ledger: EnvironmentLedger;
  readonly history: History;
  readonly store: ReleaseStore;
}

export interface SiteDependencies {
  readonly clientsFor: (destination: Destination) => AwsClients;
  readonly clock: Clock;
}

/**
 * The ledger is in the environment's region, the store in that of the account's PipelineStack.
 * @param environments all of them, in the order of promotion: they say where PipelineStack is
 * @throws NoReleaseStoreError
 */
export async function openSite(
  target: Target,
  environments: readonly EnvironmentConfig[],
  { clientsFor, clock }: SiteDependencies,
): Promise<Site> {
  const { account, emulator, environment } = target;
  const { region } = pipelineHome(environments, { CDK_DEFAULT_ACCOUNT: account });
  const store = await openReleaseStore(clientsFor({ account, region, emulator }));
  const clients = clientsFor(target);
  const history = openHistory(store, environment.name, clock);
  return {
    target,
    clients,
    store,
    history,
    ledger: openLedger({ ssm: clients.ssm, history, clock }, environment.name),
  };
}
