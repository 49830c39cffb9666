/**
 * Runs concurrent tasks in every order their steps can take, one run for each: what a race can do is seen, not hoped for.
 *
 * How: a task waits at its gate before each step. When all tasks wait or are done, one is chosen and let through. A
 * run notes how many choices it had at each point; the next run takes the next choice at the last point that has one
 * left, until none has (a depth-first walk over the tree of choices).
 */

/** Waits until the task may take its next step. */
export type Gate = () => Promise<void>;

type Task = (gate: Gate) => Promise<void>;

interface Run {
  readonly tasks: readonly Task[];
  readonly assess: () => void | Promise<void>;
}

interface Choice {
  readonly taken: number;
  readonly of: number;
}

/** Runs the tasks once: by `plan` as far as it goes, then always the first that waits. Returns the choices made. */
const runOnce = async (tasks: readonly Task[], plan: readonly number[]): Promise<Choice[]> => {
  const waiting = new Map<number, () => void>();
  const start = (task: Task, index: number) => {
    let onStop: () => void = () => undefined;
    const stops = (): Promise<void> =>
      new Promise((resolve) => {
        onStop = resolve;
      });
    const firstStop = stops();
    const gate: Gate = () =>
      new Promise((resolve) => {
        waiting.set(index, resolve);
        onStop();
      });
    const done = task(gate).finally(() => onStop());
    return { done, firstStop, stops };
  };
  const running = tasks.map(start);
  // A rejection is thrown at the end; until then it must not count as unhandled.
  const settled = Promise.allSettled(running.map(({ done }) => done));
  await Promise.all(running.map(({ firstStop }) => firstStop));

  const choices: Choice[] = [];
  while (waiting.size > 0) {
    const candidates = [...waiting.keys()].toSorted((a, b) => a - b);
    const taken = plan[choices.length] ?? 0;
    const index = candidates[taken];
    if (index === undefined) throw new Error('The tasks are not deterministic: a planned step is not there');
    choices.push({ taken, of: candidates.length });
    const stopped = running[index]?.stops();
    const letThrough = waiting.get(index);
    waiting.delete(index);
    letThrough?.();
    await stopped;
  }
  for (const result of await settled) if (result.status === 'rejected') throw result.reason;
  return choices;
};

/** The plan after this run: the last choice that has another option takes it, and what followed is open again. */
const nextPlan = (choices: readonly Choice[]): number[] | undefined => {
  const last = choices.findLastIndex(({ taken, of }) => taken + 1 < of);
  return last < 0 ? undefined : choices.slice(0, last + 1).map(({ taken }, i) => (i === last ? taken + 1 : taken));
};

/**
 * @param prepare makes the state and tasks of one run; `assess` looks at what came of it
 * @returns how many orders there were
 */
export const exploreInterleavings = async (prepare: () => Run | Promise<Run>): Promise<number> => {
  let runs = 0;
  for (let plan: number[] | undefined = []; plan; ) {
    const { tasks, assess } = await prepare();
    const choices: Choice[] = await runOnce(tasks, plan);
    await assess();
    runs += 1;
    plan = nextPlan(choices);
  }
  return runs;
};
