import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
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
