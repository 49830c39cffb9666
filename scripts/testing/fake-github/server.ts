/**
 * The fake's front: real HTTP on 127.0.0.1. Each call is routed, authorized, answered, and written into the journal,
 * with the faults on the way that the test planned.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Fault, Faults } from './faults.ts';
import type { Call, Handler } from './handlers.ts';
import type { Journal } from './journal.ts';
import { authorize, type Need } from './permissions.ts';
import { refuse, trouble } from './refusals.ts';
import { type Match, matchRoute } from './router.ts';
import type { Route } from './routes.ts';
import { ServiceError } from './service-error.ts';
import type { FakeToken, World } from './world.ts';

export interface ServerParts {
  readonly world: World;
  readonly faults: Faults;
  readonly journal: Journal;
  /** Called before a call is carried out: where a test lets somebody else be quicker. */
  readonly beforeCall: (route: Route) => void;
}

/** Starts the server on a free port. */
export async function startServer(parts: ServerParts): Promise<{ server: Server; endpoint: string }> {
  const server = createServer((request, response) => {
    answer(parts, request, response).catch((error: unknown) =>
      response.destroy(error instanceof Error ? error : undefined),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  parts.world.endpoint = endpoint;
  return { server, endpoint };
}

interface Reply {
  readonly status: number;
  readonly body: unknown;
  readonly headers: Readonly<Record<string, string>>;
}

async function answer(parts: ServerParts, incoming: IncomingMessage, response: ServerResponse): Promise<void> {
  const { world, faults, journal } = parts;
  const url = new URL(incoming.url ?? '/', world.endpoint);
  const body = await readBody(incoming);
  const match = matchRoute(incoming.method ?? 'GET', url.pathname);
  // A handler that is missing must not look like something GitHub says.
  if (match === undefined) {
    return send(response, {
      status: 501,
      body: { message: `No handler for ${incoming.method} ${url.pathname}` },
      headers: {},
    });
  }
  const token = tokenOf(world, incoming);
  const fault = faults.take(match.route);
  const reply =
    fault?.kind === 'reset'
      ? undefined
      : attempt(() => refusalOf(fault) ?? carryOut(parts, match, { url, body, token }));
  const sent = fault?.kind === 'lost-answer-502' ? toReply(trouble.badGateway()) : reply;
  const lost = fault?.kind === 'reset' || fault?.kind === 'lost-answer' || fault?.kind === 'hang';
  journal.add({
    route: match.route,
    path: url.pathname,
    query: Object.fromEntries(url.searchParams),
    body: (body ?? {}) as object,
    by: token === 'unknown' ? undefined : token?.holder.login,
    answer: lost || fault?.kind === 'lost-answer-502' ? fault.kind : (sent?.status ?? ''),
  });
  if (fault?.kind === 'slow') await sleep(fault.milliseconds ?? 50);
  if (fault?.kind === 'hang') return;
  if (lost || sent === undefined) return void incoming.socket.destroy();
  send(response, { ...sent, headers: { ...rateLimitHeaders(world, fault), ...sent.headers } });
}

interface Asked {
  readonly url: URL;
  readonly body: unknown;
  readonly token: FakeToken | 'unknown' | undefined;
}

function carryOut(parts: ServerParts, match: Match, { url, body, token }: Asked): Reply {
  const { world } = parts;
  world.rateLimit.remaining = Math.max(0, world.rateLimit.remaining - 1);
  if (token === 'unknown') throw refuse.badCredentials();
  if (body === UNREADABLE) throw refuse.problemsParsingJson();
  // One handler for one route: the table ties the call's type to the route, which a union can't.
  const handler = match.handler as unknown as Handler<'get /repos/{owner}/{repo}/issues/{issue_number}'>;
  const { owner, repo } = match.path as { readonly owner?: string; readonly repo?: string };
  const repository = owner !== undefined && repo !== undefined ? world.repository(`${owner}/${repo}`) : undefined;
  if (handler.needs === 'none') {
    if (token === undefined) throw refuse.authenticationNeeded();
  } else {
    authorize(
      token,
      repository,
      handler.needs.filter((need) => applies(need, match.path, repository)),
    );
    if (repository?.archived && !match.route.startsWith('get ')) throw refuse.archived();
  }
  parts.beforeCall(match.route);
  const call = {
    world,
    repository,
    caller: token?.holder ?? world.user('ghost'),
    path: match.path,
    query: Object.fromEntries(url.searchParams),
    body: body ?? {},
    url,
  } as unknown as Call<'get /repos/{owner}/{repo}/issues/{issue_number}'>;
  const { status, body: answered, link, location } = handler.answer(call);
  return { status, body: answered, headers: { ...(link && { link }), ...(location && { location }) } };
}

/** `pull_requests` opens the issue behind a pull request, and no other issue; creating and listing name none. */
function applies(
  { permission }: Need,
  path: Match['path'],
  repository: Call<Route>['repository'] | undefined,
): boolean {
  if (permission !== 'pull_requests' || repository === undefined) return true;
  const ofComment = repository.comments.find(({ id }) => id === path['comment_id'])?.issue;
  const number = path['issue_number'] ?? ofComment;
  const issue = repository.issues.find((each) => each.number === number);
  return issue === undefined || issue.pull !== undefined;
}

function tokenOf(world: World, { headers }: IncomingMessage): FakeToken | 'unknown' | undefined {
  const value = /^(?:token|bearer) (.+)$/i.exec(headers.authorization ?? '')?.[1];
  return value === undefined ? undefined : (world.tokens.find((token) => token.value === value) ?? 'unknown');
}

/** A refusal is an answer; anything else thrown is a defect of the fake or of a test's hook. */
function attempt(work: () => Reply): Reply {
  try {
    return work();
  } catch (error) {
    if (error instanceof ServiceError) return toReply(error);
    const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
    return { status: 501, body: { message: `The fake failed: ${message}` }, headers: {} };
  }
}

function toReply({ status, message, errors, headers }: ServiceError): Reply {
  const documentation_url = 'https://docs.github.com/rest';
  return { status, body: { message, ...(errors && { errors }), documentation_url, status: String(status) }, headers };
}

function refusalOf(fault: Fault | undefined): Reply | undefined {
  switch (fault?.kind) {
    case 'primary-limit':
      return toReply(trouble.primaryLimit());
    case 'secondary-limit':
      return toReply(trouble.secondaryLimit(403, fault.retryAfterSeconds));
    case 'secondary-limit-429':
      return toReply(trouble.secondaryLimit(429, fault.retryAfterSeconds));
    case 'bad-gateway':
      return toReply(trouble.badGateway());
    case 'unavailable':
      return toReply(trouble.unavailable());
    default:
      return undefined;
  }
}

/** https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api#checking-the-status-of-your-rate-limit */
function rateLimitHeaders({ rateLimit }: World, fault: Fault | undefined): Record<string, string> {
  const spent = fault?.kind === 'primary-limit';
  const remaining = spent ? 0 : rateLimit.remaining;
  const reset = Math.floor(Date.now() / 1000) + (spent ? (fault.retryAfterSeconds ?? 3_600) : 3_600);
  return {
    'x-ratelimit-limit': String(rateLimit.limit),
    'x-ratelimit-remaining': String(remaining),
    'x-ratelimit-used': String(rateLimit.limit - remaining),
    'x-ratelimit-reset': String(reset),
    'x-ratelimit-resource': 'core',
  };
}

const UNREADABLE = Symbol('unreadable');

async function readBody(incoming: IncomingMessage): Promise<unknown> {
  if (incoming.headers['content-length'] === '0' || incoming.method === 'GET' || incoming.method === 'DELETE') {
    incoming.resume();
    return undefined;
  }
  return await json(incoming).catch(() => UNREADABLE);
}

function send(response: ServerResponse, { status, body, headers }: Reply): void {
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8', ...headers });
  response.end(body === undefined ? undefined : JSON.stringify(body));
}
