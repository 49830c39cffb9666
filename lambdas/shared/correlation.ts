/**
 * The correlation id: one name for one request on its way through intake, queue and processing. Pure.
 */

/** The HTTP header that brings it and answers it. */
export const CORRELATION_HEADER = 'x-correlation-id';

/** The SQS message attribute that carries it. */
export const CORRELATION_ATTRIBUTE = 'correlationId';

const CORRELATION_PATTERN = /^[A-Za-z0-9._-]{1,128}$/;

/**
 * The id when it is fit for use, otherwise undefined: it ends in headers and logs, so what a stranger sends must not
 * forge a log line or a header.
 */
export const acceptCorrelationId = (candidate: string | null | undefined): string | undefined =>
  candidate != null && CORRELATION_PATTERN.test(candidate) ? candidate : undefined;
