/**
 * What the token of a job says about it, in the words of GitHub's OIDC issuer. Pure.
 * https://docs.github.com/en/actions/reference/security/oidc
 */

export const GITHUB_ISSUER = 'https://token.actions.githubusercontent.com';

/**
 * Events workflows of this repository run on. Of others (`pull_request_target` for one) the form of `sub` was not looked
 * up, and a guess would rehearse something else.
 */
export type WorkflowEvent = 'pull_request' | 'push' | 'workflow_dispatch' | 'schedule';

/** One job of one run, as far as its token tells. */
export interface JobClaims {
  /** `owner/name` */
  readonly repository: string;
  /** The ids GitHub never gives twice. */
  readonly ids: { readonly owner: string; readonly repository: string };
  /** Whether `sub` names the ids too: so in repositories made, renamed or transferred since 2026-07-15. */
  readonly idsInSubject: boolean;
  readonly event: WorkflowEvent;
  /** `refs/heads/main`, `refs/pull/7/merge` */
  readonly ref: string;
  /** The commit at `ref`. */
  readonly sha: string;
  /** Of the job, where it has one. */
  readonly environment?: string;
  /** Branches of a pull request: `change-memory` and `main`. */
  readonly headRef?: string;
  readonly baseRef?: string;
  /** The name of the run's workflow, and its file: see `workflowRefOf`. */
  readonly workflow: string;
  readonly workflowRef: string;
  /** The file the job is written in: that of a reusable workflow where one was called. */
  readonly jobWorkflowRef: string;
  readonly runId: string;
  readonly runNumber: string;
  readonly runAttempt: string;
  /** The login that started the run, and its id. */
  readonly actor: string;
  readonly actorId: string;
}

/** `octo/app/.github/workflows/deploy.yml@refs/heads/main` */
export const workflowRefOf = (repository: string, file: string, ref: string): string =>
  `${repository}/.github/workflows/${file}@${ref}`;

/**
 * The subject: repository, then the job's environment; without one `pull_request`, or the ref. A colon in an
 * environment's name would end a field early: GitHub writes `%3A`.
 */
export function subOf(
  job: Pick<JobClaims, 'repository' | 'environment' | 'event' | 'ref'> & { readonly ids?: JobClaims['ids'] },
): string {
  return `repo:${repositoryOf(job)}:${contextOf(job)}`;
}

function repositoryOf({ repository, ids }: { readonly repository: string; readonly ids?: JobClaims['ids'] }): string {
  const [owner, name] = repository.split('/');
  return ids === undefined ? repository : `${owner}@${ids.owner}/${name}@${ids.repository}`;
}

function contextOf({ environment, event, ref }: Pick<JobClaims, 'environment' | 'event' | 'ref'>): string {
  if (environment !== undefined) return `environment:${environment.replaceAll(':', '%3A')}`;
  return event === 'pull_request' ? 'pull_request' : `ref:${ref}`;
}

/** What GitHub gives as `aud` to who asks for none: the address of the repository's owner. */
export const defaultAudienceOf = ({ repository }: Pick<JobClaims, 'repository'>): string =>
  `https://github.com/${repository.split('/')[0]}`;

/** The claims about the job; those about the token (`iss`, `aud`, `exp`, `jti` …) are the issuer's. */
export function payloadOf(job: JobClaims): Readonly<Record<string, string>> {
  const { ids, idsInSubject, ref } = job;
  return {
    sub: subOf({ ...job, ids: idsInSubject ? ids : undefined }),
    repository: job.repository,
    repository_owner: job.repository.split('/')[0] ?? '',
    repository_id: ids.repository,
    repository_owner_id: ids.owner,
    ref,
    ref_type: ref.startsWith('refs/tags/') ? 'tag' : 'branch',
    sha: job.sha,
    ...(job.environment !== undefined && { environment: job.environment }),
    head_ref: job.headRef ?? '',
    base_ref: job.baseRef ?? '',
    event_name: job.event,
    workflow: job.workflow,
    workflow_ref: job.workflowRef,
    job_workflow_ref: job.jobWorkflowRef,
    run_id: job.runId,
    run_number: job.runNumber,
    run_attempt: job.runAttempt,
    runner_environment: 'github-hosted',
    actor: job.actor,
    actor_id: job.actorId,
  };
}
