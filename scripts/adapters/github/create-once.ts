/**
 * Makes what must not be made twice, over a connection that can lose answers: after a call of which nobody knows whether
 * it was carried out, it looks before it tries again.
 */
import type { Clock } from '../../core/clock.ts';
import { GitHubCallError } from './failure.ts';

/** Seconds before each further look. GitHub's lists can lag behind its writes a little. */
const WAITS = [1, 4, 9] as const;

export interface CreateOnce<T> {
  readonly create: () => Promise<T>;
  /** Looks for what an earlier try may have made. */
  readonly find: () => Promise<T | undefined>;
  readonly clock: Clock;
}

/** @throws what `create` threw last; at once when it is known that nothing was made. */
export async function createOnce<T>({ create, find, clock }: CreateOnce<T>): Promise<T> {
  for (const seconds of WAITS) {
    try {
      return await create();
    } catch (error) {
      if (!(error instanceof GitHubCallError && error.outcomeUnknown)) throw error;
      await clock.sleep(seconds * 1_000);
      const made = await find();
      if (made !== undefined) return made;
    }
  }
  return await create();
}
