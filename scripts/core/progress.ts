/**
 * How long work speaks: tasks that start, change and end. The terminal, plain lines and GitHub Actions are three
 * adapters of it (`scripts/adapters/reporter/`).
 */
export interface Task {
  /** What is happening now, a few words: `3 of 12 resources`. */
  update(text: string): void;
  done(text?: string): void;
  fail(text: string): void;
  /** A task below this one: an environment's stacks. */
  child(title: string): Task;
}

export interface Reporter {
  task(title: string): Task;
  /** A line people should read; never on stdout when `--json`. */
  info(text: string): void;
  warn(text: string): void;
}
