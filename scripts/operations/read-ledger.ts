/** Where an environment stands, for verbs that only look. */
import type { EnvironmentConfig } from '../../environments/environment-config.ts';
import { resolveTargets } from '../adapters/resolve-targets.ts';
import type { Ledger } from '../core/ledger/ledger.ts';
import { type Dependencies, openRecords } from './open-records.ts';

export interface LookedAt extends Dependencies {
  readonly local: boolean;
  /** All of them: they say in which region an account keeps its records. */
  readonly environments: readonly EnvironmentConfig[];
}

/** @throws what `resolveTargets` and `openRecords` throw */
export async function readLedger(
  environment: EnvironmentConfig,
  { local, environments, ...deps }: LookedAt,
): Promise<Ledger> {
  const [target] = await resolveTargets([environment], { local });
  if (target === undefined) throw new RangeError(`${environment.name} has no target`);
  const { ledger } = await openRecords(target, environments, deps);
  return await ledger.read();
}
