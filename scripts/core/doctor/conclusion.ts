/**
 * What the checks of a set-up, or of a part of it, come to. Pure.
 *
 * Why not a verdict alone: what nobody could look at does not end `doctor` with a failure, and is no good news either.
 */
import type { CheckStatus } from '../check.ts';
import type { Headline } from '../render/checks.ts';

/** `complete` needs an answer to every check: one that is unknown makes it `unknown`, one that failed `missing`. */
export type Conclusion = 'complete' | 'unknown' | 'missing';

export interface Concluded {
  readonly conclusion: Conclusion;
  readonly headline: Headline;
}

const MARKS = { complete: '✅', unknown: '❔', missing: '❌' } as const;

export function conclude(counts: Readonly<Record<CheckStatus, number>>): Concluded {
  const { pass, fail, unknown } = counts;
  const total = pass + fail + unknown;
  const conclusion = fail > 0 ? 'missing' : unknown > 0 || total === 0 ? 'unknown' : 'complete';
  const words = [
    found(conclusion, total),
    ...(fail > 0 ? [`${fail} failed`] : []),
    ...(unknown > 0 ? [`${unknown} unknown`] : []),
    `${pass} of ${total} checks passed`,
  ];
  return { conclusion, headline: { mark: MARKS[conclusion], text: words.join(', ') } };
}

function found(conclusion: Conclusion, total: number): string {
  if (total === 0) return 'nothing was looked at';
  if (conclusion === 'missing') return 'something is missing';
  return conclusion === 'complete' ? 'nothing is missing' : 'nothing found missing';
}
