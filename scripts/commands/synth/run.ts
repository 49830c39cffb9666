/**
 * `synth`: makes one release of the working tree for all environments.
 */
import type { EnvironmentConfig } from '../../../environments/environment-config.ts';
import type { CommandResult } from '../../adapters/cli/command.ts';
import { EXIT } from '../../core/errors.ts';
import type { Reporter } from '../../core/progress.ts';
import { renderRelease } from '../../core/release/render-release.ts';
import type { MadeRelease, MakeReleaseInput } from '../../operations/make-release.ts';

export interface SynthInput {
  readonly root: string;
  /** Where the release goes. */
  readonly folder: string;
  /** All environments. */
  readonly environments: readonly EnvironmentConfig[];
  /** Those the result shows. */
  readonly shown: readonly EnvironmentConfig[];
  readonly signal?: AbortSignal;
}

export interface Dependencies {
  readonly makeRelease: (input: MakeReleaseInput) => Promise<MadeRelease>;
  readonly reporter: Reporter;
}

export async function run(input: SynthInput, deps: Dependencies): Promise<CommandResult> {
  const { root, folder, environments, signal } = input;
  const shown = input.shown.map(({ name }) => name);
  const task = deps.reporter.task(`synthesizing ${environments.map(({ name }) => name).join(', ')}`);
  try {
    const { release, notes } = await deps.makeRelease({ root, folder, environments, signal });
    task.done(`${release.files.length} files`);
    if (notes !== '') deps.reporter.info(notes);
    const { files: _, ...described } = release;
    const { text, markdown } = renderRelease(release, shown);
    const outputs = { release: release.id };
    return { exitCode: EXIT.done, document: { release: described, folder }, text, summary: markdown, outputs };
  } catch (error) {
    task.fail('no release was made; an earlier one is as it was');
    throw error;
  }
}
