/**
 * The one client of GitHub: Octokit with pages, retries and patience with rate limits, made from a job's own settings.
 *
 * A POST is not repeated by it, as one whose answer was lost would be done twice: `create-once.ts` looks first.
 */
import { Octokit } from '@octokit/core';
import { paginateRest } from '@octokit/plugin-paginate-rest';
import { restEndpointMethods } from '@octokit/plugin-rest-endpoint-methods';
import { retry } from '@octokit/plugin-retry';
import { throttling } from '@octokit/plugin-throttling';
import { RequestError } from '@octokit/request-error';
import Bottleneck from 'bottleneck';
import type { Clock } from '../../core/clock.ts';
import { systemClock } from '../system-clock.ts';
import { explainFailure } from './failure.ts';
import type { GitHubSettings } from './settings.ts';

/** How fast it goes. The defaults are GitHub's advice and the plugins' own. */
export interface Pace {
  /** A second of waiting, in milliseconds: between retries, and what a rate limit asks for. */
  readonly second: number;
  /** Between two calls that change something, and between two that notify people; milliseconds. */
  readonly writeEvery: number;
  readonly notifyEvery: number;
  /** How long an answer may take; milliseconds. */
  readonly timeout: number;
  /** A rate limit that asks for more seconds than that fails instead. */
  readonly longestWaitSeconds: number;
  /** How often one call waits for a rate limit. */
  readonly rateLimitRetries: number;
}

/** https://docs.github.com/en/rest/using-the-rest-api/best-practices-for-using-the-rest-api */
const PACE: Pace = {
  second: 1_000,
  writeEvery: 1_000,
  notifyEvery: 3_000,
  timeout: 30_000,
  longestWaitSeconds: 300,
  rateLimitRetries: 4,
};

const Client = Octokit.plugin(restEndpointMethods, paginateRest, retry, throttling);

export interface GitHub {
  readonly octokit: InstanceType<typeof Client>;
  /** For each call below `/repos/{owner}/{repo}`. */
  readonly place: { readonly owner: string; readonly repo: string };
  readonly clock: Clock;
}

export interface GitHubOptions extends GitHubSettings {
  /** Told when GitHub makes us wait. */
  readonly warn?: (text: string) => void;
  readonly signal?: AbortSignal;
  readonly clock?: Clock;
  readonly pace?: Partial<Pace>;
}

/** Every call of the client rejects with GitHubCallError, or with the signal's reason. */
export function createGitHub(options: GitHubOptions): GitHub {
  const pace = { ...PACE, ...options.pace };
  const [owner = '', repo = ''] = options.repository.split('/');
  const quiet = { debug: ignore, info: ignore, warn: options.warn ?? ignore, error: ignore };
  const octokit = new Client({
    auth: options.token,
    baseUrl: options.baseUrl,
    userAgent: 'trading-platform-gitops',
    log: quiet,
    request: { fetch: fetchWithin(pace.timeout, options.signal) },
    // 429 is the throttling plugin's: a retry here would not wait as long as GitHub asks.
    retry: { doNotRetry: [400, 401, 403, 404, 410, 422, 429, 451], retryAfterBaseValue: pace.second },
    throttle: throttleOptions(pace, options.warn ?? ignore),
  });
  // Registered last, it is the outermost: it sees what is left after all retries.
  octokit.hook.wrap('request', async (request, call) => {
    // All hooks share the call, and all calls share its `request`, in which the plugins count: each gets its own.
    call.request = { ...call.request, ...(call.method === 'POST' && { retries: 0 }) };
    try {
      return await request(call);
    } catch (error) {
      options.signal?.throwIfAborted();
      throw explain(error, call, options.repository);
    }
  });
  return { octokit, place: { owner, repo }, clock: options.clock ?? systemClock };
}

function throttleOptions(pace: Pace, warn: (text: string) => void) {
  const mayWait = (limit: string) => (seconds: number, _call: object, _octokit: unknown, retryCount: number) => {
    const waits = seconds <= pace.longestWaitSeconds && retryCount < pace.rateLimitRetries;
    if (waits) warn(`GitHub's ${limit} rate limit: waiting ${seconds} s.`);
    return waits;
  };
  return {
    retryAfterBaseValue: pace.second,
    write: new Bottleneck.Group({ maxConcurrent: 1, minTime: pace.writeEvery }),
    notifications: new Bottleneck.Group({ maxConcurrent: 1, minTime: pace.notifyEvery }),
    onRateLimit: mayWait('hourly'),
    onSecondaryRateLimit: mayWait('secondary'),
  };
}

/** Octokit has no time-out of its own; without one a lost connection hangs a job until its end. */
function fetchWithin(milliseconds: number, outer: AbortSignal | undefined): typeof fetch {
  return (input, init) => {
    const signals = [init?.signal, outer, AbortSignal.timeout(milliseconds)].filter((signal) => signal != null);
    return fetch(input, { ...init, signal: AbortSignal.any(signals) });
  };
}

function explain(error: unknown, call: { readonly method: string; readonly url: string }, repository: string): unknown {
  if (!(error instanceof RequestError)) return error;
  const { message, response } = error;
  return explainFailure({
    method: call.method,
    address: call.url,
    repository,
    message,
    headers: response?.headers ?? {},
    cause: error,
    // Octokit calls it 500 when no answer came.
    ...(response && { status: response.status }),
  });
}

function ignore(): void {}
