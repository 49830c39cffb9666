/**
 * Progress for a person at a terminal: live lines per task and child with the time elapsed, redrawn in place.
 *
 * A task that ends leaves one line above the live ones (and the lines of its failed children), so that the screen
 * holds what is going on and the scroll-back what went on.
 */
import { stripVTControlCharacters, styleText } from 'node:util';
import { createLogUpdate } from 'log-update';
import type { Task } from '../../core/progress.ts';
import type { ClosableReporter } from './reporter.ts';
import { formatElapsed } from './text.ts';

const REDRAW_MS = 100;
const SPINNER = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];

type State = 'running' | 'done' | 'failed';

/** The part of a terminal that is written to: a stream, or a recorder in tests. */
export interface Terminal {
  readonly columns?: number;
  readonly rows?: number;
  write(text: string): boolean;
}

export class TerminalReporter implements ClosableReporter {
  readonly #terminal: Terminal;
  readonly #draw: ReturnType<typeof createLogUpdate>;
  readonly #now: () => number;
  #open: LiveTask[] = [];
  #timer: NodeJS.Timeout | undefined;
  #frame = 0;

  constructor(terminal: Terminal, now: () => number = () => performance.now()) {
    this.#terminal = terminal;
    this.#draw = createLogUpdate(terminal as NodeJS.WriteStream);
    this.#now = now;
  }

  task(title: string): Task {
    const task = new LiveTask(title, this.#now, () => this.#settle());
    this.#open.push(task);
    this.#timer ??= setInterval(() => this.#redraw(), REDRAW_MS).unref();
    this.#redraw();
    return task;
  }

  info(text: string): void {
    this.#above(text);
  }

  warn(text: string): void {
    this.#above(`${styleText('yellow', 'warning:')} ${text}`);
  }

  close(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
    if (this.#open.length > 0) this.#redraw();
    this.#open = [];
    this.#draw.done();
  }

  /** Moves ended tasks from the live lines to the lines above. */
  #settle(): void {
    const ended = this.#open.filter(({ state }) => state !== 'running');
    this.#open = this.#open.filter(({ state }) => state === 'running');
    const lines = ended.flatMap((task) => task.finalLines(this.#width()));
    if (lines.length > 0) this.#above(lines.join('\n'));
    if (this.#open.length === 0) this.close();
  }

  #above(text: string): void {
    this.#draw.clear();
    this.#terminal.write(`${text}\n`);
    if (this.#open.length > 0) this.#redraw();
  }

  #redraw(): void {
    const spinner = SPINNER[this.#frame++ % SPINNER.length] ?? '';
    this.#draw(this.#open.flatMap((task) => task.liveLines(spinner, this.#width())).join('\n'));
  }

  #width(): number {
    return this.#terminal.columns ?? 80;
  }
}

class LiveTask implements Task {
  state: State = 'running';
  readonly #title: string;
  readonly #now: () => number;
  readonly #onEnd: () => void;
  readonly #children: LiveTask[] = [];
  readonly #started: number;
  #ended = 0;
  #text = '';

  constructor(title: string, now: () => number, onEnd: () => void) {
    this.#title = title;
    this.#now = now;
    this.#onEnd = onEnd;
    this.#started = now();
  }

  update(text: string): void {
    if (this.state === 'running') this.#text = text;
  }

  done(text = ''): void {
    this.#end('done', text);
  }

  fail(text: string): void {
    this.#end('failed', text);
  }

  child(title: string): Task {
    const child = new LiveTask(title, this.#now, () => {});
    this.#children.push(child);
    return child;
  }

  /** This task and its children, one line each, cut to the terminal's width: a wrapped line would break redrawing. */
  liveLines(spinner: string, width: number, depth = 0): string[] {
    const below = this.#children.flatMap((child) => child.liveLines(spinner, width, depth + 1));
    return [this.#line(spinner, depth, width), ...below];
  }

  /** What stays on screen: this task's line, and every failed one below it in full. */
  finalLines(width: number, depth = 0): string[] {
    const below = this.#children.filter(({ state }) => state === 'failed');
    return [this.#line('', depth, undefined), ...below.flatMap((child) => child.finalLines(width, depth + 1))];
  }

  #end(state: 'done' | 'failed', text: string): void {
    if (this.state !== 'running') return;
    this.state = state;
    this.#text = text;
    this.#ended = this.#now();
    this.#onEnd();
  }

  #line(spinner: string, depth: number, width: number | undefined): string {
    const elapsed = formatElapsed((this.state === 'running' ? this.#now() : this.#ended) - this.#started);
    const text = stripVTControlCharacters(this.#text);
    const tail = text === '' ? elapsed : `${elapsed}  ${width === undefined ? text : text.replaceAll('\n', ' ')}`;
    const body = `${'  '.repeat(depth)}${this.#mark(spinner)} ${this.#title}  `;
    const room = width === undefined ? Number.POSITIVE_INFINITY : Math.max(0, width - 1 - body.length);
    const cut = tail.length > room ? `${tail.slice(0, Math.max(0, room - 1))}…` : tail;
    return `${colour(this.state, body)}${styleText('dim', cut)}`;
  }

  #mark(spinner: string): string {
    return { running: spinner, done: '✓', failed: '✗' }[this.state];
  }
}

function colour(state: State, text: string): string {
  if (state === 'running') return text;
  return styleText(state === 'done' ? 'green' : 'red', text);
}
