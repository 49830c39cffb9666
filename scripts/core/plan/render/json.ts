/** Plans for machines: what `diff --json` prints and the comment's job reads back. Pure. */
import type { ConfigInWords } from '../config/config-change.ts';
import type { Plan } from '../plan.ts';
import { type RenderedCounts, totals } from './totals.ts';

export interface PlanDocumentWithCounts {
  readonly counts: RenderedCounts;
  readonly configChanges: readonly ConfigInWords[];
  readonly plans: readonly Plan[];
}

/** Free of time and of where it was made: the same plans give the same bytes. `parsePlanDocument` reads it. */
export const planDocument = (
  plans: readonly Plan[],
  configChanges: readonly ConfigInWords[],
): PlanDocumentWithCounts => ({
  counts: totals({ plans, configChanges }, []),
  configChanges,
  plans,
});

/** The document as text, with a newline at its end. */
export const renderJson = (plans: readonly Plan[], configChanges: readonly ConfigInWords[]): string =>
  `${JSON.stringify(planDocument(plans, configChanges), null, 2)}\n`;
