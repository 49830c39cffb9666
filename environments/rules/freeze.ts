/** Rules of the freeze: a time zone that exists, windows that have an extent, dates that are said once. Pure. */
import { type Finding, show } from '../problem.ts';
import type { EnvironmentDraft } from '../shape.ts';
import { repeatedAt } from './values.ts';

export function checkFreeze({ promotion }: EnvironmentDraft): Finding[] {
  const freeze = promotion?.freeze;
  if (freeze === undefined || freeze === null) return [];
  const { timeZone, windows = [], holidays = [], halfDays = [] } = freeze;
  const at = (...steps: (string | number)[]) => ['promotion', 'freeze', ...steps];
  const closed = new Set(holidays);
  return [
    ...(timeZone === undefined || isTimeZone(timeZone)
      ? []
      : [{ path: at('timeZone'), found: show(timeZone), allowed: 'an IANA time zone, e.g. America/New_York' }]),
    ...windows.flatMap((window, index) => checkWindow(window, at('windows', index))),
    ...repeatedAt(holidays, (date) => date).map((index) => ({
      path: at('holidays', index),
      found: `${show(holidays[index])} more than once`,
      allowed: 'each date once',
    })),
    ...repeatedAt(halfDays, ({ date }) => date).map((index) => ({
      path: at('halfDays', index, 'date'),
      found: `${show(halfDays[index]?.date)} more than once`,
      allowed: 'each date once',
    })),
    ...halfDays.flatMap((halfDay, index) =>
      halfDay?.date !== undefined && closed.has(halfDay.date)
        ? [
            {
              path: at('halfDays', index, 'date'),
              found: `${show(halfDay.date)}, which is in holidays too`,
              allowed: 'a date that is either a holiday or a half day: remove it from one of the lists',
            },
          ]
        : [],
    ),
  ];
}

type Window = NonNullable<NonNullable<NonNullable<EnvironmentDraft['promotion']>['freeze']>['windows']>[number];

function checkWindow(window: Window, path: (string | number)[]): Finding[] {
  const { days = [], from, to } = window ?? {};
  return [
    ...repeatedAt(days, (day) => day).map((index) => ({
      path: [...path, 'days', index],
      found: `${show(days[index])} more than once`,
      allowed: 'each weekday once',
    })),
    ...(from !== undefined && from === to
      ? [
          {
            path: [...path, 'to'],
            found: `${show(to)}, which is its start too`,
            allowed: 'another time than `from`; a whole day is two windows, 00:00 to 12:00 and 12:00 to 00:00',
          },
        ]
      : []),
  ];
}

/** Newer versions of Node take offsets such as +01:00 for a zone too; a freeze that ignores summer time is refused. */
function isTimeZone(name: string): boolean {
  if (!/^[A-Za-z]/.test(name)) return false;
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    // A RangeError is how Intl says that there is no such zone.
    return false;
  }
}
