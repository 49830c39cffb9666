/**
 * Trouble on the way to GitHub and back: rate limits, 502, resets, slow answers, lost acknowledgements. Planned by the
 * test for the next calls that fit.
 */
import type { Route } from './routes.ts';

export type FaultKind =
  /** Refused for the hour's limit: 403, `x-ratelimit-remaining: 0`, nothing done. */
  | 'primary-limit'
  /** Refused for too many calls at once: 403 or 429 with `retry-after`, nothing done. */
  | 'secondary-limit'
  | 'secondary-limit-429'
  /** Refused with 502 or 503, nothing done. */
  | 'bad-gateway'
  | 'unavailable'
  /** The connection breaks, nothing done. */
  | 'reset'
  /** Done, and then the connection breaks, or 502 comes: the caller can't know. */
  | 'lost-answer'
  | 'lost-answer-502'
  /** Done, answered late. */
  | 'slow'
  /** Done, never answered. */
  | 'hang';

export interface Fault {
  readonly kind: FaultKind;
  /** How many calls it hits; 1 when left out. */
  readonly times?: number;
  /** How many calls it fits go well before. */
  readonly after?: number;
  /** Only calls of these routes. */
  readonly on?: readonly Route[];
  /** How late, for `slow`; 50 when left out. */
  readonly milliseconds?: number;
  /** Until when, for the limits; absent, a secondary limit comes without the header and a primary one ends in an hour. */
  readonly retryAfterSeconds?: number;
}

export class Faults {
  private planned: { readonly fault: Fault; left: number; skip: number }[] = [];

  /** Adds a fault for the next calls it fits. */
  next(fault: Fault): void {
    this.planned.push({ fault, left: fault.times ?? 1, skip: fault.after ?? 0 });
  }

  clear(): void {
    this.planned = [];
  }

  /** The fault of this call, used up by this. */
  take(route: Route): Fault | undefined {
    for (const planned of this.planned) {
      if (planned.left === 0 || !(planned.fault.on?.includes(route) ?? true)) continue;
      if (planned.skip > 0) {
        planned.skip -= 1;
        continue;
      }
      planned.left -= 1;
      return planned.fault;
    }
    return undefined;
  }
}
