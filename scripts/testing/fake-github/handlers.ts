/** What every handler is, and what handlers share: the call as typed by its route, lists by page, required fields. */

import { type Page, pageOf, readPage } from './pages.ts';
import type { Needs } from './permissions.ts';
import { refuse } from './refusals.ts';
import type { AnswerOf, BodyOf, PathOf, QueryOf, Route } from './routes.ts';
import type { FakeIssue, FakeRepository, FakeUser, World } from './world.ts';

export interface Call<R extends Route> {
  readonly world: World;
  /** Of routes below `/repos/{owner}/{repo}`: found and visible. */
  readonly repository: FakeRepository;
  /** Who calls; an anonymous reader for a call without a token. */
  readonly caller: FakeUser;
  readonly path: PathOf<R>;
  readonly query: Partial<QueryOf<R>>;
  /** What came over the wire: fields the description demands may be absent. */
  readonly body: Partial<BodyOf<R>>;
  readonly url: URL;
}

export interface Handler<R extends Route> {
  /** What of the token's permissions it asks for; `none` for what is no repository's. */
  readonly needs: Needs | 'none';
  /** @throws ServiceError when GitHub would refuse the call */
  readonly answer: (call: Call<R>) => AnswerOf<R>;
}

/** For `satisfies`: each handler is typed by the route it stands under. */
export type Handlers = { readonly [R in Route]?: Handler<R> };

/** @throws ServiceError 422 naming the field */
export function required<T>(value: T | undefined | null, resource: string, field: string): T {
  if (value === undefined || value === null) throw refuse.missingField(resource, field);
  return value;
}

/** @throws ServiceError 404 */
export function found<T>(value: T | undefined): T {
  if (value === undefined) throw refuse.notFound();
  return value;
}

/** @throws ServiceError 404 */
export const issueOf = ({ issues }: FakeRepository, number: number): FakeIssue =>
  found(issues.find((issue) => issue.number === number));

/** The page asked for. */
export const page = <T>(all: readonly T[], { url }: { readonly url: URL }, defaultSize?: number): Page<T> =>
  pageOf(all, readPage(url.searchParams, defaultSize), url);
