/**
 * Many calls to a service that limits their rate: few at once, and those that are throttled again later, after a pause
 * that grows and that chance spreads.
 */
import { CloudFormationServiceException } from '@aws-sdk/client-cloudformation';
import type { Clock } from '../../core/clock.ts';

export interface Patience {
  readonly clock: Clock;
  /** When to give up, milliseconds since the epoch. */
  readonly deadline: number;
  readonly signal?: AbortSignal | undefined;
}

const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 20_000;

/** @throws what `call` throws, but throttling only after the deadline */
export async function patiently<T>(
  call: () => Promise<T>,
  { clock, deadline, signal }: Patience,
  isPassing: (error: unknown) => boolean = isThrottled,
): Promise<T> {
  for (let attempt = 0; ; attempt += 1) {
    try {
      return await call();
    } catch (error) {
      signal?.throwIfAborted();
      if (!isPassing(error) || clock.now() >= deadline) throw error;
      // Full jitter: https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/
      await clock.sleep(clock.random() * Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** attempt), signal);
    }
  }
}

/** Refused for the rate alone, after the SDK's own retries. */
export const isThrottled = (error: unknown): boolean =>
  error instanceof CloudFormationServiceException &&
  /^(Throttling(Exception)?|RequestLimitExceeded|TooManyRequests(Exception)?|ServiceUnavailable)$/.test(error.name);

/** `work` on every item, at most `atOnce` at the same time; results in the order of the items. */
export async function sideBySide<T, R>(
  items: readonly T[],
  atOnce: number,
  work: (item: T) => Promise<R>,
): Promise<R[]> {
  const results: R[] = [];
  const queue = items.entries();
  const worker = async (): Promise<void> => {
    for (const [index, item] of queue) results[index] = await work(item);
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, items.length) }, worker));
  return results;
}
