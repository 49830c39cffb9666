import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { type Freeze, WEEKDAYS } from '../../../environments/environment-config.ts';
import prod from '../../../environments/prod.json' with { type: 'json' };
import { UsageError } from '../errors.ts';
import { describeFreeze, freezeAt } from './freeze.ts';

const weekdays = WEEKDAYS.slice(0, 5);
const daily = [...WEEKDAYS];
const newYork: Freeze = {
  timeZone: 'America/New_York',
  windows: [{ days: weekdays, from: '09:30', to: '16:00' }],
  holidays: ['2026-11-26', '2026-12-25'],
  halfDays: [{ date: '2026-11-27', to: '13:00' }],
};
const zoned = (timeZone: string, from: string, to: string, more: Partial<Freeze> = {}): Freeze => ({
  timeZone,
  windows: [{ days: daily, from, to }],
  holidays: [],
  halfDays: [],
  ...more,
});
const overnight: Freeze = {
  timeZone: 'America/Chicago',
  windows: [{ days: ['monday', 'tuesday', 'wednesday', 'thursday'], from: '17:00', to: '02:00' }],
  holidays: ['2026-11-24'],
  halfDays: [
    { date: '2026-11-25', to: '20:00' },
    { date: '2026-12-02', to: '01:00' },
  ],
};
const spring = {
  newYork: zoned('America/New_York', '02:30', '04:00'),
  berlin: zoned('Europe/Berlin', '01:00', '02:30'),
};
const autumn = {
  newYork: zoned('America/New_York', '00:30', '01:30'),
  london: zoned('Europe/London', '01:30', '03:00'),
};

/** `ends`: the end of the freeze, or null where the instant is free. */
const moments: { name: string; freeze: Freeze; at: string; ends: string | null }[] = [
  { name: 'New York, winter, a minute before the open', freeze: newYork, at: '2026-11-23T14:29:59.999Z', ends: null },
  { name: 'New York, winter, the open', freeze: newYork, at: '2026-11-23T14:30:00Z', ends: '2026-11-23T21:00:00Z' },
  {
    name: 'New York, winter, the last moment',
    freeze: newYork,
    at: '2026-11-23T20:59:59.999Z',
    ends: '2026-11-23T21:00:00Z',
  },
  { name: 'New York, winter, the close', freeze: newYork, at: '2026-11-23T21:00:00Z', ends: null },
  {
    name: 'New York, Friday before clocks go back',
    freeze: newYork,
    at: '2026-10-30T13:30:00Z',
    ends: '2026-10-30T20:00:00Z',
  },
  { name: 'New York, Monday after, 13:30Z is an hour early', freeze: newYork, at: '2026-11-02T13:30:00Z', ends: null },
  {
    name: 'New York, Monday after, 14:30Z is the open',
    freeze: newYork,
    at: '2026-11-02T14:30:00Z',
    ends: '2026-11-02T21:00:00Z',
  },
  { name: 'New York, Friday before clocks go forward', freeze: newYork, at: '2026-03-06T14:29:00Z', ends: null },
  {
    name: 'New York, Monday after, open at 13:30Z',
    freeze: newYork,
    at: '2026-03-09T13:30:00Z',
    ends: '2026-03-09T20:00:00Z',
  },
  {
    name: 'New York, weeks when London is still on winter time',
    freeze: newYork,
    at: '2026-03-20T20:00:00Z',
    ends: null,
  },
  { name: 'New York, Saturday', freeze: newYork, at: '2026-11-28T16:00:00Z', ends: null },
  { name: 'New York, Sunday evening UTC is Sunday there', freeze: newYork, at: '2026-11-29T23:59:00Z', ends: null },
  { name: 'Thanksgiving', freeze: newYork, at: '2026-11-26T16:00:00Z', ends: null },
  { name: 'half-day, before its close', freeze: newYork, at: '2026-11-27T17:59:59Z', ends: '2026-11-27T18:00:00Z' },
  { name: 'half-day, its close', freeze: newYork, at: '2026-11-27T18:00:00Z', ends: null },
  { name: 'half-day, where an ordinary day is frozen', freeze: newYork, at: '2026-11-27T19:00:00Z', ends: null },

  {
    name: 'from skipped by the change: at 01:59 still free',
    freeze: spring.newYork,
    at: '2026-03-08T06:59:59Z',
    ends: null,
  },
  {
    name: 'from skipped: frozen from the change',
    freeze: spring.newYork,
    at: '2026-03-08T07:00:00Z',
    ends: '2026-03-08T08:00:00Z',
  },
  { name: 'from skipped: free at 04:00', freeze: spring.newYork, at: '2026-03-08T08:00:00Z', ends: null },
  {
    name: 'to skipped: frozen before the change',
    freeze: spring.berlin,
    at: '2026-03-29T00:59:59Z',
    ends: '2026-03-29T01:00:00Z',
  },
  { name: 'to skipped: free from the change', freeze: spring.berlin, at: '2026-03-29T01:00:00Z', ends: null },
  {
    name: 'to comes twice: frozen in the first 01:15',
    freeze: autumn.newYork,
    at: '2026-11-01T05:15:00Z',
    ends: '2026-11-01T06:30:00Z',
  },
  {
    name: 'to comes twice: frozen at the first 01:45',
    freeze: autumn.newYork,
    at: '2026-11-01T05:45:00Z',
    ends: '2026-11-01T06:30:00Z',
  },
  { name: 'to comes twice: free at the second 01:30', freeze: autumn.newYork, at: '2026-11-01T06:30:00Z', ends: null },
  { name: 'from comes twice: free before the first', freeze: autumn.london, at: '2026-10-25T00:29:59Z', ends: null },
  {
    name: 'from comes twice: frozen from the first',
    freeze: autumn.london,
    at: '2026-10-25T00:30:00Z',
    ends: '2026-10-25T03:00:00Z',
  },
  {
    name: 'from comes twice: frozen in the second 01:15',
    freeze: autumn.london,
    at: '2026-10-25T01:15:00Z',
    ends: '2026-10-25T03:00:00Z',
  },
  {
    name: 'set back to exactly to: ends at its first showing',
    freeze: zoned('America/New_York', '00:00', '01:00'),
    at: '2026-11-01T05:00:00Z',
    ends: null,
  },
  {
    name: 'Lord Howe changes by half an hour',
    freeze: zoned('Australia/Lord_Howe', '01:00', '01:45'),
    at: '2026-04-04T15:10:00Z',
    ends: '2026-04-04T15:15:00Z',
  },
  {
    name: 'Cairo skips midnight: the day starts at 01:00',
    freeze: zoned('Africa/Cairo', '00:15', '02:00'),
    at: '2026-04-23T22:00:00Z',
    ends: '2026-04-23T23:00:00Z',
  },

  { name: 'overnight, before midnight', freeze: overnight, at: '2026-11-24T05:59:00Z', ends: '2026-11-24T08:00:00Z' },
  {
    name: 'overnight into a holiday runs its course',
    freeze: overnight,
    at: '2026-11-24T07:59:59Z',
    ends: '2026-11-24T08:00:00Z',
  },
  { name: 'overnight, its end', freeze: overnight, at: '2026-11-24T08:00:00Z', ends: null },
  { name: 'overnight, none starts on the holiday', freeze: overnight, at: '2026-11-24T23:30:00Z', ends: null },
  { name: 'overnight, and none runs on from the holiday', freeze: overnight, at: '2026-11-25T07:00:00Z', ends: null },
  {
    name: 'overnight, half-day ends the same evening',
    freeze: overnight,
    at: '2026-11-26T01:59:59Z',
    ends: '2026-11-26T02:00:00Z',
  },
  { name: 'overnight, after the half-day', freeze: overnight, at: '2026-11-26T02:00:00Z', ends: null },
  {
    name: 'overnight, half-day after midnight',
    freeze: overnight,
    at: '2026-12-03T06:59:59Z',
    ends: '2026-12-03T07:00:00Z',
  },
  {
    name: 'overnight, Thursday runs into Friday',
    freeze: overnight,
    at: '2026-11-27T07:30:00Z',
    ends: '2026-11-27T08:00:00Z',
  },
  { name: 'overnight, Friday has none', freeze: overnight, at: '2026-11-28T00:00:00Z', ends: null },
  {
    name: 'a window that starts after the half-day closes is empty',
    freeze: zoned('UTC', '14:00', '16:00', { halfDays: [{ date: '2026-11-23', to: '13:00' }] }),
    at: '2026-11-23T14:30:00Z',
    ends: null,
  },
  {
    name: 'a half-day lengthens no window',
    freeze: zoned('UTC', '09:00', '12:00', { halfDays: [{ date: '2026-11-23', to: '13:00' }] }),
    at: '2026-11-23T12:30:00Z',
    ends: null,
  },
  {
    name: 'windows without a gap end together',
    freeze: {
      ...zoned('UTC', '09:00', '12:00'),
      windows: [
        { days: daily, from: '09:00', to: '12:00' },
        { days: daily, from: '12:00', to: '23:00' },
        { days: daily, from: '22:00', to: '01:00' },
      ],
    },
    at: '2026-11-23T10:00:00Z',
    ends: '2026-11-24T01:00:00Z',
  },
  {
    name: 'Apia skipped a whole date',
    freeze: zoned('Pacific/Apia', '10:00', '11:00'),
    at: '2011-12-30T10:00:00Z',
    ends: null,
  },
];

