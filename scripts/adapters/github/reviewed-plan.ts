/**
 * Finds the plan a merged pull request had shown for an environment: the artifact of the last run for its last commit.
 *
 * Why the artifact and not the comment: it holds the plan whole and as data, and says of which run it is; a comment gives way
 * when there is too much, and whoever may write to the repository may edit it. Both come from the pull request's own code.
 */
import type { FoundPlan } from '../../core/plan/reviewed/read-reviewed.ts';
import type { GitHub } from './client.ts';
import { GitHubCallError } from './failure.ts';
import { planIn } from './plan-archive.ts';
import type { PullRequest } from './pull-request.ts';

/** The workflow that plans pull requests, and what its jobs keep. Held to the workflow by a test. */
export const PLAN_WORKFLOW = 'pull-request.yml';
export const planArtifact = (environment: string): string => `plan-${environment}`;

/** A pull request is planned again with every label; the last plan before the merge is the one that counts. */
const MOST_RUNS = 20;
/** Bytes. A plan of 2,000 changes has 2 MB, and a twentieth of it packed. */
const LARGEST_ARCHIVE = 4 * 2 ** 20;

interface Artifact {
  readonly id: number;
  readonly size: number;
  readonly expired: boolean;
  readonly createdAt: string | null;
}

/** @throws GitHubCallError when GitHub can't be asked; what is not there is an answer */
export async function findReviewedPlan(github: GitHub, request: PullRequest, environment: string): Promise<FoundPlan> {
  if (request.fork) return { missing: 'it came from a fork, whose runs get no credentials to plan with' };
  const runs = await listRuns(github, request);
  if (runs.length === 0) return { missing: 'no run for its last commit is to be found' };
  for (const run of runs) {
    const artifacts = await listArtifacts(github, run, planArtifact(environment));
    const [last] = artifacts.filter(({ createdAt }) => isReviewed(createdAt, request)).sort((a, b) => b.id - a.id);
    if (last === undefined) continue;
    if (last.expired) return EXPIRED;
    if (last.size > LARGEST_ARCHIVE) return { missing: `its plan is kept as ${last.size} bytes, more than is read` };
    return await download(github, last, environment);
  }
  return { missing: `no run for its last commit kept a plan of ${environment} before the merge` };
}

const EXPIRED: FoundPlan = { missing: 'the artifact with its plan has expired or was deleted' };

/** A label set after the merge plans once more: nobody was shown that before. */
const isReviewed = (createdAt: string | null, { mergedAt }: PullRequest): boolean =>
  createdAt === null || Date.parse(createdAt) <= Date.parse(mergedAt);

/** Of the repository's own branches, the last run first. */
async function listRuns({ octokit, place }: GitHub, { headSha }: PullRequest): Promise<readonly number[]> {
  const { data } = await octokit.rest.actions.listWorkflowRuns({
    ...place,
    workflow_id: PLAN_WORKFLOW,
    event: 'pull_request',
    head_sha: headSha,
    per_page: MOST_RUNS,
  });
  return data.workflow_runs
    .filter(({ head_repository, repository }) => head_repository?.id === repository.id)
    .sort((a, b) => b.run_number - a.run_number)
    .map(({ id }) => Number(id));
}

async function listArtifacts({ octokit, place }: GitHub, run: number, name: string): Promise<readonly Artifact[]> {
  const { data } = await octokit.rest.actions.listWorkflowRunArtifacts({
    ...place,
    run_id: run,
    name,
    per_page: 100,
  });
  return data.artifacts.map(({ id, size_in_bytes, expired, created_at }) => {
    return { id: Number(id), size: size_in_bytes, expired, createdAt: created_at };
  });
}

async function download({ octokit, place }: GitHub, { id }: Artifact, environment: string): Promise<FoundPlan> {
  try {
    const { data } = await octokit.rest.actions.downloadArtifact({ ...place, artifact_id: id, archive_format: 'zip' });
    return planIn(new Uint8Array(data as ArrayBuffer), `${environment}.json`);
  } catch (error) {
    const gone = error instanceof GitHubCallError && (error.status === 410 || error.status === 404);
    if (gone) return EXPIRED;
    throw error;
  }
}
