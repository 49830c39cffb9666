/**
 * The sessions STS gave, and who signs a call: by its access key and token. Whether a signature fits its secret is not
 * looked at; a secret is given to nobody but who gets the token with it.
 */
import type { IncomingMessage } from 'node:http';
import { invalidClientToken, Refusal } from './refusal.ts';

export interface Session {
  readonly accessKeyId: string;
  readonly sessionToken: string;
  /** ARN of its role. */
  readonly role: string;
  readonly expiresAt: Date;
  /** `sub` of the job that took the role; of the first, where one role took another. */
  readonly sub: string;
}

/** What a call says of who signed it. */
export interface Signature {
  readonly accessKeyId: string;
  /** `s3` */
  readonly service: string;
  readonly sessionToken: string | undefined;
}

const CREDENTIAL = /^([^/]+)\/\d{8}\/[^/]+\/([^/]+)\/aws4_request$/;

/**
 * From the header, or the query of a presigned URL; undefined where there is none of Signature Version 4.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 */
export function signatureOf(
  { headers }: Pick<IncomingMessage, 'headers'>,
  query: URLSearchParams,
): Signature | undefined {
  const header = /^AWS4-HMAC-SHA256\s.*?Credential=([^,\s]+)/.exec(headers.authorization ?? '')?.[1];
  const [, accessKeyId, service] = CREDENTIAL.exec(header ?? query.get('X-Amz-Credential') ?? '') ?? [];
  if (accessKeyId === undefined || service === undefined) return undefined;
  const token = headers['x-amz-security-token'] ?? query.get('X-Amz-Security-Token') ?? undefined;
  return { accessKeyId, service, sessionToken: Array.isArray(token) ? token[0] : token };
}

export class Sessions {
  readonly #byKey = new Map<string, Session>();
  readonly #now: () => Date;

  constructor(now: () => Date) {
    this.#now = now;
  }

  add(session: Session): void {
    this.#byKey.set(session.accessKeyId, session);
  }

  list(): readonly Session[] {
    return [...this.#byKey.values()];
  }

  /** @throws Refusal unless the signature is of a session that lasts */
  require(signature: Signature | undefined): Session {
    if (signature === undefined) {
      throw new Refusal('Request is missing Authentication Token', { code: 'MissingAuthenticationToken', status: 403 });
    }
    const session = this.#byKey.get(signature.accessKeyId);
    if (session === undefined) throw invalidClientToken(`no session has the access key ${signature.accessKeyId}`);
    if (session.sessionToken !== signature.sessionToken) throw invalidClientToken(`not the token of ${session.role}`);
    if (session.expiresAt <= this.#now()) {
      throw new Refusal('The security token included in the request is expired', { code: 'ExpiredToken', status: 403 });
    }
    return session;
  }
}