describe('freezeAt', () => {
  for (const { name, freeze, at, ends } of moments) {
    it(name, () => {
      const status = freezeAt(freeze, new Date(at));
      assert.deepEqual(status.frozen ? status.endsAt : null, ends === null ? null : new Date(ends));
    });
  }

  it('is free without a freeze', () => {
    assert.deepEqual(freezeAt(null, new Date('2026-11-23T15:00:00Z')), { frozen: false });
  });

  it('names the window by the date it started on', () => {
    const status = freezeAt(overnight, new Date('2026-11-24T07:00:00Z'));
    assert.deepEqual(status.frozen && status.window, {
      date: '2026-11-23',
      from: '17:00',
      to: '02:00',
      timeZone: 'America/Chicago',
    });
    assert.equal(
      status.frozen && describeFreeze(status),
      'until 2026-11-24T08:00:00.000Z (window 17:00 to 02:00 of 2026-11-23, America/Chicago)',
    );
  });

  it('says when there is no end', () => {
    const status = freezeAt(
      {
        ...zoned('UTC', '00:00', '12:00'),
        windows: [
          { days: daily, from: '00:00', to: '12:00' },
          { days: daily, from: '11:00', to: '01:00' },
        ],
      },
      new Date('2026-11-23T10:00:00Z'),
    );
    assert.equal(status.frozen && status.endsAt, null);
  });

  it('never takes an unknown zone for a free one', () => {
    assert.throws(() => freezeAt(zoned('America/Nowhere', '00:00', '01:00'), new Date()), UsageError);
  });

  it('ships prod with New York market hours', () => {
    const freeze = prod.promotion.freeze as Freeze;
    assert.equal(freezeAt(freeze, new Date('2026-12-24T17:59:00Z')).frozen, true);
    assert.equal(freezeAt(freeze, new Date('2026-12-24T18:00:00Z')).frozen, false);
    assert.equal(freezeAt(freeze, new Date('2027-03-26T15:00:00Z')).frozen, false);
  });
});

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
