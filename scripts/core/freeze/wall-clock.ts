/**
 * When a clock on the wall of a time zone shows a given time: the one place that knows of clock changes. Pure.
 */
import { IANAZone } from 'luxon';
import { UsageError } from '../errors.ts';

const MINUTE_MS = 60_000;
/** No zone is further than 14 hours from UTC, and no zone changed its clocks twice within two days. */
const REACH_MS = 24 * 60 * MINUTE_MS;

/** A date and time of day without a zone, as the milliseconds `Date.UTC` gives for it. */
export type WallTime = number;

/** @throws UsageError for a name the time zone database does not hold: an unknown zone must not read as "not frozen". */
export function timeZone(name: string): IANAZone {
  const zone = IANAZone.create(name);
  if (!zone.isValid) throw new UsageError(`promotion.freeze.timeZone: ${name} is no IANA time zone.`);
  return zone;
}

/** What the wall clock shows at an instant. */
export const wallTimeAt = (zone: IANAZone, instant: number): WallTime => instant + zone.offset(instant) * MINUTE_MS;

/**
 * The first instant at which the clock shows `wall` or later, and the first one after which it never shows less again.
 * Both are the same except where clocks are set back: there the hour that comes twice lies between them. A time that
 * is skipped when clocks are set forward is reached at the moment of the change.
 */
export function reaching(zone: IANAZone, wall: WallTime): { readonly first: number; readonly last: number } {
  const offsets = [wall - REACH_MS, wall + REACH_MS].map((instant) => zone.offset(instant) * MINUTE_MS);
  const exact = [...new Set(offsets)]
    .map((offset) => wall - offset)
    .filter((instant) => wallTimeAt(zone, instant) === wall)
    .sort((a, b) => a - b);
  const first = exact[0];
  const last = exact.at(-1);
  if (first === undefined || last === undefined) {
    const change = changeBetween(zone, wall - Math.max(...offsets), wall - Math.min(...offsets));
    return { first: change, last: change };
  }
  // Set back to exactly `wall`: the clock never showed less than it, so the second showing is no new arrival.
  return { first, last: wallTimeAt(zone, last - 1) < wall ? last : first };
}

/** The instant in (low, high] at which the zone's offset changes. */
function changeBetween(zone: IANAZone, low: number, high: number): number {
  const before = zone.offset(low);
  let [earliest, latest] = [low, high];
  while (latest - earliest > 1) {
    const middle = Math.floor((earliest + latest) / 2);
    if (zone.offset(middle) === before) earliest = middle;
    else latest = middle;
  }
  return latest;
}
