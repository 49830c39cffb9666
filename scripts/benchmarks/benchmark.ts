/** What a benchmark is, and how it measures: medians of several runs, after one that is not counted. */

export interface Measurement {
  readonly what: string;
  /** Median, milliseconds. Of this machine and moment. */
  readonly milliseconds: number;
  /** As a multiple of the benchmark's reference: comparable between machines. */
  readonly ratio: number;
  /** Anything else to know of it. */
  readonly note: string;
}

export interface Benchmark {
  readonly name: string;
  /** What a ratio of 1 is. */
  readonly reference: string;
  readonly run: () => Promise<readonly Measurement[]> | readonly Measurement[];
}

/** Median of `runs` in milliseconds. The first run, which loads and compiles, does not count. */
export function median(work: () => unknown, runs = 9): number {
  work();
  const times = Array.from({ length: runs }, () => {
    const started = performance.now();
    work();
    return performance.now() - started;
  });
  return times.sort((a, b) => a - b)[Math.floor(runs / 2)] ?? Number.NaN;
}
