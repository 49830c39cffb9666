/**
 * Which environments `--env` names. Pure.
 */
import type { EnvironmentConfig } from '../../../environments/environment-config.ts';
import { UsageError } from '../../core/errors.ts';

export const ALL = 'all';

/**
 * @param names values of `--env`, in any order, each once or more; empty when the option was not given.
 * @param whenOmitted what an absent `--env` means for this verb.
 * @returns the environments in the order of `known`.
 * @throws UsageError naming the unknown names and the known ones; or when `--env` is required and absent.
 */
export function selectEnvironments(
  names: readonly string[],
  known: readonly EnvironmentConfig[],
  whenOmitted: 'all' | 'refuse',
): readonly EnvironmentConfig[] {
  const choice = known.map(({ name }) => name).join(', ');
  if (names.length === 0) {
    if (whenOmitted === 'all') return known;
    throw new UsageError(`Say which environment: --env NAME (of ${choice}; may be repeated) or --env ${ALL}.`);
  }
  const unknown = names.filter((name) => name !== ALL && !known.some((environment) => environment.name === name));
  if (unknown.length > 0) {
    throw new UsageError(`No environment ${unknown.map((name) => `"${name}"`).join(', ')}. There are: ${choice}.`);
  }
  return names.includes(ALL) ? known : known.filter(({ name }) => names.includes(name));
}
