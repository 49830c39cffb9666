/**
 * A workflow that runs with the base repository's secrets does not check out a fork's code, unless it says it wants to.
 * Pure.
 *
 * Source: README.md of actions/checkout v7, allow-unsafe-pr-checkout.
 */
import { z } from 'zod';
import { ActionRefusedError } from '../shared/step.ts';

const repository = z.object({ id: z.number(), full_name: z.string() });
const pullRequest = z.object({
  repository: z.object({ id: z.number() }),
  pull_request: z.object({
    head: z.object({ sha: z.string(), repo: repository }),
    merge_commit_sha: z.string().nullish(),
  }),
});
const workflowRun = z.object({
  repository: z.object({ id: z.number() }),
  workflow_run: z.object({ event: z.string(), head_sha: z.string(), head_repository: repository }),
});

export interface ForkQuestion {
  readonly eventName: string;
  /** The event's payload. */
  readonly event: unknown;
  readonly repository: string;
  readonly ref: string;
  readonly commit: string;
}

/** @throws ActionRefusedError */
export function refuseForkCode(question: ForkQuestion): void {
  const fork = forkOf(question);
  if (fork === undefined || fork.id === fork.baseId) return;
  const { repository: named, ref, commit, eventName } = question;
  const isTheirs =
    named.toLowerCase() === fork.name.toLowerCase() ||
    /^refs\/pull\/\d+\/(head|merge)$/.test(ref) ||
    fork.commits.includes(commit.toLowerCase());
  if (!isTheirs) return;
  throw new ActionRefusedError(
    `A workflow on ${eventName} has the base repository's token and secrets, and this is code of ${fork.name}. ` +
      'Use pull_request, or check out the base.',
  );
}

interface Fork {
  readonly baseId: number;
  readonly id: number;
  readonly name: string;
  readonly commits: readonly string[];
}

function forkOf({ eventName, event }: ForkQuestion): Fork | undefined {
  if (eventName === 'pull_request_target') {
    const read = pullRequest.safeParse(event);
    if (!read.success) return undefined;
    const { head, merge_commit_sha: merge } = read.data.pull_request;
    return fork(read.data.repository.id, head.repo, [head.sha, merge ?? '']);
  }
  if (eventName === 'workflow_run') {
    const read = workflowRun.safeParse(event);
    if (!read.success || !read.data.workflow_run.event.startsWith('pull_request')) return undefined;
    const { event: cause, head_sha: head, head_repository: from } = read.data.workflow_run;
    // After pull_request_target the run's own commit is the base's.
    return fork(read.data.repository.id, from, cause === 'pull_request_target' ? [] : [head]);
  }
  return undefined;
}

const fork = (baseId: number, { id, full_name: name }: { id: number; full_name: string }, commits: string[]): Fork => ({
  baseId,
  id,
  name,
  commits: commits.filter((commit) => commit !== '').map((commit) => commit.toLowerCase()),
});
