/** Which pull requests were merged between two commits of the default branch: what travels in one promotion. */
import type { GitHub } from './client.ts';
import { type Commit, type PullRequest, toCommit, toPullRequest } from './pull-request.ts';

export interface MergedBetween {
  /** By the time of their merge, oldest first. */
  readonly pullRequests: readonly PullRequest[];
  /** Commits pushed without one, oldest first. */
  readonly withoutPullRequest: readonly Commit[];
  /** How the later commit stands to the earlier one. `behind`: it is the older of the two. */
  readonly relation: 'ahead' | 'identical' | 'behind' | 'diverged';
  /** How many of the oldest commits were not looked at, as there are too many. */
  readonly skipped: number;
}

const PER_PAGE = 100;
/** Each commit is a call, and a workflow's token has 1,000 an hour for its repository. */
const MOST_COMMITS = 200;

/**
 * Those merged after `base` up to and with `head`.
 * @throws GitHubCallError, of kind `not-found` when GitHub knows one of the commits not
 */
export async function listMergedBetween(github: GitHub, base: string, head: string): Promise<MergedBetween> {
  const { commits, relation } = await compare(github, base, head);
  const recent = commits.slice(-MOST_COMMITS);
  const each = await Promise.all(
    recent.map(async (commit) => ({ commit, requests: await listPullRequestsOf(github, commit.sha) })),
  );
  // Several commits of one pull request name it each.
  const byNumber = new Map(each.flatMap(({ requests }) => requests).map((request) => [request.number, request]));
  return {
    pullRequests: [...byNumber.values()].sort(byMerge),
    withoutPullRequest: each.filter(({ requests }) => requests.length === 0).map(({ commit }) => commit),
    relation,
    skipped: commits.length - recent.length,
  };
}

const byMerge = (a: PullRequest, b: PullRequest): number =>
  Date.parse(a.mergedAt) - Date.parse(b.mergedAt) || a.number - b.number;

/** Commits oldest first; all pages. */
async function compare(
  { octokit, place }: GitHub,
  base: string,
  head: string,
): Promise<{ readonly commits: readonly Commit[]; readonly relation: MergedBetween['relation'] }> {
  const commits: Commit[] = [];
  // By hand: the paging plugin takes this answer, an object and no list, for what it is not.
  for (let page = 1; ; page += 1) {
    const { data } = await octokit.rest.repos.compareCommitsWithBasehead({
      ...place,
      basehead: `${base}...${head}`,
      per_page: PER_PAGE,
      page,
    });
    commits.push(...data.commits.map(toCommit));
    if (data.commits.length === 0 || commits.length >= data.total_commits) return { commits, relation: data.status };
  }
}

/** Those whose merge into the default branch brought it: it can be in open ones, and in ones merged into each other. */
async function listPullRequestsOf({ octokit, place }: GitHub, sha: string): Promise<PullRequest[]> {
  const all = await octokit.paginate(octokit.rest.repos.listPullRequestsAssociatedWithCommit, {
    ...place,
    commit_sha: sha,
    per_page: PER_PAGE,
  });
  return all.flatMap((data) => {
    const { merged_at: mergedAt, base } = data;
    return mergedAt !== null && base.ref === base.repo.default_branch ? [toPullRequest(data, mergedAt)] : [];
  });
}
