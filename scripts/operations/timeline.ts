/**
 * Times the steps of a command as they happen, for the critical path at its end.
 */
import type { Task } from '../core/progress.ts';
import type { TimedTask } from '../core/promotion/critical-path.ts';

export class Timeline {
  readonly #now: () => number;
  readonly #ended: TimedTask[] = [];

  /** @param now milliseconds of one clock */
  constructor(now: () => number) {
    this.#now = now;
  }

  /** Steps that have ended, in that order. */
  get steps(): readonly TimedTask[] {
    return this.#ended;
  }

  /** Runs one step, and notes it however it ends. @param after ids of the steps it had to wait for */
  async step<T>(id: string, after: readonly string[], work: () => Promise<T>): Promise<T> {
    const end = this.#begin(id, after);
    try {
      return await work();
    } finally {
      end();
    }
  }

  /** A task whose children are timed as steps: a deployment's stacks. */
  watch(task: Task, stepOf: (title: string) => { readonly id: string; readonly after: readonly string[] }): Task {
    return {
      update: (text) => task.update(text),
      done: (text) => task.done(text),
      fail: (text) => task.fail(text),
      child: (title) => {
        const { id, after } = stepOf(title);
        const end = this.#begin(id, after);
        const child = task.child(title);
        return {
          update: (text) => child.update(text),
          child: (below) => child.child(below),
          done: (text) => {
            end();
            child.done(text);
          },
          fail: (text) => {
            end();
            child.fail(text);
          },
        };
      },
    };
  }

  #begin(id: string, after: readonly string[]): () => void {
    const startedAt = this.#now();
    return () => this.#ended.push({ id, after, startedAt, endedAt: this.#now() });
  }
}
