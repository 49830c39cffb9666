/**
 * Exactly one issue for one matter, such as drift of an environment: opened when it appears, updated in place, closed
 * when it is gone, opened again when it comes back; never two.
 */
import type { GitHub } from './client.ts';
import { createOnce } from './create-once.ts';
import { bears, compose, sameText } from './marker.ts';
import { JOB_AUTHOR } from './upsert-comment.ts';

export interface IssueRequest {
  /** The first line of its text, one per matter: `<!-- gitops: drift prod -->`. */
  readonly marker: string;
  /** Ours; others that people add stay. The first one also finds the issue quickly. */
  readonly labels: readonly [string, ...string[]];
  /** Login of who writes; JOB_AUTHOR when left out. Only that author's issues are ours: markers can be copied. */
  readonly author?: string;
  readonly wanted: WantedIssue;
}

export type WantedIssue =
  | { readonly state: 'open'; readonly title: string; readonly body: string }
  /** Without `body` the last text stays. */
  | { readonly state: 'closed'; readonly body?: string };

export interface UpsertedIssue {
  readonly outcome: 'opened' | 'reopened' | 'updated' | 'closed' | 'unchanged' | 'none';
  /** Absent for `none`: there is no issue, and none is needed. */
  readonly number?: number;
  readonly url?: string;
  /** Numbers of further issues of ours for the same matter, closed as duplicates by this call. */
  readonly duplicatesClosed: readonly number[];
}

interface Issue {
  readonly number: number;
  readonly url: string;
  readonly author: string;
  readonly title: string;
  readonly body: string;
  readonly open: boolean;
  readonly labels: readonly string[];
}

/** @throws GitHubCallError */
export async function upsertIssue(github: GitHub, request: IssueRequest): Promise<UpsertedIssue> {
  const { wanted, author = JOB_AUTHOR } = request;
  const found = await findIssues(github, request, author);
  if (found.length > 0) return await settle(github, request, found, undefined);
  if (wanted.state === 'closed') return { outcome: 'none', duplicatesClosed: [] };

  const body = compose(request.marker, wanted.body, { replacedVersions: 0 });
  const created = await createOnce({
    create: () => createIssue(github, { title: wanted.title, body, labels: [...request.labels] }),
    find: async () => (await findIssues(github, request, author))[0],
    clock: github.clock,
  });
  // Another run may have found none either. And the token may write under another name than expected.
  const all = await findIssues(github, request, created.author);
  const known = all.some(({ number }) => number === created.number) ? all : [...all, created];
  if (known.length > 1) return await settle(github, request, known, created.number);
  return { outcome: 'opened', number: created.number, url: created.url, duplicatesClosed: [] };
}

/** Makes one of all that were found: the oldest. @param own the one this run has just made */
async function settle(
  github: GitHub,
  request: IssueRequest,
  found: readonly Issue[],
  own: number | undefined,
): Promise<UpsertedIssue> {
  const [oldest, ...others] = found.toSorted((a, b) => a.number - b.number);
  if (oldest === undefined) return { outcome: 'none', duplicatesClosed: [] };
  const outcome = await bringTo(github, request, oldest);
  const open = others.filter((issue) => issue.open);
  for (const { number } of open) {
    await github.octokit.rest.issues.update({
      ...github.place,
      issue_number: number,
      state: 'closed',
      state_reason: 'duplicate',
    });
  }
  return {
    outcome: oldest.number === own ? 'opened' : outcome,
    number: oldest.number,
    url: oldest.url,
    duplicatesClosed: open.map(({ number }) => number),
  };
}

async function bringTo(
  { octokit, place }: GitHub,
  { marker, labels, wanted }: IssueRequest,
  issue: Issue,
): Promise<UpsertedIssue['outcome']> {
  const body = wanted.body === undefined ? issue.body : compose(marker, wanted.body, { replacedVersions: 0 });
  const title = wanted.state === 'open' ? wanted.title : issue.title;
  const open = wanted.state === 'open';
  const missing = open ? labels.filter((label) => !issue.labels.includes(label)) : [];
  const textDiffers = !sameText(issue.body, body) || issue.title !== title;
  if (issue.open === open && !textDiffers && missing.length === 0) return 'unchanged';
  // What was closed already and only reads differently is left alone: nobody waits for it.
  if (!issue.open && !open) return 'unchanged';
  await octokit.rest.issues.update({
    ...place,
    issue_number: issue.number,
    title,
    body,
    ...(issue.open !== open && { state: wanted.state, state_reason: open ? 'reopened' : 'completed' }),
  });
  if (missing.length > 0)
    await octokit.rest.issues.addLabels({ ...place, issue_number: issue.number, labels: missing });
  if (!open) return 'closed';
  return issue.open ? 'updated' : 'reopened';
}

/**
 * By the first label, which is quick. Where that finds none, among all issues: somebody may have taken the label off,
 * and a second issue is worse than a few more pages.
 */
async function findIssues(github: GitHub, request: IssueRequest, author: string): Promise<Issue[]> {
  const labelled = await listIssues(github, request, author, request.labels[0]);
  return labelled.length > 0 ? labelled : await listIssues(github, request, author, undefined);
}

async function listIssues(
  { octokit, place }: GitHub,
  { marker }: IssueRequest,
  author: string,
  label: string | undefined,
): Promise<Issue[]> {
  const all = await octokit.paginate(octokit.rest.issues.listForRepo, {
    ...place,
    state: 'all',
    // By age, so that what is opened meanwhile comes last and moves nothing to another page.
    sort: 'created',
    direction: 'asc',
    per_page: 100,
    ...(label !== undefined && { labels: label }),
  });
  const wanted = author.toLowerCase();
  return all
    .filter(({ pull_request }) => pull_request === undefined)
    .map(toIssue)
    .filter((issue) => issue.author.toLowerCase() === wanted && bears(issue.body, marker));
}

async function createIssue({ octokit, place }: GitHub, input: { title: string; body: string; labels: string[] }) {
  const { data } = await octokit.rest.issues.create({ ...place, ...input });
  return toIssue(data);
}

interface ApiIssue {
  readonly number: number;
  readonly html_url: string;
  readonly title: string;
  readonly body?: string | null;
  readonly state: string;
  readonly user: { readonly login: string } | null;
  readonly labels: readonly (string | { readonly name?: string })[];
}

const toIssue = (issue: ApiIssue): Issue => ({
  number: issue.number,
  url: issue.html_url,
  author: issue.user?.login ?? '',
  title: issue.title,
  body: issue.body ?? '',
  open: issue.state === 'open',
  labels: issue.labels.map((label) => (typeof label === 'string' ? label : (label.name ?? ''))),
});
