/**
 * Trouble on the way to the service and back: throttling, 503, resets, slow answers, lost acknowledgements. Planned by
 * the test, for the next calls or for a share of all calls drawn from a seed.
 */
import type { OperationName } from './operations.ts';

export type FaultKind =
  /** Refused with `Throttling`, nothing done. */
  | 'throttle'
  /** Refused with 503, nothing done. */
  | 'unavailable'
  /** The connection breaks, nothing done. */
  | 'reset'
  /** Done, and then the connection breaks: the caller can't know. */
  | 'lost-answer'
  /** Done, answered late. */
  | 'slow';

export interface Fault {
  readonly kind: FaultKind;
  /** How many calls it hits; 1 when left out. */
  readonly times?: number;
  /** Only calls of these operations. */
  readonly on?: readonly OperationName[];
  /** How late, for `slow`. */
  readonly milliseconds?: number;
}

export interface Share {
  readonly kind: FaultKind;
  /** 0 to 1. */
  readonly fraction: number;
  readonly seed: number;
  readonly on?: readonly OperationName[];
}

export class Faults {
  private planned: { readonly fault: Fault; left: number }[] = [];
  private share: (Share & { readonly random: () => number }) | undefined;

  /** Adds a fault for the next calls it fits. */
  next(fault: Fault): void {
    this.planned.push({ fault, left: fault.times ?? 1 });
  }

  /** Hits a share of all calls from now on; the same seed gives the same calls. */
  always(share: Share): void {
    this.share = { ...share, random: mulberry32(share.seed) };
  }

  clear(): void {
    this.planned = [];
    this.share = undefined;
  }

  /** The fault of this call, used up by this. */
  take(operation: OperationName): Fault | undefined {
    const planned = this.planned.find(({ fault, left }) => left > 0 && (fault.on?.includes(operation) ?? true));
    if (planned !== undefined) {
      planned.left -= 1;
      return planned.fault;
    }
    const { share } = this;
    if (share === undefined || !(share.on?.includes(operation) ?? true)) return undefined;
    return share.random() < share.fraction ? { kind: share.kind } : undefined;
  }
}

/** A small generator with a seed: https://gist.github.com/tommyettinger/46a874533244883189143505d203312c (public domain). */
function mulberry32(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
