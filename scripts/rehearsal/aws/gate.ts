/**
 * The door of one emulated account, as AWS keeps it: roles are given to jobs whose token is genuine and trusted, and
 * nothing else is done for anybody but the sessions of those roles. The emulator behind it takes every call of anybody.
 *
 * Not looked at: the permissions of a session, and whether a signature fits its secret.
 */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createAwsClients } from '../../adapters/aws-clients.ts';
import type { EmulatedAccount } from '../../adapters/emulator/account-state.ts';
import type { Issuer } from '../oidc/issuer.ts';
import { type AdmissionSite, judgeJob, judgeSession, type Verdict } from './admission.ts';
import { type Answer, Upstream, UpstreamError } from './forward.ts';
import { type Protocol, Refusal, sendRefusal } from './refusal.ts';
import { type Session, Sessions, signatureOf } from './sessions.ts';

/** A role asked for, given or not. */
export interface TrustDecision {
  readonly at: Date;
  readonly account: string;
  readonly action: 'AssumeRoleWithWebIdentity' | 'AssumeRole';
  /** ARN of the role asked for. */
  readonly role: string;
  readonly allowed: boolean;
  /** What held, or what did not, with the values; AWS does not tell a caller. */
  readonly reason: string;
  /** Of the job; undefined while its token was not found genuine. */
  readonly sub?: string;
}

export interface GateOptions {
  readonly account: string;
  /** The emulated account, and what it takes for its administrator. */
  readonly upstream: {
    readonly endpoint: string;
    readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
  };
  readonly issuer: Pick<Issuer, 'keys'>;
  readonly report: (decision: TrustDecision) => void;
  /** Default: a free one. */
  readonly port?: number;
  /** Default: the system's clock. */
  readonly now?: () => Date;
}

export interface Gate {
  /** `http://127.0.0.1:22500` */
  readonly endpoint: string;
  readonly port: number;
  readonly account: string;
  /** Given so far, those that ended among them. */
  readonly sessions: readonly Session[];
  /** Ends every connection too. */
  readonly close: () => Promise<void>;
}

/** The record of the account behind a gate, aimed at the gate: what goes by it needs a session. */
export const throughGate = (account: EmulatedAccount, gate: Pick<Gate, 'endpoint' | 'port'>): EmulatedAccount => ({
  ...account,
  endpoint: gate.endpoint,
  port: gate.port,
  signedBy: 'environment',
});

/** A form holds a template or a policy at most; what is longer is no call of the query protocol. */
const FORM_LIMIT = 2 * 1024 * 1024;
/** Longer than clients wait between two calls, so that they, and not this side, close what is idle. */
const IDLE_MS = 120_000;

/** Asked by whoever wants to know whether the account is up. */
const HEALTH = '/_ministack/health';
/** A customer's call of the API: authenticated by the API, not by AWS. */
const CUSTOMERS = /^\/restapis\/[^/]+\/[^/]+\/_user_request_(\/|$)/;

/** Starts it on 127.0.0.1. */
export async function startGate(options: GateOptions): Promise<Gate> {
  const { account, upstream, issuer, now = () => new Date() } = options;
  const { iam } = createAwsClients({ region: 'us-east-1', emulator: upstream });
  const sessions = new Sessions(now);
  const behind = new Upstream(upstream.endpoint);
  const parts = { options, now, sessions, behind, site: { account, iam, keys: issuer.keys, now } };

  const server = createServer((request, response) => {
    pass(parts, request, response).catch((error: unknown) => answerFailure(request, response, error));
  });
  server.keepAliveTimeout = IDLE_MS;
  server.listen(options.port ?? 0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    endpoint: `http://127.0.0.1:${port}`,
    port,
    account,
    get sessions() {
      return sessions.list();
    },
    close: async () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      behind.close();
      iam.destroy();
      await closed;
    },
  };
}

interface Parts {
  readonly options: GateOptions;
  readonly now: () => Date;
  readonly sessions: Sessions;
  readonly behind: Upstream;
  readonly site: AdmissionSite;
}

