/** A job for tests: the deployment to dev of a promotion, unless told otherwise. */
import { type JobClaims, workflowRefOf } from './claims.ts';

export function sampleJob(change: Partial<JobClaims> = {}): JobClaims {
  const repository = change.repository ?? 'octo-org/octo-repo';
  return {
    repository,
    ids: { owner: '12', repository: '74' },
    idsInSubject: false,
    event: 'push',
    ref: 'refs/heads/main',
    sha: '0123456789012345678901234567890123456789',
    environment: 'dev',
    workflow: 'promote',
    workflowRef: workflowRefOf(repository, 'promote.yml', 'refs/heads/main'),
    jobWorkflowRef: workflowRefOf(repository, 'deploy.yml', 'refs/heads/main'),
    runId: '1',
    runNumber: '1',
    runAttempt: '1',
    actor: 'octocat',
    actorId: '583231',
    ...change,
  };
}
