/** Merged pull requests and commits, as far as we look at them. Pure. */

export interface PullRequest {
  readonly number: number;
  /** Its page. */
  readonly url: string;
  readonly title: string;
  /** The last commit it brought. */
  readonly headSha: string;
  /** From another repository: its runs get no credentials. True also when that one is gone. */
  readonly fork: boolean;
  readonly mergedAt: string;
}

export interface Commit {
  readonly sha: string;
  /** First line of the message. */
  readonly title: string;
}

interface ApiPullRequest {
  readonly number: number;
  readonly html_url: string;
  readonly title: string;
  readonly head: {
    readonly sha: string;
    /** Null when the fork was deleted, whatever the description says. */
    readonly repo: { readonly id: number | bigint } | null;
  };
  readonly base: { readonly repo: { readonly id: number | bigint } };
}

export const toPullRequest = (data: ApiPullRequest, mergedAt: string): PullRequest => ({
  number: data.number,
  url: data.html_url,
  title: data.title,
  headSha: data.head.sha,
  fork: data.head.repo === null || data.head.repo.id !== data.base.repo.id,
  mergedAt,
});

interface ApiCommit {
  readonly sha: string;
  readonly commit: { readonly message: string };
}

export const toCommit = ({ sha, commit }: ApiCommit): Commit => ({
  sha,
  title: commit.message.split('\n', 1)[0] ?? '',
});
