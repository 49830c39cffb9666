/**
 * GitHub's REST API as types: a route such as `post /repos/{owner}/{repo}/issues` names its path, query, body and
 * answers, all taken from GitHub's own OpenAPI description, so that a change of the API is a compile error here.
 */
import type { components, paths } from '@octokit/openapi-types';

export type Schema<Name extends keyof components['schemas']> = components['schemas'][Name];

type Method = 'get' | 'post' | 'put' | 'patch' | 'delete';
export type Route = { [Path in keyof paths]: `${Method & keyof paths[Path]} ${Path}` }[keyof paths];

type Operation<R extends Route> = R extends `${infer M} ${infer P}`
  ? P extends keyof paths
    ? M extends keyof paths[P]
      ? paths[P][M]
      : never
    : never
  : never;

export type PathOf<R extends Route> = Operation<R> extends { parameters: { path: infer Path } } ? Path : unknown;
export type QueryOf<R extends Route> =
  Operation<R> extends { parameters: { query?: infer Query } } ? NonNullable<Query> : Record<never, never>;
export type BodyOf<R extends Route> =
  Operation<R> extends {
    requestBody?: { content: { 'application/json': infer Body } };
  }
    ? NonNullable<Body>
    : Record<never, never>;

type Responses<R extends Route> = Operation<R> extends { responses: infer All } ? All : never;
/** `content: never` is how the description says that nothing is sent. */
type JsonOf<Response> = Response extends { content: never }
  ? undefined
  : Response extends { content: { 'application/json': infer Body } }
    ? Body
    : undefined;
type Success = 200 | 201 | 202 | 204 | 302;

/** What a handler answers when it does not refuse: a status the description names, with that status's body. */
export type AnswerOf<R extends Route> = {
  [Status in keyof Responses<R> & Success]: {
    readonly status: Status;
    readonly body: JsonOf<Responses<R>[Status]>;
    /** For paged lists: where the other pages are. */
    readonly link?: string;
    /** For what lies elsewhere: where. */
    readonly location?: string;
  };
}[keyof Responses<R> & Success];
