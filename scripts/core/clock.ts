/** Time as an argument: what waits is told how, so that a test waits for nothing. */
export interface Clock {
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Resolves after so many milliseconds, or rejects when the signal aborts. */
  readonly sleep: (milliseconds: number, signal?: AbortSignal) => Promise<void>;
  /** At least 0 and below 1: for jitter. */
  readonly random: () => number;
}
