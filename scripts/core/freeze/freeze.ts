/**
 * Market-hours freeze: whether deployments wait at an instant, and until when. Pure; the caller brings the clock.
 *
 * A window belongs to the date it starts on, also where it runs past midnight: `days`, `holidays` and `halfDays` all
 * speak of that date. So a window that began the evening before a holiday runs its course, and none begins on the
 * holiday. Times are wall-clock times of the freeze's zone: where clocks are set back, the window takes in the whole of the
 * hour that comes twice; where they are set forward, a time that is skipped is reached at the moment of the change.
 */
import { type Freeze, WEEKDAYS } from '../../../environments/environment-config.ts';
import { reaching, timeZone, type WallTime, wallTimeAt } from './wall-clock.ts';

const DAY_MS = 86_400_000;
/** Windows that follow each other without a gap for longer than this count as endless. */
const HORIZON_DAYS = 366;

export type FreezeStatus =
  | { readonly frozen: false }
  | {
      readonly frozen: true;
      /** The window the instant lies in. `date` is the local date it started on. */
      readonly window: FreezeWindow;
      /** When the freeze ends, over all windows that follow without a gap; null: not within a year. */
      readonly endsAt: Date | null;
    };

export interface FreezeWindow {
  readonly date: string;
  readonly from: string;
  readonly to: string;
  readonly timeZone: string;
}

interface Span {
  readonly window: FreezeWindow;
  readonly start: number;
  readonly end: number;
}

/**
 * @param freeze null: the environment has none.
 * @throws UsageError for a time zone that does not exist.
 */
export function freezeAt(freeze: Freeze | null, instant: Date): FreezeStatus {
  if (freeze === null) return { frozen: false };
  const now = instant.getTime();
  const current = lastToEnd(freeze, now);
  if (current === undefined) return { frozen: false };
  let end = current.end;
  for (let next = lastToEnd(freeze, end); next !== undefined; next = lastToEnd(freeze, end)) {
    if (next.end - now > HORIZON_DAYS * DAY_MS) return { frozen: true, window: current.window, endsAt: null };
    end = next.end;
  }
  return { frozen: true, window: current.window, endsAt: new Date(end) };
}

/** `until 2026-11-24T21:00:00.000Z (trading hours 09:30 to 16:00 of 2026-11-24, America/New_York)` */
export function describeFreeze({ window, endsAt }: Extract<FreezeStatus, { frozen: true }>): string {
  const until = endsAt === null ? 'for more than a year' : `until ${endsAt.toISOString()}`;
  return `${until} (window ${window.from} to ${window.to} of ${window.date}, ${window.timeZone})`;
}

/** Of the windows an instant lies in, the one that ends last. */
function lastToEnd(freeze: Freeze, instant: number): Span | undefined {
  return spansAround(freeze, instant)
    .filter(({ start, end }) => start <= instant && instant < end)
    .sort((a, b) => b.end - a.end)[0];
}

/** Every window that starts on the local date of the instant or on one of the two before: none lasts longer. */
function spansAround(freeze: Freeze, instant: number): Span[] {
  const zone = timeZone(freeze.timeZone);
  const today = Math.floor(wallTimeAt(zone, instant) / DAY_MS) * DAY_MS;
  return [today - 2 * DAY_MS, today - DAY_MS, today].flatMap((midnight) => {
    const date = new Date(midnight).toISOString().slice(0, 10);
    if (freeze.holidays.includes(date)) return [];
    return freeze.windows
      .filter(({ days }) => days.some((day) => WEEKDAYS.indexOf(day) === weekdayOf(midnight)))
      .map(({ from, to }): Span => {
        const end = endOf(freeze, midnight, date, from, to);
        return {
          window: { date, from, to: end.to, timeZone: freeze.timeZone },
          start: reaching(zone, midnight + timeOfDay(from)).first,
          end: reaching(zone, end.wall).last,
        };
      });
  });
}

/** A half-day ends the date's windows early; it lengthens none, and one that would start after it is empty. */
function endOf(freeze: Freeze, midnight: number, date: string, from: string, to: string) {
  const overnight = timeOfDay(to) <= timeOfDay(from);
  const ordinary = { to, wall: midnight + timeOfDay(to) + (overnight ? DAY_MS : 0) };
  const early = freeze.halfDays.find((halfDay) => halfDay.date === date)?.to;
  if (early === undefined) return ordinary;
  const nextDay = overnight && timeOfDay(early) <= timeOfDay(from);
  const shortened = { to: early, wall: midnight + timeOfDay(early) + (nextDay ? DAY_MS : 0) };
  return shortened.wall < ordinary.wall ? shortened : ordinary;
}

/** Monday is 0, as in WEEKDAYS. */
const weekdayOf = (midnight: WallTime): number => (new Date(midnight).getUTCDay() + 6) % 7;

/** Milliseconds since midnight of `HH:MM`. */
function timeOfDay(text: string): number {
  const [hours = 0, minutes = 0] = text.split(':').map(Number);
  return (hours * 60 + minutes) * 60_000;
}
