/**
 * `matrix`: the environments as the outputs a workflow makes its jobs of, so that a new environment is a new JSON file and
 * no workflow is edited.
 */
import type { EnvironmentConfig } from '../../../environments/environment-config.ts';
import type { CommandResult } from '../../adapters/cli/command.ts';
import { EXIT } from '../../core/errors.ts';
import { renderMarkdownTable, renderTable, type TableContent } from '../../core/render/table.ts';
import { type Leg, legOf, wavesOfJobs } from '../../core/workflow/waves-of-jobs.ts';

export interface MatrixInput {
  /** All environments: the waves are theirs. */
  readonly environments: readonly EnvironmentConfig[];
  /** What `--env` named. */
  readonly chosen: readonly EnvironmentConfig[];
}

/** @throws TooManyWavesError */
export function run({ environments, chosen }: MatrixInput): CommandResult {
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
