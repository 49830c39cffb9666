/**
 * Exactly one comment of ours on a pull request: found by marker and author over all pages, updated in place, made only
 * where there is none, and made one again where two runs were equally quick. The oldest stays: links to it go on working.
 */
import type { GitHub } from './client.ts';
import { createOnce } from './create-once.ts';
import { GitHubCallError } from './failure.ts';
import { bears, compose, isNewer, merge, recall, sameText } from './marker.ts';

/** Who a job's own token writes as. */
export const JOB_AUTHOR = 'github-actions[bot]';

export interface CommentRequest {
  /** Number of the pull request, or of an issue. */
  readonly issue: number;
  /** The first line of every version: `<!-- … -->`. */
  readonly marker: string;
  /** The comment's text, given what of the one it replaces is remembered; undefined when it is the first. */
  readonly render: (previous: { readonly replacedVersions: number } | undefined) => string;
  /** Login of who writes; JOB_AUTHOR when left out. Only that author's comments are ours: markers can be copied. */
  readonly author?: string;
  /** Of this run, growing: what a later run wrote is not overwritten. */
  readonly sequence?: number;
}

export interface UpsertedComment {
  /** `superseded`: a later run has written already. */
  readonly outcome: 'created' | 'updated' | 'superseded';
  readonly id: number;
  readonly url: string;
  /** How many of ours were too many and are gone. */
  readonly duplicatesRemoved: number;
}

interface Comment {
  readonly id: number;
  readonly url: string;
  readonly author: string;
  readonly body: string;
}

/** Somebody may remove the comment between our look and our update; then it starts over. */
const TRIES = 3;

/** @throws GitHubCallError */
export async function upsertComment(github: GitHub, request: CommentRequest): Promise<UpsertedComment> {
  for (let count = 0; count < TRIES; count += 1) {
    const done = await attempt(github, request);
    if (done !== undefined) return done;
  }
  throw new GitHubCallError('The comment is removed by somebody each time it is to be updated.', {
    kind: 'refused',
    status: 404,
    cause: undefined,
  });
}

async function attempt(github: GitHub, request: CommentRequest): Promise<UpsertedComment | undefined> {
  const { marker, author = JOB_AUTHOR, sequence } = request;
  const found = await findComments(github, request, author);
  if (found.length > 0) return await settle(github, request, found, undefined);

  const body = compose(marker, request.render(undefined), { replacedVersions: 0, sequence });
  const created = await createOnce({
    create: () => createComment(github, request.issue, body),
    find: async () => (await findComments(github, request, author)).find((each) => sameText(each.body, body)),
    clock: github.clock,
  });
  // Another run may have found none either. And the token may write under another name than expected.
  const all = await findComments(github, request, created.author);
  const known = all.some(({ id }) => id === created.id) ? all : [...all, created];
  if (known.length > 1) return await settle(github, request, known, created.id);
  return { outcome: 'created', id: created.id, url: created.url, duplicatesRemoved: 0 };
}

/**
 * Makes one of all that were found.
 * @param own the one this run has just made: no earlier version
 * @returns undefined when the one to keep was gone
 */
async function settle(
  github: GitHub,
  request: CommentRequest,
  found: readonly Comment[],
  own: number | undefined,
): Promise<UpsertedComment | undefined> {
  const [oldest, ...others] = found.toSorted((a, b) => a.id - b.id);
  if (oldest === undefined) return undefined;
  const newer = found.find(({ body }) => isNewer(recall(body), request.sequence));
  const body =
    newer?.body ??
    nextVersion(
      request,
      found.filter(({ id }) => id !== own),
    );
  if (!sameText(oldest.body, body) && !(await updateComment(github, oldest.id, body))) return undefined;
  for (const { id } of others) await deleteComment(github, id);
  const duplicatesRemoved = others.length;
  return { outcome: newer ? 'superseded' : 'updated', id: oldest.id, url: oldest.url, duplicatesRemoved };
}

function nextVersion({ marker, render, sequence }: CommentRequest, replaced: readonly Comment[]): string {
  const previous = merge(replaced.map(({ body }) => recall(body)));
  const replacedVersions = previous === undefined ? 0 : previous.replacedVersions + 1;
  return compose(marker, render(previous), { replacedVersions, sequence });
}

async function findComments({ octokit, place }: GitHub, request: CommentRequest, author: string): Promise<Comment[]> {
  const all = await octokit.paginate(octokit.rest.issues.listComments, {
    ...place,
    issue_number: request.issue,
    per_page: 100,
  });
  const wanted = author.toLowerCase();
  return all.map(toComment).filter((each) => each.author.toLowerCase() === wanted && bears(each.body, request.marker));
}

async function createComment({ octokit, place }: GitHub, issue: number, body: string): Promise<Comment> {
  const { data } = await octokit.rest.issues.createComment({ ...place, issue_number: issue, body });
  return toComment(data);
}

/** @returns false when it is gone */
async function updateComment({ octokit, place }: GitHub, id: number, body: string): Promise<boolean> {
  return await unlessGone(octokit.rest.issues.updateComment({ ...place, comment_id: id, body }));
}

/** That it is gone already is as good. */
async function deleteComment({ octokit, place }: GitHub, id: number): Promise<void> {
  await unlessGone(octokit.rest.issues.deleteComment({ ...place, comment_id: id }));
}

async function unlessGone(call: Promise<unknown>): Promise<boolean> {
  try {
    await call;
    return true;
  } catch (error) {
    if (error instanceof GitHubCallError && error.kind === 'not-found') return false;
    throw error;
  }
}

interface ApiComment {
  readonly id: number | bigint;
  readonly html_url: string;
  readonly body?: string;
  readonly user: { readonly login: string } | null;
}

/** Who deleted their account is nobody. */
const toComment = ({ id, html_url, body = '', user }: ApiComment): Comment => ({
  id: Number(id),
  url: html_url,
  author: user?.login ?? '',
  body,
});
