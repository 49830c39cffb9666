/**
 * Stands for GitHub's OIDC issuer: gives a job's token to whoever holds that job's request token, signed by a key of its
 * own, made anew each time.
 */
import { randomBytes, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, type JSONWebKeySet, SignJWT } from 'jose';
import { defaultAudienceOf, GITHUB_ISSUER, type JobClaims, payloadOf } from './claims.ts';

/** How long a token is good for, and how far back it reaches, in seconds: as in the example of GitHub's page. */
const LIFETIME = 300;
const BACKDATED = 600;
const ALGORITHM = 'RS256';

/** What a job gets as `ACTIONS_ID_TOKEN_REQUEST_URL` and `ACTIONS_ID_TOKEN_REQUEST_TOKEN`. */
export interface Grant {
  /** Ends in a query: callers append `&audience=…`. */
  readonly requestUrl: string;
  readonly requestToken: string;
}

export interface Issuer {
  /** Where it listens; `iss` of its tokens is GitHub's. */
  readonly url: string;
  /** What checks its signatures. */
  readonly keys: JSONWebKeySet;
  /** Lets one job ask for its tokens: for jobs with `id-token: write` and no others. */
  readonly grant: (claims: JobClaims) => Grant;
  readonly close: () => Promise<void>;
}

export interface IssuerOptions {
  /** Default: the system's clock. */
  readonly now?: () => Date;
}

/** Starts it on a free port of 127.0.0.1. */
export async function startIssuer({ now = () => new Date() }: IssuerOptions = {}): Promise<Issuer> {
  const { privateKey, publicKey } = await generateKeyPair(ALGORITHM);
  const kid = randomUUID();
  const keys = { keys: [{ ...(await exportJWK(publicKey)), kid, alg: ALGORITHM, use: 'sig' }] };
  /** By the path of the request URL. */
  const jobs = new Map<string, { readonly claims: JobClaims; readonly requestToken: string }>();

  const sign = (claims: JobClaims, audience: string): Promise<string> => {
    const issuedAt = Math.floor(now().getTime() / 1000);
    return new SignJWT({ ...payloadOf(claims) })
      .setProtectedHeader({ alg: ALGORITHM, kid, typ: 'JWT' })
      .setIssuer(GITHUB_ISSUER)
      .setAudience(audience)
      .setJti(randomUUID())
      .setIssuedAt(issuedAt)
      .setNotBefore(issuedAt - BACKDATED)
      .setExpirationTime(issuedAt + LIFETIME)
      .sign(privateKey);
  };

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://issuer');
    const job = jobs.get(pathname);
    if (request.method !== 'GET') return send(response, 405, { message: 'Ask with GET.' });
    if (job === undefined || request.headers.authorization?.toLowerCase() !== `bearer ${job.requestToken}`) {
      return send(response, 401, { message: 'The request token is absent, or not that of this job.' });
    }
    send(response, 200, {
      value: await sign(job.claims, searchParams.get('audience') ?? defaultAudienceOf(job.claims)),
    });
  };

  const server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => send(response, 500, { message: String(error) }));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  return {
    url,
    keys,
    grant: (claims) => {
      const path = `/token/${randomUUID()}`;
      const requestToken = randomBytes(24).toString('hex');
      jobs.set(path, { claims, requestToken });
      return { requestUrl: `${url}${path}?api-version=2.0`, requestToken };
    },
    close: async () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

function send(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}
