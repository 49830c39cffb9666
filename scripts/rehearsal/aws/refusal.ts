/**
 * A call AWS would refuse, and the refusal in the form of the service that was called: the SDK's clients read no other.
 * https://docs.aws.amazon.com/STS/latest/APIReference/CommonErrors.html
 */
import { randomUUID } from 'node:crypto';
import type { ServerResponse } from 'node:http';

export interface RefusalFacts {
  /** As the query protocol names it: `InvalidClientTokenId`. */
  readonly code: string;
  readonly status: number;
  /** For whoever watches the gate; AWS does not tell callers what a trust policy lacks. Default: the message. */
  readonly reason?: string;
}

export class Refusal extends Error {
  readonly code: string;
  readonly status: number;
  readonly reason: string;

  constructor(message: string, { code, status, reason = message }: RefusalFacts) {
    super(message);
    this.name = 'Refusal';
    this.code = code;
    this.status = status;
    this.reason = reason;
  }
}

export const invalidClientToken = (reason: string): Refusal =>
  new Refusal('The security token included in the request is invalid.', {
    code: 'InvalidClientTokenId',
    status: 403,
    reason,
  });

/** How a service wants to be answered. */
export interface Protocol {
  /** Of the signature's scope: `s3`; undefined for calls without one. */
  readonly service: string | undefined;
  /** `X-Amz-Target` of the JSON protocols, or the operation is in the path: Lambda, API Gateway. */
  readonly kind: 'json' | 'query';
}

/** The same refusal has another name in other protocols. */
const JSON_NAMES: Readonly<Record<string, string>> = {
  InvalidClientTokenId: 'UnrecognizedClientException',
  ExpiredToken: 'ExpiredTokenException',
  MissingAuthenticationToken: 'MissingAuthenticationTokenException',
};
const S3_NAMES: Readonly<Record<string, string>> = {
  InvalidClientTokenId: 'InvalidAccessKeyId',
  MissingAuthenticationToken: 'AccessDenied',
};
const EC2_NAMES: Readonly<Record<string, string>> = { InvalidClientTokenId: 'AuthFailure' };

export function sendRefusal(response: ServerResponse, refusal: Refusal, protocol: Protocol): void {
  const id = randomUUID();
  const { type, body, name } = render(refusal, protocol, id);
  response
    .writeHead(refusal.status, { 'content-type': type, 'x-amzn-requestid': id, 'x-amzn-errortype': name })
    .end(body);
}

function render(
  { code, message }: Refusal,
  { service, kind }: Protocol,
  id: string,
): { readonly type: string; readonly body: string; readonly name: string } {
  const xml = (name: string, open: string, close: string) => ({
    type: 'text/xml',
    name,
    body: `${open}<Code>${inXml(name)}</Code><Message>${inXml(message)}</Message>${close}`,
  });
  if (service === 's3') {
    return xml(
      S3_NAMES[code] ?? code,
      '<?xml version="1.0" encoding="UTF-8"?><Error>',
      `<RequestId>${id}</RequestId></Error>`,
    );
  }
  if (service === 'ec2') {
    const close = `</Error></Errors><RequestID>${id}</RequestID></Response>`;
    return xml(EC2_NAMES[code] ?? code, '<Response><Errors><Error>', close);
  }
  if (kind === 'query') {
    const close = `</Error><RequestId>${id}</RequestId></ErrorResponse>`;
    return xml(code, '<ErrorResponse><Error><Type>Sender</Type>', close);
  }
  const name = JSON_NAMES[code] ?? code;
  return { type: 'application/x-amz-json-1.1', name, body: JSON.stringify({ __type: name, message }) };
}

const inXml = (text: string): string => text.replace(/[<>&]/g, (sign) => `&#${sign.charCodeAt(0)};`);
