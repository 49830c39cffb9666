/**
 * Who gets a role of an account: what AWS's STS checks before it gives one, done with the roles and the OIDC provider as
 * they are deployed. The permissions of a caller are not looked at, only the trust of the role.
 * https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html
 */
import {
  GetOpenIDConnectProviderCommand,
  GetRoleCommand,
  type IAMClient,
  ListOpenIDConnectProvidersCommand,
} from '@aws-sdk/client-iam';
import { createLocalJWKSet, decodeJwt, errors, type JSONWebKeySet, type JWTPayload, jwtVerify } from 'jose';
import { GITHUB_ISSUER } from '../oidc/claims.ts';
import { Refusal } from './refusal.ts';
import type { Session } from './sessions.ts';
import { type Caller, evaluateTrust, UnknownTrustError } from './trust.ts';

export interface AdmissionSite {
  readonly account: string;
  /** Of the emulated account, with rights to look at its roles. */
  readonly iam: Pick<IAMClient, 'send'>;
  /** What checks the signatures of GitHub's tokens. */
  readonly keys: JSONWebKeySet;
  readonly now: () => Date;
}

/** The answer to one request for a role. */
export interface Verdict {
  /** ARN, as asked for. */
  readonly role: string;
  readonly reason: string;
  /** `sub` of the job, once its token was found genuine. */
  readonly sub?: string;
  /** Undefined where the role is given. */
  readonly refusal?: Refusal;
}

/** How long a session of a role taken by a role lasts at most, in seconds. */
const CHAINED_LIMIT = 3_600;
/** What STS gives where nothing is asked for, in seconds. */
const DEFAULT_DURATION = 3_600;

/** `AssumeRoleWithWebIdentity`. Never rejects for what the request holds. */
export function judgeJob(request: URLSearchParams, site: AdmissionSite): Promise<Verdict> {
  return judge(request, async (role, found) => {
    const { provider, claims } = await verifyToken(required(request, 'WebIdentityToken'), site);
    found.sub = claims.sub;
    const caller = { kind: 'token', provider, claims } as const;
    const denied = 'Not authorized to perform sts:AssumeRoleWithWebIdentity';
    return await requireTrust(role, caller, { request, site, denied, limit: Number.POSITIVE_INFINITY });
  });
}

/** `AssumeRole` by a session of another role. Never rejects for what the request holds. */
export function judgeSession(request: URLSearchParams, session: Session, site: AdmissionSite): Promise<Verdict> {
  return judge(request, async (role, found) => {
    found.sub = session.sub;
    const externalId = request.get('ExternalId') ?? undefined;
    const caller = { kind: 'role', arn: session.role, externalId } as const;
    const denied = `User: ${session.role} is not authorized to perform: sts:AssumeRole on resource: ${role}`;
    return await requireTrust(role, caller, { request, site, denied, limit: CHAINED_LIMIT });
  });
}

async function judge(
  request: URLSearchParams,
  check: (role: string, found: { sub?: string }) => Promise<string>,
): Promise<Verdict> {
  const found: { sub?: string } = {};
  const role = request.get('RoleArn') ?? '';
  try {
    required(request, 'RoleArn');
    required(request, 'RoleSessionName');
    return { role, reason: await check(role, found), ...found };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return { role, reason: error.reason, refusal: error, ...found };
  }
}

function required(request: URLSearchParams, name: string): string {
  const value = request.get(name);
  if (value) return value;
  const message = `1 validation error detected: Value null at '${name}' failed to satisfy constraint: Member must not be null`;
  throw new Refusal(message, { code: 'ValidationError', status: 400 });
}

const invalidToken = (message: string): Refusal => new Refusal(message, { code: 'InvalidIdentityToken', status: 400 });

/** Genuine, of a provider the account has, for this audience, and in time. @throws Refusal */
async function verifyToken(
  token: string,
  { iam, keys, now }: AdmissionSite,
): Promise<{ readonly provider: string; readonly claims: JWTPayload }> {
  const { iss = '' } = decode(token);
  const provider = await findProvider(iam, iss);
  if (provider === undefined) throw invalidToken(`No OpenIDConnect provider found in your account for ${iss}`);
  if (iss !== GITHUB_ISSUER) {
    throw invalidToken(
      "Couldn't retrieve verification key from your identity provider, please reference AssumeRoleWithWebIdentity documentation for requirements",
    );
  }
  try {
    const options = {
      algorithms: ['RS256'],
      audience: [...provider.audiences],
      currentDate: now(),
      requiredClaims: ['exp'],
    };
    const { payload } = await jwtVerify(token, createLocalJWKSet(keys), options);
    return { provider: provider.arn, claims: payload };
  } catch (error) {
    throw refusalOf(error, now());
  }
}

