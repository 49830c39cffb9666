/**
 * `github:setup`: makes a repository what this product needs it to be, and says what it could not make.
 */
import type { CommandResult } from '../../adapters/cli/command.ts';
import { endingOf } from '../../core/cause.ts';
import { UsageError } from '../../core/errors.ts';
import {
  causeOfSetup,
  outcomeDocument,
  renderOutcome,
  renderOutcomeMarkdown,
  type SetupOutcome,
} from '../../core/github-settings/outcome.ts';
import type { Reporter } from '../../core/progress.ts';
import type { SetUpOptions } from '../../operations/set-up-repository.ts';

export interface GitHubSetupInput {
  readonly dryRun: boolean;
  /** What `--env` names. */
  readonly environmentNames: readonly string[];
}

export interface Dependencies {
  readonly reporter: Reporter;
  readonly setUp: (options: SetUpOptions) => Promise<SetupOutcome>;
}

/** @throws UsageError for `--env`; what `setUp` throws */
export async function run({ dryRun, environmentNames }: GitHubSetupInput, deps: Dependencies): Promise<CommandResult> {
  if (environmentNames.length > 0) throw new UsageError('--env: a repository is set up as a whole. Leave it out.');
  const outcome = await deps.setUp({ dryRun, reporter: deps.reporter });
  return {
    ...endingOf(causeOfSetup(outcome)),
    document: outcomeDocument(outcome),
    text: renderOutcome(outcome),
    summary: renderOutcomeMarkdown(outcome),
  };
}
