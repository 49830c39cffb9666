/** Reads the plan of one environment out of what a pull request's run has kept. Pure. */
import { PlanUnreadableError, parsePlanDocument } from '../parse-plan.ts';
import type { Plan } from '../plan.ts';
import type { ReviewedPullRequest } from './compare-reviewed.ts';

/** What was found of a pull request's plan: the file's text, or why there is none. */
export type FoundPlan = { readonly text: string } | { readonly missing: string };

/** A plan of another environment or account is none of this one. */
export function readReviewed(
  found: FoundPlan,
  { environment, account, region }: Pick<Plan, 'environment' | 'account' | 'region'>,
): ReviewedPullRequest['reviewed'] {
  if ('missing' in found) return { unknown: found.missing };
  try {
    const { plans } = parsePlanDocument(found.text, 'What its run kept');
    const plan = plans.find((each) => each.environment === environment);
    if (plan === undefined) return { unknown: `what its run kept is no plan of ${environment}` };
    const elsewhere = plan.account !== account || plan.region !== region;
    return elsewhere ? { unknown: `its plan is of ${plan.account} in ${plan.region}` } : { plan };
  } catch (error) {
    if (error instanceof PlanUnreadableError) return { unknown: error.message };
    throw error;
  }
}
