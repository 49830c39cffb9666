/**
 * `comment`: shows on a pull request, in its one comment, what its environments' jobs have planned.
 */
import type { CommandResult } from '../../adapters/cli/command.ts';
import type { RunFacts } from '../../adapters/github/settings.ts';
import type { CommentRequest, UpsertedComment } from '../../adapters/github/upsert-comment.ts';
import { EXIT, UsageError } from '../../core/errors.ts';
import { expectedEnvironments } from '../../core/plan/expected-environments.ts';
import { gatherPlans, type PlanFile } from '../../core/plan/gather-plans.ts';
import type { Plan } from '../../core/plan/plan.ts';
import { COMMENT_MARKER, type CommentInput, renderComment, renderSummary } from '../../core/plan/render/comment.ts';
import type { Reporter } from '../../core/progress.ts';

export interface CommentOptions {
  /** Where the plans are. */
  readonly folder: string;
  /** Environments of the checked-out commit, which is the base where a workflow runs: they must have one. */
  readonly environments: readonly string[];
  /** Environments of the pull request, as its workflow's jobs were made of; empty where its build failed. */
  readonly matrix?: readonly string[];
  /** Number of the pull request; the run's own when left out. */
  readonly pullRequest?: number;
  /** The commit that was planned; what the plans say when left out. */
  readonly commit?: string;
  /** Login the token writes under, when it is not the job's own. */
  readonly author?: string;
  readonly run: RunFacts;
}

export interface Dependencies {
  /** Undefined where there is no such folder. */
  readonly readPlanFiles: (folder: string) => Promise<readonly PlanFile[] | undefined>;
  readonly upsertComment: (request: CommentRequest) => Promise<UpsertedComment>;
  readonly now: () => Date;
  readonly reporter: Reporter;
}

export async function run(input: CommentOptions, deps: Dependencies): Promise<CommandResult> {
  const issue = input.pullRequest ?? input.run.pullRequest;
  if (issue === undefined) {
    throw new UsageError('Say which pull request: --pull-request NUMBER. (A run for a pull request knows its own.)');
  }
  const expected = expectedEnvironments(input.environments, input.matrix);
  const gathered = gatherPlans(await filesOf(input, deps), expected);
  for (const { environment, reason } of gathered.unplanned) deps.reporter.warn(`${environment} has no plan: ${reason}`);
  const content: Omit<CommentInput, 'replacedVersions'> = {
    ...gathered,
    commit: input.commit ?? commitOf(gathered.plans),
    time: deps.now(),
    summaryUrl: input.run.runUrl,
  };
  const comment = await deps.upsertComment({
    issue,
    marker: COMMENT_MARKER,
    render: (previous) => renderComment({ ...content, replacedVersions: replacedBy(previous) }).text,
    author: input.author,
    sequence: input.run.runNumber,
  });
  const { counts } = renderComment({ ...content, replacedVersions: 0 });
  return {
    // What stands against the plans fails the jobs that made them; here the question is whether it is shown.
    exitCode: EXIT.done,
    document: { comment, counts, unplanned: gathered.unplanned },
    text: `${SAID[comment.outcome]} ${comment.url}`,
    summary: renderSummary(content).text,
  };
}

/** A workflow all of whose jobs failed has no folder: then that is what there is to show. */
async function filesOf({ folder, matrix }: CommentOptions, deps: Dependencies): Promise<readonly PlanFile[]> {
  const files = await deps.readPlanFiles(folder);
  if (files === undefined && matrix === undefined) {
    throw new UsageError(`No folder ${folder} with plans. Make one: npm run diff -- --save ${folder}/dev.json`);
  }
  return files ?? [];
}

const SAID: Readonly<Record<UpsertedComment['outcome'], string>> = {
  created: 'Commented:',
  updated: 'Updated the comment:',
  superseded: 'Left as it is, a later run has written already:',
};

const replacedBy = (previous: { readonly replacedVersions: number } | undefined): number =>
  previous === undefined ? 0 : previous.replacedVersions + 1;

/** Plans of different commits have none in common. */
function commitOf(plans: readonly Plan[]): string {
  const commits = [...new Set(plans.map(({ release }) => release.commit))];
  return commits.length === 1 ? (commits[0] ?? 'unknown') : 'unknown';
}
