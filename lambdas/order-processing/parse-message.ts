/**
 * From an SQS record to the order it names. Pure.
 */
import type { SQSRecord } from 'aws-lambda';
import * as z from 'zod';
import { acceptCorrelationId, CORRELATION_ATTRIBUTE } from '../shared/correlation.ts';
import { idSchema } from '../shared/order.ts';

/** Thrown when a message is not one of ours. It can never succeed: SQS moves it to the dead letter queue. */
export class MalformedMessageError extends Error {
  readonly code = 'MALFORMED_MESSAGE';

  constructor(reason: string) {
    super(`The message names no order: ${reason}`);
    this.name = 'MalformedMessageError';
  }
}

/** Unknown fields are ignored: messages of a newer release may still wait in the queue when it is rolled back. */
const messageSchema = z.object({ orderId: idSchema });

const parseJson = (body: string): unknown => {
  try {
    return JSON.parse(body);
  } catch {
    // The parser's message quotes the body; what is in there is not ours to log.
    throw new MalformedMessageError('its body is not JSON');
  }
};

/** @throws MalformedMessageError */
export const parseOrderId = (record: Pick<SQSRecord, 'body'>): string => {
  const message = messageSchema.safeParse(parseJson(record.body));
  if (!message.success) throw new MalformedMessageError('its body holds no valid orderId');
  return message.data.orderId;
};

/** The id intake sent along; a message without one is traced by its message id. */
export const correlationIdOf = (record: Pick<SQSRecord, 'messageId' | 'messageAttributes'>): string =>
  acceptCorrelationId(record.messageAttributes?.[CORRELATION_ATTRIBUTE]?.stringValue) ?? record.messageId;
