/** Reads pull requests: labels, changed files, commits. */
import type { GitHub } from './client.ts';

export interface PullRequest {
  readonly number: number;
  readonly url: string;
  readonly title: string;
  readonly author: string;
  readonly state: 'open' | 'closed';
  readonly merged: boolean;
  readonly labels: readonly string[];
  /** Branch and commit it brings. */
  readonly head: { readonly ref: string; readonly sha: string };
  readonly base: { readonly ref: string; readonly sha: string };
  /** From another repository: its runs get no credentials. True also when that one is gone. */
  readonly fork: boolean;
  /** The commit on the base branch, once merged. */
  readonly mergeCommit: string | null;
  readonly mergedAt: string | null;
}

/** A list that GitHub cuts off says so. */
export interface Listed<T> {
  readonly items: readonly T[];
  /** False where GitHub's own limit was reached. */
  readonly complete: boolean;
}

export interface ChangedFile {
  readonly path: string;
  readonly status: 'added' | 'removed' | 'modified' | 'renamed' | 'copied' | 'changed' | 'unchanged';
  readonly previousPath?: string;
}

export interface PullRequestCommit {
  readonly sha: string;
  /** First line of the message. */
  readonly title: string;
}

/** https://docs.github.com/en/rest/pulls/pulls#list-pull-requests-files and #list-commits-on-a-pull-request */
const MOST_FILES = 3_000;
const MOST_COMMITS = 250;
const PER_PAGE = 100;

/** @throws GitHubCallError */
export async function readPullRequest({ octokit, place }: GitHub, number: number): Promise<PullRequest> {
  const { data } = await octokit.rest.pulls.get({ ...place, pull_number: number });
  return toPullRequest(data);
}

/** @throws GitHubCallError */
export async function listChangedFiles({ octokit, place }: GitHub, number: number): Promise<Listed<ChangedFile>> {
  const all = await octokit.paginate(octokit.rest.pulls.listFiles, {
    ...place,
    pull_number: number,
    per_page: PER_PAGE,
  });
  const items = all.map(({ filename, status, previous_filename }) => ({
    path: filename,
    status,
    ...(previous_filename !== undefined && { previousPath: previous_filename }),
  }));
  return { items, complete: items.length < MOST_FILES };
}

/** Oldest first. @throws GitHubCallError */
export async function listPullRequestCommits(
  { octokit, place }: GitHub,
  number: number,
): Promise<Listed<PullRequestCommit>> {
  const all = await octokit.paginate(octokit.rest.pulls.listCommits, {
    ...place,
    pull_number: number,
    per_page: PER_PAGE,
  });
  return { items: all.map(toCommit), complete: all.length < MOST_COMMITS };
}

export interface ApiPullRequest {
  readonly number: number;
  readonly html_url: string;
  readonly title: string;
  readonly state: string;
  readonly user: { readonly login: string } | null;
  readonly merged_at: string | null;
  readonly merge_commit_sha: string | null;
  readonly labels: readonly { readonly name?: string }[];
  readonly head: ApiEnd;
  readonly base: ApiEnd;
}

interface ApiEnd {
  readonly ref: string;
  readonly sha: string;
  /** Null when the fork was deleted, whatever the description says. */
  readonly repo: { readonly id: number | bigint } | null;
}

export const toPullRequest = (data: ApiPullRequest): PullRequest => ({
  number: data.number,
  url: data.html_url,
  title: data.title,
  author: data.user?.login ?? '',
  state: data.state === 'open' ? 'open' : 'closed',
  merged: data.merged_at !== null,
  labels: data.labels.map(({ name = '' }) => name),
  head: { ref: data.head.ref, sha: data.head.sha },
  base: { ref: data.base.ref, sha: data.base.sha },
  fork: data.head.repo === null || data.head.repo.id !== data.base.repo?.id,
  // Of an open one it is a trial merge that nobody keeps.
  mergeCommit: data.merged_at === null ? null : data.merge_commit_sha,
  mergedAt: data.merged_at,
});

export const toCommit = ({ sha, commit }: { readonly sha: string; readonly commit: { readonly message: string } }) => ({
  sha,
  title: commit.message.split('\n', 1)[0] ?? '',
});
