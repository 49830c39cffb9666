/**
 * What is kept of an environment, opened for those who promote, roll back, hold, destroy or look: ledger, history, the
 * account's release store, and the lock.
 */
import { pipelineHome } from '../../environments/accounts.ts';
import type { EnvironmentConfig } from '../../environments/environment-config.ts';
import type { AwsClients, Destination } from '../adapters/aws-clients.ts';
import type { Lock } from '../adapters/ledger/held-lock.ts';
import { readLock } from '../adapters/ledger/leases.ts';
import { type EnvironmentLedger, openLedger } from '../adapters/ledger/ledger.ts';
import { type LockRequest, withLock } from '../adapters/ledger/lock.ts';
import { type History, openHistory } from '../adapters/release-store/history.ts';
import { openReleaseStore, type ReleaseStore } from '../adapters/release-store/store.ts';
import type { Target } from '../adapters/target.ts';
import type { Clock } from '../core/clock.ts';
import type { LockView } from '../core/lock/lease.ts';

export interface Dependencies {
  readonly clients: { for(destination: Destination): Pick<AwsClients, 'ssm' | 's3'> };
  readonly clock: Clock;
  /** Something a person should know, yet nothing to stop for. */
  readonly warn: (text: string) => void;
}

export type RecordsLockRequest = Omit<LockRequest, 'environment' | 'floor'> & {
  /** `CommandContext.onExit`: an interrupted command still releases the lock. */
  readonly onExit: (hook: () => Promise<void>) => () => void;
};

export interface Records {
  readonly ledger: EnvironmentLedger;
  readonly history: History;
  readonly store: ReleaseStore;
  /** Does `work` under the environment's lock. @throws LockHeldError, LockCorruptError, LedgerCorruptError, what `work` throws */
  locked<T>(request: RecordsLockRequest, work: (lock: Lock) => Promise<T>): Promise<T>;
  /** Who holds the lock, for `status`. @throws LockCorruptError */
  lock(): Promise<LockView>;
}

/**
 * @param environments all of them: they say in which region the account keeps its releases
 * @throws NoReleaseStoreError
 */
export async function openRecords(
  target: Target,
  environments: readonly EnvironmentConfig[],
  { clients, clock, warn }: Dependencies,
): Promise<Records> {
  const { name } = target.environment;
  const { ssm } = clients.for(target);
  const { region } = pipelineHome(environments, { CDK_DEFAULT_ACCOUNT: target.account });
  const store = await openReleaseStore(clients.for({ ...target, region }));
  const history = openHistory(store, name, clock);
  const ledger = openLedger({ ssm, history, clock }, name);
  return {
    ledger,
    history,
    store,
    async locked({ onExit, ...request }, work) {
      const { generation } = (await ledger.read()).current;
      return await withLock({ ssm, clock, warn }, { ...request, environment: name, floor: generation }, onExit, work);
    },
    lock: () => readLock(ssm, name),
  };
}
