/**
 * Calls the order API of an environment over HTTP, signed where its configuration asks for it. Every call is bounded.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { Sha256 } from '@aws-crypto/sha256-js';
import { SignatureV4 } from '@smithy/signature-v4';
import type { Target } from './target.ts';

/** As the SDK's clients resolve them: an access key, or a function that gets one. */
export type Credentials = ConstructorParameters<typeof SignatureV4>[0]['credentials'];

export interface OrderApiOptions {
  /** Value of the `api-endpoint` parameter. */
  readonly endpoint: string;
  readonly target: Target;
  readonly credentials: Credentials;
  /** Ends a call early: the command was interrupted. */
  readonly signal?: AbortSignal;
}

export interface ApiRequest {
  readonly method: 'GET' | 'POST';
  /** `/orders` */
  readonly path: string;
  readonly body?: unknown;
  /** Default: as the environment's configuration says. */
  readonly signed?: boolean;
}

export interface ApiAnswer {
  readonly status: number;
  /** Parsed when it is JSON, otherwise its text. */
  readonly body: unknown;
}

export type CallOrderApi = (request: ApiRequest) => Promise<ApiAnswer>;

/** One request; API Gateway itself gives up after 29 s. */
const ANSWER_WITHIN_MS = 30_000;
const ATTEMPTS = 3;
const FIRST_PAUSE_MS = 500;
/** Throttled, or "the same request may be sent again". Other failures are what validation is there to see. */
const WORTH_REPEATING: ReadonlySet<number> = new Set([429, 503]);

/**
 * Where requests go. An emulated account serves every API at its own endpoint, under the API's id.
 * @param endpoint `https://{id}.execute-api.{region}.amazonaws.com/v1`, without a trailing slash
 * @throws TypeError when it is no URL
 */
export function orderApiUrl(endpoint: string, target: Pick<Target, 'emulator'>): string {
  const { hostname, pathname } = new URL(endpoint);
  if (target.emulator === undefined) return endpoint;
  const [apiId] = hostname.split('.');
  return `${target.emulator.endpoint}/restapis/${apiId}${pathname}/_user_request_`;
}

/**
 * A caller of the API. It rejects when there is no answer at all: refused, reset, or too late, three times over.
 * @throws TypeError when the endpoint is no URL
 */
export function createOrderApi({ endpoint, target, credentials, signal }: OrderApiOptions): CallOrderApi {
  const base = orderApiUrl(endpoint, target);
  const signer = new SignatureV4({ service: 'execute-api', region: target.region, credentials, sha256: Sha256 });
  const signedByDefault = target.environment.api.authorization === 'AWS_IAM';
  return async ({ signed = signedByDefault, ...request }) => {
    for (let attempt = 1; ; attempt += 1) {
      const last = attempt === ATTEMPTS;
      try {
        const answer = await send(base, request, signed ? signer : undefined, signal);
        if (last || !WORTH_REPEATING.has(answer.status)) return answer;
      } catch (error) {
        if (last || signal?.aborted) throw error;
      }
      await delay(FIRST_PAUSE_MS * 2 ** (attempt - 1), undefined, signal && { signal });
    }
  };
}

async function send(
  base: string,
  { method, path, body }: ApiRequest,
  signer: SignatureV4 | undefined,
  signal: AbortSignal | undefined,
): Promise<ApiAnswer> {
  const url = new URL(`${base}${path}`);
  const content = body === undefined ? undefined : JSON.stringify(body);
  const headers = { host: url.host, ...(content !== undefined && { 'content-type': 'application/json' }) };
  const signed = await signer?.sign({
    method,
    protocol: url.protocol,
    hostname: url.hostname,
    ...(url.port && { port: Number(url.port) }),
    path: url.pathname,
    query: {},
    headers,
    body: content,
  });
  const limit = AbortSignal.timeout(ANSWER_WITHIN_MS);
  const response = await fetch(url, {
    method,
    headers: signed?.headers ?? headers,
    body: content ?? null,
    signal: signal ? AbortSignal.any([signal, limit]) : limit,
  });
  return { status: response.status, body: parse(await response.text()) };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}
