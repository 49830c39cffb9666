/**
 * What intake answers: one shape for every response, so that a caller parses one thing. Pure.
 */
import type { APIGatewayProxyResult } from 'aws-lambda';
import { CORRELATION_HEADER } from '../shared/correlation.ts';

/** One fault of one field; `body` stands for the request body as a whole. */
export interface FieldError {
  readonly field: string;
  readonly message: string;
}

export interface Reply {
  readonly statusCode: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: Readonly<Record<string, unknown>>;
}

/** A reply that says what went wrong: `{ message, errors? }`; the correlation id is added on the way out. */
export const failure = (
  statusCode: number,
  message: string,
  { errors, headers }: { errors?: readonly FieldError[]; headers?: Readonly<Record<string, string>> } = {},
): Reply => ({ statusCode, ...(headers && { headers }), body: { message, ...(errors && { errors }) } });

/** Seconds after which a caller may try again: longer than a throttled table needs to catch its breath. */
const RETRY_AFTER_SECONDS = 2;

export const unavailable = (): Reply =>
  failure(503, 'The service is unavailable for the moment. The same request may be sent again: nothing is doubled.', {
    headers: { 'retry-after': String(RETRY_AFTER_SECONDS) },
  });

/** Says nothing about the cause: that is in the log, under the correlation id. */
export const internalError = (): Reply => failure(500, 'The request failed on our side.');

/** The reply as API Gateway wants it. Failures bear the correlation id in the body too: it is what people quote. */
export const toResult = (reply: Reply, correlationId: string): APIGatewayProxyResult => ({
  statusCode: reply.statusCode,
  headers: {
    'content-type': 'application/json',
    'cache-control': 'no-store',
    [CORRELATION_HEADER]: correlationId,
    ...reply.headers,
  },
  body: JSON.stringify(reply.statusCode >= 400 ? { ...reply.body, correlationId } : reply.body),
});
