/**
 * When a workflow's schedule runs, and whether those runs find environments that are frozen: a run inside a freeze takes up
 * nothing of what the freeze put off. Pure.
 */
import type { EnvironmentConfig } from '../../../environments/environment-config.ts';
import { describeFreeze, freezeAt } from '../../core/freeze/freeze.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/**
 * Every run of a cron line from `from` on, in UTC as GitHub reads it.
 *
 * https://docs.github.com/actions/reference/workflows-and-actions/events-that-trigger-workflows#schedule
 * @throws RangeError for a day of the month or a month: no schedule here has one
 */
export function runsOf(cron: string, from: Date, days: number): Date[] {
  const [minute = '', hour = '', dayOfMonth, month, weekday = ''] = cron.trim().split(/\s+/);
  if (dayOfMonth !== '*' || month !== '*')
    throw new RangeError(`${cron}: only minutes, hours and weekdays are read here`);
  const midnight = Math.floor(from.getTime() / DAY_MS) * DAY_MS;
  const [minutes, hours, weekdays] = [members(minute, 0, 59), members(hour, 0, 23), members(weekday, 0, 6)];
  return Array.from({ length: days }, (_, day) => midnight + day * DAY_MS)
    .filter((day) => weekdays.includes(new Date(day).getUTCDay()))
    .flatMap((day) => hours.flatMap((at) => minutes.map((part) => new Date(day + at * HOUR_MS + part * MINUTE_MS))));
}

/** `*`, `5`, `1-5`, and each with a step or in a list. */
function members(field: string, low: number, high: number): number[] {
  const chosen = field.split(',').flatMap((part) => {
    const [range = '', step = '1'] = part.split('/');
    const [first, last = first] = range === '*' ? [String(low), String(high)] : range.split('-');
    const [from, to] = [Number(first), Number(last)];
    return Array.from({ length: to - from + 1 }, (_, index) => from + index).filter(
      (_value, index) => index % Number(step) === 0,
    );
  });
  return [...new Set(chosen)].sort((a, b) => a - b);
}

/** What is wrong, one line for each environment, with what to change; empty where every run comes after the windows. */
export function scheduleProblems(
  file: string,
  runs: readonly Date[],
  environments: readonly EnvironmentConfig[],
): string[] {
  return environments.flatMap(({ name, promotion: { freeze } }) => {
    const json = `promotion.freeze in environments/${name}.json`;
    const inside = runs.map((run) => ({ run, status: freezeAt(freeze, run) })).find(({ status }) => status.frozen);
    if (inside?.status.frozen) {
      return [
        `${file} runs at ${inside.run.toISOString()}, when ${name} is frozen ${describeFreeze(inside.status)}, so that what ` +
          `the freeze put off would not be taken up. Move the cron line to after the windows, summer and winter, or change ${json}.`,
      ];
    }
    const late = endsOf(freeze, runs).find((end) => {
      const next = runs.find((run) => run >= end);
      return next !== undefined && next.getTime() - end.getTime() > DAY_MS;
    });
    return late === undefined
      ? []
      : [
          `${file} does not run within a day of ${late.toISOString()}, when a freeze of ${name} ends: what it put off would wait. ` +
            `Add that day to the cron line, or change ${json}.`,
        ];
  });
}

/** When the freezes between the first and the last run end. No window is shorter than the hour it is looked for by. */
function endsOf(freeze: EnvironmentConfig['promotion']['freeze'], runs: readonly Date[]): Date[] {
  const [first, last] = [runs[0], runs.at(-1)];
  if (first === undefined || last === undefined) return [];
  const ends = new Map<number, Date>();
  for (let time = first.getTime(); time < last.getTime() - DAY_MS; time += HOUR_MS) {
    const status = freezeAt(freeze, new Date(time));
    if (status.frozen && status.endsAt !== null) ends.set(status.endsAt.getTime(), status.endsAt);
  }
  return [...ends.values()];
}
