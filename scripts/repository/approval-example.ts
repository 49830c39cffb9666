/**
 * The example of what an approver of a production deployment reads, in docs/: the plan, and what was reviewed of it. Written
 * anew by examples.ts.
 */
import { join } from 'node:path';
import { loadEnvironments } from '../../environments/load.ts';
import { REPOSITORY_ROOT } from '../adapters/repository-root.ts';
import type { Plan } from '../core/plan/plan.ts';
import { renderSummary } from '../core/plan/render/comment.ts';
import { renderReview } from '../core/plan/render/reviewed.ts';
import { compareWithReviewed, type ReviewedPullRequest } from '../core/plan/reviewed/compare-reviewed.ts';
import { examplePlan } from './plan-example.ts';

export const APPROVAL_FILE = join(REPOSITORY_ROOT, 'docs', 'production-approval.md');

const COMMIT = 'c0ffee0123456789c0ffee0123456789c0ffee01';

const pullRequest = (
  number: number,
  title: string,
  reviewed: ReviewedPullRequest['reviewed'],
): ReviewedPullRequest => ({
  number,
  title,
  url: `https://github.com/example-org/trading-platform-gitops/pull/${number}`,
  reviewed,
});

/** The plan as far as it is of one component: what a pull request that changes no other had shown. */
const partOf = (plan: Plan, component: string): Plan => ({
  ...plan,
  release: { ...plan.release, digest: 'e'.repeat(64) },
  stacks: plan.stacks.filter((stack) => stack.component === component),
});

/** The text of the file. Free of time: the same code gives the same text. */
export function approvalExample(): string {
  const prod = loadEnvironments({ variables: {} }).find(({ stage }) => stage === 'production');
  if (prod === undefined) throw new RangeError('the example is of a production environment');
  const made = examplePlan(prod);
  const plan: Plan = { ...made, release: { ...made.release, commit: COMMIT } };
  const comparison = compareWithReviewed(plan, 'decade0123456789decade0123456789decade01', {
    pullRequests: [
      pullRequest(41, 'Calmer API', { plan: partOf(plan, 'trading-api') }),
      pullRequest(43, 'Refunds get a queue', { plan: partOf(plan, 'trading-sqs') }),
      pullRequest(38, 'More memory for orders', { unknown: 'the artifact with its plan has expired or was deleted' }),
    ],
    withoutPullRequest: [],
    gaps: [],
  });
  return [
    '# What an approver of a production deployment reads',
    '',
    'In the job summary of the run that waits, as the code writes it: the plan, and beside it what the merged pull requests had',
    'shown. The deployment makes the plan again and stops when it is another. Renewed by `npm run example`.',
    '',
    '---',
    '',
    renderSummary({ plans: [plan], configChanges: [], commit: COMMIT, time: new Date('2026-11-23T10:00:00Z') }).text,
    '',
    renderReview(comparison).text,
    '',
  ].join('\n');
}