function decode(token: string): JWTPayload {
  try {
    return decodeJwt(token);
  } catch {
    throw invalidToken(
      'The ID Token provided is not a valid JWT. (You may see this error if you sent an Access Token)',
    );
  }
}

function refusalOf(error: unknown, now: Date): unknown {
  if (error instanceof errors.JWTExpired) {
    const seconds = Math.floor(now.getTime() / 1000);
    const message = `Token expired: current date/time ${seconds} must be before the expiration date/time ${error.payload.exp}`;
    return new Refusal(message, { code: 'ExpiredTokenException', status: 400 });
  }
  if (error instanceof errors.JWTClaimValidationFailed && error.claim === 'aud') {
    return invalidToken('Incorrect token audience');
  }
  if (error instanceof errors.JOSEError) return invalidToken(`The token could not be validated: ${error.message}`);
  return error;
}

/** The account's provider for an issuer. https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_create_oidc.html */
async function findProvider(
  iam: AdmissionSite['iam'],
  issuer: string,
): Promise<{ readonly arn: string; readonly audiences: readonly string[] } | undefined> {
  const host = issuer.replace('https://', '');
  const { OpenIDConnectProviderList = [] } = await iam.send(new ListOpenIDConnectProvidersCommand({}));
  const arn = OpenIDConnectProviderList.find(({ Arn }) => Arn?.endsWith(`:oidc-provider/${host}`))?.Arn;
  if (arn === undefined) return undefined;
  const { ClientIDList = [] } = await iam.send(new GetOpenIDConnectProviderCommand({ OpenIDConnectProviderArn: arn }));
  return { arn, audiences: ClientIDList };
}

interface TrustQuestion {
  readonly request: URLSearchParams;
  readonly site: AdmissionSite;
  /** What AWS says to whom it does not let in, whatever the reason. */
  readonly denied: string;
  /** In seconds. */
  readonly limit: number;
}

/** @returns why the role is given @throws Refusal */
async function requireTrust(
  role: string,
  caller: Caller,
  { request, site, denied, limit }: TrustQuestion,
): Promise<string> {
  const deny = (reason: string): Refusal => new Refusal(denied, { code: 'AccessDenied', status: 403, reason });
  const [, account, name] = /^arn:aws[\w-]*:iam::(\d{12}):role\/(?:[\w+=,.@/-]*\/)?([\w+=,.@-]+)$/.exec(role) ?? [];
  if (name === undefined) throw new Refusal(`${role} is invalid`, { code: 'ValidationError', status: 400 });
  if (account !== site.account) throw deny(`${role} is not in account ${site.account}`);
  const found = await findRole(site.iam, name);
  if (found === undefined || found.arn !== role) throw deny(`there is no role ${role}`);

  const { allowed, reason } = decide(found.trust, caller, role);
  if (!allowed) throw deny(reason);

  const asked = Number(request.get('DurationSeconds') ?? DEFAULT_DURATION);
  if (asked > limit) {
    const message = 'The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining';
    throw new Refusal(message, { code: 'ValidationError', status: 400 });
  }
  if (asked > found.maxSeconds) {
    const message = 'The requested DurationSeconds exceeds the MaxSessionDuration set for this role.';
    throw new Refusal(message, { code: 'ValidationError', status: 400 });
  }
  return reason;
}

function decide(trust: unknown, caller: Caller, role: string): ReturnType<typeof evaluateTrust> {
  try {
    return evaluateTrust(trust, caller);
  } catch (error) {
    if (!(error instanceof UnknownTrustError)) throw error;
    // Neither let in nor kept out as if it had been evaluated.
    throw new Refusal(`${role}: ${error.message}`, { code: 'MalformedPolicyDocument', status: 400 });
  }
}

async function findRole(
  iam: AdmissionSite['iam'],
  name: string,
): Promise<{ readonly arn: string; readonly trust: unknown; readonly maxSeconds: number } | undefined> {
  try {
    const { Role } = await iam.send(new GetRoleCommand({ RoleName: name }));
    const { Arn = '', AssumeRolePolicyDocument = '{}', MaxSessionDuration = DEFAULT_DURATION } = Role ?? {};
    return {
      arn: Arn,
      trust: JSON.parse(decodeURIComponent(AssumeRolePolicyDocument)) as unknown,
      maxSeconds: MaxSessionDuration,
    };
  } catch (error) {
    if (error instanceof Error && error.name === 'NoSuchEntityException') return undefined;
    throw error;
  }
}
