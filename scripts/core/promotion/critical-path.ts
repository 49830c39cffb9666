/**
 * Where a promotion's time went: the chain of tasks that decided when it ended. Pure; the same for environments after
 * environments and for stacks after stacks.
 */

export interface TimedTask {
  readonly id: string;
  /** Ids of the tasks it had to wait for; ids that were not timed are passed over. */
  readonly after: readonly string[];
  /** Milliseconds, all of one clock. */
  readonly startedAt: number;
  readonly endedAt: number;
}

export interface PathStep {
  readonly id: string;
  readonly milliseconds: number;
  /** Between the end of the step before and its own start: waiting for a lock, an approval, a free hand. */
  readonly waitedMilliseconds: number;
}

export interface CriticalPath {
  /** First to last; empty without tasks. */
  readonly steps: readonly PathStep[];
  /** From the first start to the last end of all tasks. */
  readonly milliseconds: number;
}

/** From the task that ended last, back over whichever of its predecessors ended last. */
export function criticalPath(tasks: readonly TimedTask[]): CriticalPath {
  const byId = new Map(tasks.map((task) => [task.id, task]));
  const steps: PathStep[] = [];
  const seen = new Set<string>();
  let task = lastToEnd(tasks);
  while (task !== undefined && !seen.has(task.id)) {
    seen.add(task.id);
    const before = lastToEnd(task.after.flatMap((id) => byId.get(id) ?? []));
    const waited = before === undefined ? 0 : Math.max(0, task.startedAt - before.endedAt);
    steps.unshift({ id: task.id, milliseconds: task.endedAt - task.startedAt, waitedMilliseconds: waited });
    task = before;
  }
  const started = Math.min(...tasks.map(({ startedAt }) => startedAt));
  const ended = Math.max(...tasks.map(({ endedAt }) => endedAt));
  return { steps, milliseconds: tasks.length === 0 ? 0 : ended - started };
}

function lastToEnd(tasks: readonly TimedTask[]): TimedTask | undefined {
  return tasks.reduce<TimedTask | undefined>(
    (last, task) => (last && last.endedAt >= task.endedAt ? last : task),
    undefined,
  );
}