/** @throws Refusal, UpstreamError */
async function pass(parts: Parts, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { sessions, behind } = parts;
  const { pathname, searchParams } = urlOf(request);
  if (CUSTOMERS.test(pathname) || (request.method === 'GET' && pathname === HEALTH)) {
    return await behind.forward(request, response);
  }
  if (/^AWSSecurityTokenService/.test(String(request.headers['x-amz-target']))) {
    throw new Refusal('The gate reads the query protocol of STS only.', { code: 'InvalidAction', status: 400 });
  }
  const form = isForm(request) ? await readForm(request) : undefined;
  const call = form === undefined ? searchParams : new URLSearchParams(form.toString('utf8'));
  const action = call.get('Action');
  const body = form ?? Buffer.alloc(0);

  if (action === 'AssumeRoleWithWebIdentity') {
    const verdict = await judgeJob(call, parts.site);
    return await give(parts, { action, verdict, request, response, body });
  }
  const session = sessions.require(signatureOf(request, searchParams));
  if (action === 'AssumeRole') {
    const verdict = await judgeSession(call, session, parts.site);
    return await give(parts, { action, verdict, request, response, body });
  }
  await behind.forward(request, response, form);
}

interface Giving {
  readonly action: TrustDecision['action'];
  readonly verdict: Verdict;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly body: Buffer;
}

/** Reports the verdict, and lets the emulator make the session, which is known from then on. */
async function give({ options, now, sessions, behind }: Parts, giving: Giving): Promise<void> {
  const { action, verdict, request, response, body } = giving;
  const { role, reason, sub, refusal } = verdict;
  const { account, report } = options;
  report({
    at: now(),
    account,
    action,
    role,
    allowed: refusal === undefined,
    reason,
    ...(sub !== undefined && { sub }),
  });
  if (refusal !== undefined) throw refusal;
  const answer = await behind.exchange(request, response, body);
  const session = sessionIn(answer, role, sub ?? '');
  if (session !== undefined) sessions.add(session);
  response.writeHead(answer.status, [...answer.headers]).end(answer.body);
}

/** @throws Error when STS answered well and no session can be read */
function sessionIn({ status, body }: Answer, role: string, sub: string): Session | undefined {
  if (status !== 200) return undefined;
  const text = body.toString('utf8');
  const [accessKeyId, sessionToken, expiration] = ['AccessKeyId', 'SessionToken', 'Expiration'].map(
    (name) => new RegExp(`<${name}>([^<]+)</${name}>`).exec(text)?.[1],
  );
  if (!accessKeyId || !sessionToken || !expiration) throw new Error(`no session in the answer of STS: ${text}`);
  return { accessKeyId, sessionToken, role, sub, expiresAt: new Date(expiration) };
}

const urlOf = ({ url }: IncomingMessage): URL => new URL(`http://gate${url ?? '/'}`);

const isForm = ({ headers }: IncomingMessage): boolean =>
  /^application\/x-www-form-urlencoded\b/i.test(headers['content-type'] ?? '');

async function readForm(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  // What is too long is read to its end by the server, so that the refusal arrives.
  for await (const chunk of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > FORM_LIMIT) {
      throw new Refusal(`A form of more than ${FORM_LIMIT} bytes.`, { code: 'RequestEntityTooLarge', status: 413 });
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function answerFailure(request: IncomingMessage, response: ServerResponse, error: unknown): void {
  if (response.headersSent) {
    // The answer has begun: all that is left is to break it off.
    response.destroy();
    return;
  }
  if (error instanceof Refusal) {
    sendRefusal(response, error, protocolOf(request));
    return;
  }
  const down = error instanceof UpstreamError || isConnectionError(error);
  const text = error instanceof Error ? error.message : String(error);
  response.writeHead(down ? 502 : 500, { 'content-type': 'text/plain' }).end(down ? text : `the gate failed: ${text}`);
}

/** Of the client that looks at roles: `ECONNREFUSED`, `ECONNRESET`. */
const isConnectionError = (error: unknown): boolean =>
  error instanceof Error && /^E[A-Z]+$/.test((error as NodeJS.ErrnoException).code ?? '');

function protocolOf(request: IncomingMessage): Protocol {
  const { searchParams } = urlOf(request);
  const query = isForm(request) || searchParams.has('Action');
  return { service: signatureOf(request, searchParams)?.service, kind: query ? 'query' : 'json' };
}
