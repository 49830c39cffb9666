/**
 * How a command that ran to its end ended: as asked, or not, and then why, in the few words of an annotation. Pure.
 *
 * Why a type of its own: a result that fails can't be made without its cause, so no run on GitHub is red without saying why.
 */
import { EXIT, type ExitCode } from './errors.ts';

export interface Cause {
  /** Stable, SCREAMING_SNAKE: `CHECKS_FAILED`. Machines match on it. */
  readonly code: string;
  /** `internal` where a defect of ours or of a service ended it; left out: something people can change. */
  readonly source?: 'user' | 'internal';
  /** One to a few plain lines: what failed, where, and what to do next. No table, no stack. */
  readonly message: string;
}

export type FailureExitCode = Exclude<ExitCode, typeof EXIT.done>;

export type Ending =
  | { readonly exitCode: typeof EXIT.done; readonly cause?: never }
  | { readonly exitCode: FailureExitCode; readonly cause: Cause };

/** @param cause undefined: it ended as it was asked to */
export const endingOf = (cause: Cause | undefined, exitCode: FailureExitCode = EXIT.failed): Ending =>
  cause === undefined ? { exitCode: EXIT.done } : { exitCode, cause };

/** Lines of one list in a cause: more are counted, as a cause is read at a glance. */
const MOST = 4;

/** The first of them, and how many more there are. */
export const few = (lines: readonly string[], most = MOST): readonly string[] =>
  lines.length > most ? [...lines.slice(0, most - 1), `and ${lines.length - most + 1} more`] : lines;
