/**
 * Errors of this product: each with a stable code, a source, and what to change in its message.
 */

/** Exit codes of every command: see docs and `--help`. */
export const EXIT = { done: 0, failed: 1, usage: 2, guarded: 3 } as const;
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

export interface ErrorFacts {
  /** Stable, SCREAMING_SNAKE: `PORT_IN_USE`. Machines match on it. */
  readonly code: string;
  /** `user`: something the user can change; printed without a stack. `internal`: a defect of ours or of a service. */
  readonly source: 'user' | 'internal';
  readonly exitCode: ExitCode;
  readonly cause?: unknown;
}

/** Thrown for every failure a person is to read; subclasses are named by the failure. */
export class GitOpsError extends Error {
  readonly code: string;
  readonly source: 'user' | 'internal';
  readonly exitCode: ExitCode;

  constructor(message: string, facts: ErrorFacts) {
    super(message, { cause: facts.cause });
    this.name = new.target.name;
    this.code = facts.code;
    this.source = facts.source;
    this.exitCode = facts.exitCode;
  }
}

/** Thrown when a command is called in a way it can't be: unknown environment, missing option. Exit 2. */
export class UsageError extends GitOpsError {
  constructor(message: string, cause?: unknown) {
    super(message, { code: 'USAGE', source: 'user', exitCode: EXIT.usage, cause });
  }
}

/** What was thrown, for a line among others: errors of ours speak for themselves, others need their name. */
export function reasonOf(thrown: unknown): string {
  if (thrown instanceof GitOpsError) return thrown.message;
  return thrown instanceof Error ? `${thrown.name}: ${thrown.message}` : String(thrown);
}
