/**
 * What came of looking at a live thing: its value, that it is not there, or that nobody could say. Pure.
 *
 * Why three: "missing" fails a check, "could not be asked" must never do so, nor pass it.
 */

export type Observation<T> =
  | { readonly state: 'observed'; readonly value: T }
  | { readonly state: 'missing' }
  | { readonly state: 'unanswered'; readonly reason: string };

export const observed = <T>(value: T): Observation<T> => ({ state: 'observed', value });
export const missing: Observation<never> = { state: 'missing' };
export const unanswered = (reason: string): Observation<never> => ({ state: 'unanswered', reason });

/** Carries an observation over to a part of its value; what was not observed stays so. */
export function mapObservation<T, U>(observation: Observation<T>, part: (value: T) => U): Observation<U> {
  return observation.state === 'observed' ? observed(part(observation.value)) : observation;
}

/** A part of the value that may not be there: `undefined` is a missing thing. */
export function partOf<T, U>(observation: Observation<T>, part: (value: T) => U | undefined): Observation<U> {
  if (observation.state !== 'observed') return observation;
  const value = part(observation.value);
  return value === undefined ? missing : observed(value);
}
