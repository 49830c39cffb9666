/**
 * Chooses how progress is shown: live lines on a terminal, groups on a runner of GitHub Actions, plain lines elsewhere.
 */
import type { Reporter } from '../../core/progress.ts';
import type { Surroundings } from '../variables.ts';
import { PlainReporter } from './plain.ts';

/** A reporter that can be told that no more comes: it leaves the terminal as it found it. Safe to call twice. */
export interface ClosableReporter extends Reporter {
  close(): void;
}

/**
 * Progress goes to `stream`, which is stderr: stdout belongs to the result. On a runner it goes through @actions/core.
 * Only the module that is needed is loaded: the two others cost a tenth of a second.
 */
export async function createReporter(
  surroundings: Surroundings,
  stream: NodeJS.WriteStream,
): Promise<ClosableReporter> {
  if (surroundings.githubActions) {
    const [{ GitHubActionsReporter }, core] = await Promise.all([
      import('./github-actions.ts'),
      import('@actions/core'),
    ]);
    return new GitHubActionsReporter(core);
  }
  if (stream.isTTY && !surroundings.ci && !surroundings.dumbTerminal) {
    const { TerminalReporter } = await import('./terminal.ts');
    return new TerminalReporter(stream);
  }
  return new PlainReporter(stream);
}
