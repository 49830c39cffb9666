/**
 * How an actual value may relate to the expected one. A matcher says what it wants in words or data, for the report,
 * and decides whether a value is that. Pure.
 */

export interface Matcher {
  /** What the report shows as expected. */
  readonly expected: unknown;
  matches(actual: unknown): boolean;
}

/** One spelling per value: keys sorted, `undefined` members dropped, so that order of keys is no difference. */
export function canonical(value: unknown): string {
  return (
    JSON.stringify(value, (_key, member: unknown) =>
      member !== null && typeof member === 'object' && !Array.isArray(member)
        ? Object.fromEntries(Object.entries(member).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)))
        : member,
    ) ?? 'undefined'
  );
}

/** The same value, whatever the order of its keys. */
export const exactly = (expected: unknown): Matcher => ({
  expected,
  matches: (actual) => canonical(actual) === canonical(expected),
});

/** The same members, each as often, in any order: services list things in no promised order. */
export const sameMembers = (expected: readonly unknown[]): Matcher => ({
  expected,
  matches: (actual) =>
    Array.isArray(actual) && canonical(sortedBySpelling(actual)) === canonical(sortedBySpelling(expected)),
});

/** Nothing in the list. `what` names the members for the report. */
export const none = (what: string): Matcher => ({
  expected: `no ${what}`,
  matches: (actual) => Array.isArray(actual) && actual.length === 0,
});

/** A number from `low` to `high`, both allowed: auto-scaled capacity. */
export const between = (low: number, high: number): Matcher => ({
  expected: `${low} to ${high}`,
  matches: (actual) => typeof actual === 'number' && actual >= low && actual <= high,
});

/** A number no greater than `limit`. */
export const atMost = (limit: number): Matcher => ({
  expected: `at most ${limit}`,
  matches: (actual) => typeof actual === 'number' && actual <= limit,
});

/** Every member of `expected` is in the actual list; more are welcome. */
export const including = (expected: readonly unknown[]): Matcher => ({
  expected,
  matches: (actual) => {
    if (!Array.isArray(actual)) return false;
    const there = new Set(actual.map(canonical));
    return expected.every((member) => there.has(canonical(member)));
  },
});

/** Every key of `expected` has that value in the actual record; more keys are welcome: tags that AWS adds. */
export const includingEntries = (expected: Readonly<Record<string, string>>): Matcher => ({
  expected,
  matches: (actual) =>
    typeof actual === 'object' &&
    actual !== null &&
    Object.entries(expected).every(([key, value]) => (actual as Record<string, unknown>)[key] === value),
});

/** One of some values. */
export const oneOf = (expected: readonly unknown[]): Matcher => ({
  expected: expected.length === 1 ? expected[0] : `one of ${expected.join(', ')}`,
  matches: (actual) => expected.some((value) => canonical(value) === canonical(actual)),
});

/** Anything the predicate admits; `words` says what that is. */
export const satisfying = (words: string, matches: (actual: unknown) => boolean): Matcher => ({
  expected: words,
  matches,
});

const sortedBySpelling = (members: readonly unknown[]): unknown[] =>
  [...members].sort((a, b) => (canonical(a) < canonical(b) ? -1 : 1));
