/**
 * Progress for pipes and logs: one line when a task starts, one when it ends, no control characters.
 */
import type { Task } from '../../core/progress.ts';
import type { ClosableReporter } from './reporter.ts';
import { formatElapsed, plainText, titlePath } from './text.ts';

export interface TextSink {
  write(text: string): unknown;
}

export class PlainReporter implements ClosableReporter {
  readonly #sink: TextSink;
  readonly #now: () => number;

  constructor(sink: TextSink, now: () => number = () => performance.now()) {
    this.#sink = sink;
    this.#now = now;
  }

  task(title: string): Task {
    return new PlainTask([title], (line) => this.info(line), this.#now);
  }

  info(text: string): void {
    this.#sink.write(`${plainText(text)}\n`);
  }

  warn(text: string): void {
    this.info(`warning: ${text}`);
  }

  close(): void {}
}

/** A task that says so in lines; the GitHub Actions reporter prints the same ones within its groups. */
export class PlainTask implements Task {
  readonly #path: readonly string[];
  readonly #print: (line: string) => void;
  readonly #now: () => number;
  readonly #started: number;
  #ended = false;

  constructor(path: readonly string[], print: (line: string) => void, now: () => number) {
    this.#path = path;
    this.#print = print;
    this.#now = now;
    this.#started = now();
    print(`${titlePath(path)} …`);
  }

  update(): void {}

  done(text = 'done'): void {
    this.#end('✓', text);
  }

  fail(text: string): void {
    this.#end('✗', text);
  }

  child(title: string): Task {
    return new PlainTask([...this.#path, title], this.#print, this.#now);
  }

  #end(mark: string, text: string): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#print(`${mark} ${titlePath(this.#path)}: ${text} (${formatElapsed(this.#now() - this.#started)})`);
  }
}
