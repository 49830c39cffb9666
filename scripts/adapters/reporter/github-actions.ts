/**
 * Progress on a runner of GitHub Actions: groups that fold, annotations, and the job summary, through @actions/core.
 *
 * Groups can't nest or interleave there: a task running alone gets a group; as soon as a second one runs beside it,
 * lines carry their task's name instead.
 */
import type { Task } from '../../core/progress.ts';
import { readSurroundings } from '../variables.ts';
import { PlainTask } from './plain.ts';
import type { ClosableReporter } from './reporter.ts';
import { plainText, shortText } from './text.ts';

/** The part of @actions/core that progress needs. */
export type Core = Pick<typeof import('@actions/core'), 'startGroup' | 'endGroup' | 'info' | 'warning'>;

const ZERO_WIDTH_SPACE = '\u200b';

export class GitHubActionsReporter implements ClosableReporter {
  readonly #core: Core;
  readonly #now: () => number;
  #running = 0;
  #groupOpen = false;

  constructor(core: Core, now: () => number = () => performance.now()) {
    this.#core = core;
    this.#now = now;
  }

  task(title: string): Task {
    this.#closeGroup();
    this.#running += 1;
    if (this.#running === 1) {
      this.#core.startGroup(plainText(title));
      this.#groupOpen = true;
    }
    const lines = new PlainTask([title], (line) => this.info(line), this.#now);
    return new GroupedTask(lines, () => {
      this.#running -= 1;
      this.#closeGroup();
    });
  }

  info(text: string): void {
    this.#core.info(harmlessText(text));
  }

  warn(text: string): void {
    this.#core.warning(plainText(text));
  }

  close(): void {
    this.#closeGroup();
  }

  #closeGroup(): void {
    if (this.#groupOpen) this.#core.endGroup();
    this.#groupOpen = false;
  }
}

class GroupedTask implements Task {
  readonly #lines: Task;
  #onEnd: () => void;

  constructor(lines: Task, onEnd: () => void) {
    this.#lines = lines;
    this.#onEnd = onEnd;
  }

  update(text: string): void {
    this.#lines.update(text);
  }

  done(text?: string): void {
    this.#lines.done(text);
    this.#end();
  }

  fail(text: string): void {
    this.#lines.fail(text);
    this.#end();
  }

  child(title: string): Task {
    return this.#lines.child(title);
  }

  #end(): void {
    this.#onEnd();
    this.#onEnd = () => {};
  }
}

/** What a run's page shows of an annotation without unfolding it is about this much. */
const ANNOTATION = { lines: 12, width: 600 } as const;

/** An `error` annotation on the run, titled by the verb. A long message is shortened: the log has all of it. */
export async function annotateError(verb: string, message: string): Promise<void> {
  const core = await import('@actions/core');
  core.error(shortText(plainText(message), ANNOTATION), { title: verb });
}

/**
 * Text for the log: a line of a service that starts like a workflow command must not act as one. The runner reads both
 * streams, and takes U+0085 for white space where we would not.
 */
export function harmlessText(text: string): string {
  const lines = plainText(text).replace(/^([\s\u0085]*)::/gm, `$1${ZERO_WIDTH_SPACE}::`);
  return lines.replaceAll('##[', `##${ZERO_WIDTH_SPACE}[`);
}

/** The same for a JSON document, which stays what it was: its line breaks are escaped, so the older form is left. */
export const harmlessJson = (json: string): string => json.replaceAll('##[', '##\\u005b');

/** Appends to the job summary. Nothing to do where the runner gives no summary file (older runners, act). */
export async function writeJobSummary(title: string, markdown: string): Promise<void> {
  const { summary } = await import('@actions/core');
  summary.addHeading(title, 2).addRaw(markdown, true);
  try {
    await summary.write();
  } catch (error) {
    const core = await import('@actions/core');
    core.warning(`The job summary was not written: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** Outputs of the step, for later steps and jobs. */
export async function setStepOutputs(outputs: Readonly<Record<string, string>>): Promise<void> {
  const core = await import('@actions/core');
  for (const [name, value] of Object.entries(outputs)) core.setOutput(name, value);
}

/** Sets variables for the later steps of the job, on a runner; elsewhere there are no later steps. */
export async function exportVariables(variables: Readonly<Record<string, string>>): Promise<void> {
  if (!readSurroundings().githubActions) return;
  const core = await import('@actions/core');
  for (const [name, value] of Object.entries(variables)) core.exportVariable(name, value);
}
