/**
 * Freezes against an account of them that knows nothing of offsets: the clock on the wall, read minute by minute.
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { type Freeze, WEEKDAYS } from '../../../environments/environment-config.ts';
import { freezeAt } from './freeze.ts';

const daily = [...WEEKDAYS];

describe('freezeAt against a clock read minute by minute', () => {
  const MINUTE = 60_000;
  const weeks = [
    { zone: 'America/New_York', start: '2026-03-05T00:00:00Z' },
    { zone: 'America/New_York', start: '2026-10-29T00:00:00Z' },
    { zone: 'Europe/London', start: '2026-03-26T00:00:00Z' },
    { zone: 'Europe/Berlin', start: '2026-10-22T00:00:00Z' },
    { zone: 'Australia/Lord_Howe', start: '2026-04-01T00:00:00Z' },
    { zone: 'Africa/Cairo', start: '2026-04-20T00:00:00Z' },
    { zone: 'Asia/Kolkata', start: '2026-11-20T00:00:00Z' },
  ].map(({ zone, start }) => readClock(zone, Date.parse(start)));

  /** The wall clock at each minute of a week, read with Intl alone: knows nothing of luxon. */
  function readClock(timeZone: string, start: number) {
    const format = new Intl.DateTimeFormat('en-GB', {
      timeZone,
      hourCycle: 'h23',
      dateStyle: 'short',
      timeStyle: 'short',
    });
    const shown = Array.from({ length: 7 * 24 * 60 }, (_, minute) => {
      const part = Object.fromEntries(
        format.formatToParts(start + minute * MINUTE).map(({ type, value }) => [type, value]),
      );
      return Date.parse(`${part['year']}-${part['month']}-${part['day']}T${part['hour']}:${part['minute']}:00Z`);
    });
    let most = Number.NEGATIVE_INFINITY;
    const highest = shown.map((wall) => (most = Math.max(most, wall)));
    let least = Number.POSITIVE_INFINITY;
    const lowestToCome = shown
      .toReversed()
      .map((wall) => (least = Math.min(least, wall)))
      .reverse();
    return { timeZone, start, shown, highest, lowestToCome };
  }

  /** Frozen: the clock has shown the window's start already, and is still to show a time before its end. */
  function walk(week: (typeof weeks)[number], freeze: Freeze, minute: number): boolean {
    const [highest = 0, lowest = 0, first = 0] = [week.highest[minute], week.lowestToCome[minute], week.shown[0]];
    for (let day = Math.floor(first / 86_400_000) - 1; day * 86_400_000 <= highest; day += 1) {
      const date = new Date(day * 86_400_000).toISOString().slice(0, 10);
      if (freeze.holidays.includes(date)) continue;
      for (const { days, from, to } of freeze.windows) {
        const weekday = WEEKDAYS[(new Date(date).getUTCDay() + 6) % 7] ?? 'monday';
        if (!days.includes(weekday)) continue;
        const next = (time: string): number => Date.parse(`${date}T${time}:00Z`) + (time <= from ? 86_400_000 : 0);
        const half = freeze.halfDays.find((halfDay) => halfDay.date === date)?.to;
        const sameDay = half !== undefined && from < to;
        const early =
          half === undefined ? Number.POSITIVE_INFINITY : sameDay ? Date.parse(`${date}T${half}:00Z`) : next(half);
        if (highest >= Date.parse(`${date}T${from}:00Z`) && lowest < Math.min(next(to), early)) return true;
      }
    }
    return false;
  }

  const time = fc
    .integer({ min: 0, max: 95 })
    .map(
      (quarter) => `${String(Math.floor(quarter / 4)).padStart(2, '0')}:${String((quarter % 4) * 15).padStart(2, '0')}`,
    );
  const window = fc.record({ days: fc.subarray(daily, { minLength: 1 }), from: time, to: time });

  it('agrees on every minute, and on the end', () => {
    let frozen = 0;
    fc.assert(
      fc.property(
        fc.nat(weeks.length - 1),
        fc.array(window, { minLength: 1, maxLength: 2 }),
        fc.array(fc.integer({ min: 0, max: 6 }), { maxLength: 2 }),
        fc.option(fc.record({ day: fc.integer({ min: 0, max: 6 }), to: time })),
        fc.integer({ min: 2 * 1440, max: 5 * 1440 }),
        (index, windows, holidays, half, minute) => {
          const week = weeks[index];
          assert.ok(week);
          const dateOf = (day: number): string => new Date(week.start + day * 86_400_000).toISOString().slice(0, 10);
          const freeze: Freeze = {
            timeZone: week.timeZone,
            windows,
            holidays: holidays.map(dateOf),
            halfDays: half === null ? [] : [{ date: dateOf(half.day), to: half.to }],
          };
          const status = freezeAt(freeze, new Date(week.start + minute * MINUTE));
          assert.equal(status.frozen, walk(week, freeze, minute));
          if (!status.frozen) return;
          frozen += 1;
          let end = minute;
          while (end < 6 * 1440 && walk(week, freeze, end)) end += 1;
          if (end < 6 * 1440) assert.equal(status.endsAt?.getTime(), week.start + end * MINUTE);
        },
      ),
      { numRuns: 1_500 },
    );
    assert.ok(frozen > 100, `only ${frozen} of the moments were frozen: the property says little`);
  });
});
