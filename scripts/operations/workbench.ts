/**
 * The real things behind promotions and rollbacks, put together once for every verb that makes them: clients, toolkits,
 * clock, ledger and store. Closed with the command.
 */
import type { EnvironmentConfig } from '../../environments/environment-config.ts';
import { predecessor } from '../../environments/waves.ts';
import { AwsClientPool } from '../adapters/aws-clients.ts';
import { readBaseline, writeBaseline } from '../adapters/baseline-store.ts';
import type { CommandContext } from '../adapters/cli/command.ts';
import type { ReleaseStore } from '../adapters/release-store/store.ts';
import { resolveTargets } from '../adapters/resolve-targets.ts';
import { systemClock } from '../adapters/system-clock.ts';
import { reaches, type Target } from '../adapters/target.ts';
import { ToolkitPool } from '../adapters/toolkit/toolkit-pool.ts';
import type { PromoteDependencies } from './promote.ts';
import type { RollbackEnvironmentDependencies } from './rollback-environment.ts';
import { openSite, type Site } from './site.ts';
import { baselineSource } from './validate-environment.ts';

export interface Workbench extends PromoteDependencies {
  /** What deploying a release would change; the signal ends the asking. */
  readonly planner: (signal: AbortSignal) => RollbackEnvironmentDependencies['plan'];
  readonly clients: AwsClientPool;
  readonly toolkits: ToolkitPool;
  /** Release stores where a release for these targets may be: of their accounts, then of the environments before them. */
  readonly openStores: (targets: readonly Target[]) => Promise<readonly ReleaseStore[]>;
}

/** @param environments all of them, in the order of promotion */
export function openWorkbench(
  { local, reporter, onExit }: Pick<CommandContext<Record<string, unknown>>, 'local' | 'reporter' | 'onExit'>,
  environments: readonly EnvironmentConfig[],
): Workbench {
  const clients = new AwsClientPool();
  const toolkits = new ToolkitPool();
  onExit(() => toolkits.close());
  const targetOf = async (environment: EnvironmentConfig): Promise<Target> =>
    (await resolveTargets([environment], { local }))[0] as Target;
  const siteOf = (target: Target): Promise<Site> =>
    openSite(target, environments, { clients, clock: systemClock, warn: (text) => reporter.warn(text) });
  return {
    clients,
    toolkits,
    clock: systemClock,
    reporter,
    onExit,
    openSite: siteOf,
    openStores: async (targets) => {
      const before = targets.flatMap((target) => {
        const found = predecessor(target.environment, environments);
        return found !== undefined && reaches(target, found) ? [found] : [];
      });
      const sites = await Promise.all([...targets, ...(await Promise.all(before.map(targetOf)))].map(siteOf));
      return [...new Map(sites.map(({ store }) => [store.bucket, store])).values()];
    },
    targetOf,
    planner: (signal) => async (fetched, target) => {
      // Loaded when needed: the diff takes its time to load, and only a rollback shows one.
      const { planEnvironment } = await import('./plan-environment.ts');
      const warn = (text: string): void => reporter.warn(text);
      const input = { ...fetched, allowDestructive: true, signal, onExit, warn };
      return await planEnvironment(input, target, clients.for(target));
    },
    warmUp: (targets) => toolkits.warmUp(targets),
    toolkitFor: (target) => toolkits.for(target),
    baselines: {
      keep: (baseline) => writeBaseline(baseline),
      read: (target) => readBaseline(target.environment.name, baselineSource(target)),
    },
  };
}
