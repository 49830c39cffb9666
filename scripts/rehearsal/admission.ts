/**
 * Whether a job may begin, and what GitHub then gives to it and to no other: environments with their reviewers and
 * branches, and the token of the job.
 */
import { basename } from 'node:path';
import { EXIT, GitOpsError } from '../core/errors.ts';
import { admit } from '../testing/fake-github/review-handlers.ts';
import type { Admission } from './controller.ts';
import type { DeclaredJob } from './jobs/declared-job.ts';
import { type JobClaims, workflowRefOf } from './oidc/claims.ts';
import type { About, Summary } from './run-types.ts';

/** Thrown when a job waits for people and the story has none. Exit 1. */
export class NobodyReviewsError extends GitOpsError {
  constructor(environment: string) {
    super(`A job waits for the reviewers of ${environment}, and nobody comes.`, {
      code: 'NOBODY_REVIEWS',
      source: 'internal',
      exitCode: EXIT.failed,
    });
  }
}

/**
 * @param summaries what the jobs before it wrote: what a reviewer sees
 * @throws NobodyReviewsError, and what the story's reviewer throws
 */
export async function admitJob(declared: DeclaredJob, about: About, summaries: readonly Summary[]): Promise<Admission> {
  if (declared.environment !== undefined) {
    const refused = await passEnvironment(declared.environment, about, summaries);
    if (refused !== undefined) return { allowed: false, reason: refused };
  }
  return { allowed: true, variables: grants(declared, about) };
}

/** @returns why the job may not begin */
async function passEnvironment(name: string, about: About, summaries: readonly Summary[]): Promise<string | undefined> {
  const { world, repository } = about.world.github;
  switch (admit(world, repository, about.run, name)) {
    case 'open':
      return undefined;
    case 'branch-refused':
      return `${about.run.ref} is not allowed to deploy to ${name} due to environment protection rules.`;
    case 'no-such-environment':
      return `The GitHub environment ${name} is not set up: npm run github:setup`;
    case 'waits':
      return await waitForReview(name, about, summaries);
  }
}

async function waitForReview(
  name: string,
  { request, run, world }: About,
  summaries: readonly Summary[],
): Promise<string | undefined> {
  const at = new Date();
  await request.review?.({ environment: name, runId: run.id, summaries });
  const review = run.waiting.get(name)?.review;
  if (review === undefined) throw new NobodyReviewsError(name);
  const approved = review.state === 'approved';
  world.timeline.add({
    kind: 'approval',
    lane: name.replace(/-rollback$/, ''),
    title: `${review.by.login} ${review.state}`,
    detail: review.comment,
    status: approved ? 'ok' : 'refused',
    at,
    until: new Date(),
  });
  return approved ? undefined : `${review.by.login} rejected it: ${review.comment}`;
}

function grants(declared: DeclaredJob, about: About): Readonly<Record<string, string>> {
  const permissions = permissionsOf(declared, about);
  const known = { REHEARSAL_PERMISSIONS: JSON.stringify(permissions) };
  if (permissions['id-token'] !== 'write') return known;
  const { requestUrl, requestToken } = about.world.issuer.grant(claimsOf(declared, about));
  return { ...known, ACTIONS_ID_TOKEN_REQUEST_URL: requestUrl, ACTIONS_ID_TOKEN_REQUEST_TOKEN: requestToken };
}

/**
 * What runs for a fork is a stranger's: its token reads, and there is none for AWS.
 * Source: https://docs.github.com/en/actions/reference/workflows-and-actions/events-that-trigger-workflows#pull_request
 */
function permissionsOf({ permissions }: DeclaredJob, { request: { head }, world }: About): DeclaredJob['permissions'] {
  if (head === undefined || head.repository === world.github.name) return permissions;
  const readable = Object.keys(permissions).filter((name) => name !== 'id-token');
  return Object.fromEntries(readable.map((name) => [name, 'read']));
}

function claimsOf({ file, environment }: DeclaredJob, { world: { github }, run, ...about }: About): JobClaims {
  const { repository, name, world } = github;
  const { ref, commit, event, actor, head } = about.request;
  const workflow = about.workflows.files.get(about.entry)?.data as { readonly name?: string } | undefined;
  return {
    repository: name,
    ids: { owner: String(world.user(repository.owner).id), repository: String(repository.id) },
    idsInSubject: false,
    event,
    ref,
    sha: commit,
    ...(environment !== undefined && { environment }),
    ...(head !== undefined && { headRef: head.ref, baseRef: 'main' }),
    workflow: workflow?.name ?? about.entry,
    workflowRef: workflowRefOf(name, basename(about.entry), ref),
    jobWorkflowRef: workflowRefOf(name, basename(file), ref),
    runId: String(run.id),
    runNumber: String(about.number),
    runAttempt: '1',
    actor,
    actorId: String(world.user(actor).id),
  };
}
