/**
 * Approved equals deployed: the plan that an approver saw is made again, right before anything is touched, and must say the
 * same.
 */
import { readFile } from 'node:fs/promises';
import { EXIT, GitOpsError, UsageError } from '../core/errors.ts';
import { comparePlans } from '../core/plan/compare-plans.ts';
import { type PlanDocument, parsePlanDocument } from '../core/plan/parse-plan.ts';
import type { Plan } from '../core/plan/plan.ts';

/** More is too much to read: then both plans are another. */
const MOST_SHOWN = 50;

const listed = (differences: readonly string[]): string =>
  [
    ...differences.slice(0, MOST_SHOWN),
    ...(differences.length > MOST_SHOWN ? [`and ${differences.length - MOST_SHOWN} more`] : []),
  ]
    .map((line) => `  ${line}`)
    .join('\n');

/** Thrown when what would be deployed is not what was approved. Exit 3: nothing was touched. */
export class PlanChangedError extends GitOpsError {
  readonly differences: readonly string[];

  constructor(environment: string, differences: readonly string[]) {
    super(
      `What was approved for ${environment} is not what would be deployed any more, so nothing was:\n` +
        `${listed(differences)}\n` +
        'Start the promotion again: its plan is made anew, and shown to whoever approves.',
      { code: 'PLAN_CHANGED', source: 'user', exitCode: EXIT.guarded },
    );
    this.differences = differences;
  }
}

/**
 * Plans as `diff --save` wrote them.
 * @throws UsageError when there is no such file; PlanUnreadableError
 */
export async function readApprovedPlans(file: string): Promise<readonly Plan[]> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    throw new UsageError(`No plan can be read from ${file}. Write one with: npm run diff -- --save ${file}`, error);
  }
  return parsePlanDocument(text, file).plans;
}

/**
 * @param now makes the plan of what is about to be deployed
 * @throws PlanChangedError; what `now` throws
 */
export async function confirmPlan(
  environment: string,
  approved: readonly Plan[],
  now: () => Promise<Plan>,
): Promise<void> {
  const seen = approved.find((plan) => plan.environment === environment);
  if (seen === undefined) throw new PlanChangedError(environment, ['No plan of it was approved.']);
  const differences = comparePlans(seen, asRead(await now()));
  if (differences.length > 0) throw new PlanChangedError(environment, differences);
}

/** Through the same reader: plans are compared as text, in the order of keys it gives. */
function asRead(plan: Plan): Plan {
  const document: PlanDocument = { plans: [plan], configChanges: [] };
  const [read] = parsePlanDocument(JSON.stringify(document), 'The plan made again').plans;
  return read ?? plan;
}
