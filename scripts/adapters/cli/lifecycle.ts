/**
 * How a command ends: clean-up hooks run whatever way it does, and a signal ends it with the shell's usual exit code.
 */

/** Time the command's own unwinding (releasing a lease, say) gets after a signal. */
const GRACE_MS = 5_000;
/** 128 + signal number, as shells report it. */
export const SIGNAL_EXIT_CODES = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;
type EndingSignal = keyof typeof SIGNAL_EXIT_CODES;

export type CleanUp = () => void | Promise<void>;

/** The reason of the abort signal, and what a command that was interrupted rejects with. */
export class InterruptedError extends Error {
  readonly signal: EndingSignal;

  constructor(signal: EndingSignal) {
    super(`Interrupted by ${signal}.`);
    this.name = 'InterruptedError';
    this.signal = signal;
  }
}

export class Lifecycle {
  readonly #hooks = new Set<CleanUp>();
  readonly #controller = new AbortController();
  readonly #warn: (text: string) => void;

  constructor(warn: (text: string) => void) {
    this.#warn = warn;
  }

  /** Aborted when the command is interrupted. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Registers a hook; the function returned withdraws it, once there is nothing left to clean up. */
  onExit(hook: CleanUp): () => void {
    this.#hooks.add(hook);
    return () => void this.#hooks.delete(hook);
  }

  /** Runs the hooks, last registered first, each once. One that fails is reported and does not stop the others. */
  async cleanUp(): Promise<void> {
    for (const hook of [...this.#hooks].reverse()) {
      this.#hooks.delete(hook);
      try {
        await hook();
      } catch (error) {
        this.#warn(`Cleaning up failed: ${error instanceof Error ? error.message : String(error)}`);
      }
    }
  }

  /**
   * Runs `work`; on SIGINT, SIGTERM or SIGHUP aborts `signal`, runs the hooks, gives `work` a short time to unwind,
   * and rejects with InterruptedError. A second signal ends the process at once.
   */
  async run<T>(work: () => Promise<T>): Promise<T> {
    let interrupt: (error: unknown) => void = ignore;
    const interrupted = new Promise<never>((_, reject) => {
      interrupt = reject;
    });
    let running: Promise<T> | undefined;
    const onSignal = (signal: EndingSignal): void => {
      if (this.signal.aborted) process.exit(SIGNAL_EXIT_CODES[signal]);
      const error = new InterruptedError(signal);
      this.#controller.abort(error);
      this.#warn(`Interrupted by ${signal}: cleaning up. Once more to quit at once.`);
      void this.cleanUp()
        .then(() => settledWithin(running, GRACE_MS))
        .then(() => interrupt(error));
    };
    const stopListening = listen(onSignal, interrupt);
    try {
      running = work();
      return await Promise.race([interrupted, afterAbort(running, this.signal, interrupted)]);
    } finally {
      stopListening();
    }
  }
}

/** @returns what takes the listeners off again. */
function listen(onSignal: (signal: EndingSignal) => void, onUnhandled: (error: unknown) => void): () => void {
  const signals = Object.keys(SIGNAL_EXIT_CODES) as EndingSignal[];
  for (const signal of signals) process.on(signal, onSignal);
  process.on('unhandledRejection', onUnhandled);
  process.on('uncaughtException', onUnhandled);
  return () => {
    for (const signal of signals) process.off(signal, onSignal);
    process.off('unhandledRejection', onUnhandled);
    process.off('uncaughtException', onUnhandled);
  };
}

/** The work's own outcome, unless a signal came first: then its failure is only the echo of the interruption. */
async function afterAbort<T>(running: Promise<T>, signal: AbortSignal, interrupted: Promise<never>): Promise<T> {
  try {
    const value = await running;
    return signal.aborted ? await interrupted : value;
  } catch (error) {
    if (signal.aborted) return await interrupted;
    throw error;
  }
}

async function settledWithin(work: Promise<unknown> | undefined, milliseconds: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, milliseconds);
  });
  await Promise.race([limit, work?.then(ignore, ignore)]);
  clearTimeout(timer);
}

/** The outcome is reported by `afterAbort`; here only its moment matters. */
function ignore(): void {}
