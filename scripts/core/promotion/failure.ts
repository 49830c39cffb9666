/**
 * Why a release failed in an environment, in a line for the ledger and in full for its history. Pure.
 */
import type { Verdict } from '../check.ts';
import { renderFailures, type StackResult } from '../deployment/stack-result.ts';

export interface ReleaseFailure {
  readonly reason: string;
  /** One line each. */
  readonly details: readonly string[];
}

/** Checks named in the line; the details have them all. */
const NAMED = 3;

export function describeStackFailures(results: readonly StackResult[]): ReleaseFailure {
  const details = renderFailures(results);
  const [first = 'no stack says why', ...more] = details;
  return { reason: `it did not deploy: ${first}${more.length === 0 ? '' : ` (and ${more.length} more)`}`, details };
}

/** `2 of 45 checks did not pass: function.memory of order-intake-dev, …` */
export function describeVerdict({ counts, failed, unexcused }: Verdict): string {
  const blocking = [...failed, ...unexcused];
  const total = counts.pass + counts.fail + counts.unknown;
  if (blocking.length === 0) return 'no check was made';
  const named = blocking.slice(0, NAMED).map(({ id, subject }) => `${id} of ${subject}`);
  const more = blocking.length > NAMED ? ', …' : '';
  return `${blocking.length} of ${total} checks did not pass: ${named.join(', ')}${more}`;
}
