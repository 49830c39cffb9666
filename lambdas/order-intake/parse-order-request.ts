/**
 * From a request body to an order's content, or to one entry for each field that is wrong. Pure.
 */
import { type OrderContent, orderContentSchema } from '../shared/order.ts';
import type { FieldError } from './responses.ts';

/**
 * An order takes below 300 bytes. Without a bound, a body of many unknown fields makes an answer that names each of
 * them and exceeds what Lambda may return (6 MB): a 502 instead of a 400.
 */
const MAX_BODY_BYTES = 8_192;

export type OrderRequest =
  | { readonly valid: true; readonly content: OrderContent }
  | { readonly valid: false; readonly errors: readonly FieldError[] };

const refuse = (...errors: FieldError[]): OrderRequest => ({ valid: false, errors });

/** Bytes that are not UTF-8 are an error here, not U+FFFD: an id must not change on its way in. */
const decode = (body: string, isBase64Encoded: boolean): string =>
  isBase64Encoded ? new TextDecoder('utf-8', { fatal: true }).decode(Buffer.from(body, 'base64')) : body;

/**
 * JSON numbers are read as doubles (RFC 8259, section 6): digits beyond 17 significant ones are gone before the
 * amount is looked at.
 */
const parseJson = (body: string, isBase64Encoded: boolean): { readonly value: unknown } | undefined => {
  try {
    return { value: JSON.parse(decode(body, isBase64Encoded)) };
  } catch (error) {
    // SyntaxError by JSON.parse, TypeError by TextDecoder: both say the same to the caller.
    if (error instanceof SyntaxError || error instanceof TypeError) return undefined;
    throw error;
  }
};

type Issue = NonNullable<ReturnType<typeof orderContentSchema.safeParse>['error']>['issues'][number];

const toFieldErrors = (issue: Issue): FieldError[] =>
  issue.code === 'unrecognized_keys'
    ? issue.keys.map((field) => ({ field, message: 'is not a field of an order' }))
    : [{ field: issue.path.join('.') || 'body', message: issue.message }];

const firstOfEachField = (errors: readonly FieldError[]): FieldError[] => [
  ...new Map(errors.toReversed().map((error) => [error.field, error])).values(),
];

/** @param body as API Gateway passes it: null when there is none */
export const parseOrderRequest = (body: string | null, isBase64Encoded: boolean): OrderRequest => {
  if (!body) return refuse({ field: 'body', message: 'is missing: send an order as JSON' });
  if (Buffer.byteLength(body) > MAX_BODY_BYTES) {
    return refuse({ field: 'body', message: `is longer than ${MAX_BODY_BYTES} bytes` });
  }
  const json = parseJson(body, isBase64Encoded);
  if (!json) return refuse({ field: 'body', message: 'is not valid JSON in UTF-8' });
  const parsed = orderContentSchema.safeParse(json.value);
  if (parsed.success) return { valid: true, content: parsed.data };
  return { valid: false, errors: firstOfEachField(parsed.error.issues.flatMap(toFieldErrors)).toReversed() };
};
