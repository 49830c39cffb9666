/**
 * `matrix`: the environments as the outputs a workflow makes its jobs of, so that a new environment is a new JSON file and
 * no workflow is edited.
 */
import type { EnvironmentConfig } from '../../../environments/environment-config.ts';
import type { CommandResult } from '../../adapters/cli/command.ts';
import { ALL } from '../../adapters/cli/select-environments.ts';
import { EXIT, UsageError } from '../../core/errors.ts';
import { renderMarkdownTable, renderTable, type TableContent } from '../../core/render/table.ts';
import { type Leg, legOf, wavesOfJobs } from '../../core/workflow/waves-of-jobs.ts';

export interface MatrixInput {
  /** All environments: the waves are theirs. */
  readonly environments: readonly EnvironmentConfig[];
  /** What `--env` named. */
  readonly chosen: readonly EnvironmentConfig[];
  /** `--one`: the values of `--env` as they were typed, which must be the name of one environment. */
  readonly one?: readonly string[];
}

/** @throws TooManyWavesError; UsageError where one environment is asked for and another number named */
export function run({ environments, chosen, one }: MatrixInput): CommandResult {
  if (one !== undefined) refuseOthersThanOne(one, environments);
  const waves = wavesOfJobs(environments);
  const legs = chosen.map(legOf);
  const table = tableOf(waves, legs);
  return {
    exitCode: EXIT.done,
    document: { environments: legs, waves },
    text: renderTable(table),
    summary: renderMarkdownTable(table),
    outputs: {
      environments: JSON.stringify(legs),
      ...Object.fromEntries(waves.map((wave, index) => [`wave-${index + 1}`, JSON.stringify(wave)])),
    },
  };
}

/** `all` is refused also where there is but one: who types it means however many there are. */
function refuseOthersThanOne(typed: readonly string[], environments: readonly EnvironmentConfig[]): void {
  const names = [...new Set(typed)];
  if (names.length === 1 && names[0] !== ALL) return;
  const given = names.length === 0 ? 'none was given' : `given was ${names.map((name) => `"${name}"`).join(', ')}`;
  const choice = environments.map(({ name }) => name).join(', ');
  throw new UsageError(`One environment at a time, by its name: --env NAME, of ${choice}; ${given}.`);
}

function tableOf(waves: readonly (readonly Leg[])[], legs: readonly Leg[]): TableContent {
  const waveOf = (name: string): number => waves.findIndex((wave) => wave.some((leg) => leg.environment === name)) + 1;
  return {
    head: ['wave', 'environment', 'account', 'region', 'production'],
    rows: legs.map(({ environment, account, region, production }) => [
      String(waveOf(environment)),
      environment,
      account,
      region,
      production ? 'yes' : 'no',
    ]),
  };
}
