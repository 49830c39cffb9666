/**
 * `reviewed`: shows a plan that waits for approval beside what the merged pull requests had shown for its environment.
 *
 * Why: several merges may travel in one promotion, and what is deployed may have changed since they were reviewed. It is
 * for information: nothing is decided by it, and what can't be found out is said instead of failing.
 */
import type { EnvironmentConfig } from '../../../environments/environment-config.ts';
import type { CommandResult } from '../../adapters/cli/command.ts';
import { GitHubCallError } from '../../adapters/github/failure.ts';
import type { MergedBetween } from '../../adapters/github/merged-between.ts';
import type { PullRequest } from '../../adapters/github/pull-request.ts';
import { EXIT, UsageError } from '../../core/errors.ts';
import type { Ledger } from '../../core/ledger/ledger.ts';
import type { Plan } from '../../core/plan/plan.ts';
import type { Format } from '../../core/plan/render/format.ts';
import { type RenderedReview, renderReview, renderReviewPlain, reviewCounts } from '../../core/plan/render/reviewed.ts';
import {
  type Comparison,
  compareWithReviewed,
  incomparable,
  type ReviewedPullRequest,
} from '../../core/plan/reviewed/compare-reviewed.ts';
import { type FoundPlan, readReviewed } from '../../core/plan/reviewed/read-reviewed.ts';
import type { Reporter } from '../../core/progress.ts';

export interface ReviewedInput {
  /** What `--env` named. */
  readonly environments: readonly EnvironmentConfig[];
  /** The plan that waits: what `diff --save` wrote. */
  readonly plans: readonly Plan[];
  readonly format: Format;
}

export interface Dependencies {
  readonly readLedger: (environment: EnvironmentConfig) => Promise<Ledger>;
  readonly listMerged: (base: string, head: string) => Promise<MergedBetween>;
  readonly findPlan: (request: PullRequest, environment: string) => Promise<FoundPlan>;
  readonly reporter: Reporter;
}

/** @throws UsageError unless exactly one environment is named and the plan is of it */
export async function run({ environments, plans, format }: ReviewedInput, deps: Dependencies): Promise<CommandResult> {
  const [environment, ...more] = environments;
  if (environment === undefined || more.length > 0) throw new UsageError('Name one environment with --env.');
  const plan = plans.find((each) => each.environment === environment.name);
  if (plan === undefined) throw new UsageError(`The plan is not of ${environment.name}: npm run diff -- --save FILE`);
  const comparison = await compare(environment, plan, deps);
  for (const gap of comparison.gaps) deps.reporter.warn(gap);
  const markdown = renderReview(comparison).text;
  return {
    exitCode: EXIT.done,
    document: { ...comparison, counts: reviewCounts(comparison) },
    text: TEXTS[format](comparison).text.trimEnd(),
    summary: markdown,
  };
}

const TEXTS: Readonly<Record<Format, (comparison: Comparison) => Pick<RenderedReview, 'text'>>> = {
  table: renderReviewPlain,
  markdown: renderReview,
  json: (comparison) => ({ text: JSON.stringify(comparison, null, 2) }),
};

async function compare(environment: EnvironmentConfig, plan: Plan, deps: Dependencies): Promise<Comparison> {
  const base = (await deps.readLedger(environment)).validated.releases[0]?.release.commit ?? null;
  const head = plan.release.commit;
  if (base === null) return incomparable(plan, null, 'No release was validated here before: all of it is new.');
  try {
    const merged = await deps.listMerged(base, head);
    const pullRequests = await Promise.all(merged.pullRequests.map((request) => review(request, plan, deps)));
    const { withoutPullRequest } = merged;
    return compareWithReviewed(plan, base, { pullRequests, withoutPullRequest, gaps: gapsOf(merged, plan) });
  } catch (error) {
    if (!(error instanceof GitHubCallError)) throw error;
    return incomparable(plan, base, `It is not known what was merged. ${error.message}`);
  }
}

async function review(request: PullRequest, plan: Plan, { findPlan }: Dependencies): Promise<ReviewedPullRequest> {
  const { number, url, title } = request;
  // One that can't be read leaves the others to be shown.
  const found = await findPlan(request, plan.environment).catch((error: unknown): FoundPlan => {
    if (error instanceof GitHubCallError) return { missing: error.message };
    throw error;
  });
  return { number, url, title, reviewed: readReviewed(found, plan) };
}

function gapsOf({ relation, skipped }: MergedBetween, { release }: Plan): string[] {
  return [
    ...(relation === 'behind' ? ['The release is older than the one that is validated here: it takes work back.'] : []),
    ...(relation === 'diverged' ? ['The release does not hold all commits of the one that is validated here.'] : []),
    ...(skipped > 0 ? [`The oldest ${skipped} commits between them were not looked at.`] : []),
    ...(release.dirty ? ['The release was made with uncommitted changes.'] : []),
  ];
}
