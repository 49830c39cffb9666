/**
 * The order flow as a whole: both handlers over one fake account, a caller who repeats what met a 503, and a queue
 * that delivers until a message succeeds.
 */
import type { APIGatewayProxyResult, SQSBatchResponse } from 'aws-lambda';
import { answerRequest } from '../order-intake/handler.ts';
import { handleBatch } from '../order-processing/handler.ts';
import { postOrder } from './events.ts';
import type { FakeAccount, Hooks } from './fake-account.ts';
import { makeFakeTelemetry } from './fake-telemetry.ts';

export const NOW = new Date('2026-01-31T23:59:59.999Z');

/** POST /orders through the intake handler. */
export const post = (account: FakeAccount, order: unknown, hooks?: Hooks): Promise<APIGatewayProxyResult> =>
  answerRequest(postOrder(order), {
    ...account.connect(hooks),
    ...makeFakeTelemetry(),
    environment: 'dev',
    now: () => NOW,
    newId: () => 'new-id',
  });

/** Sends until the answer is not 503, as a caller would. Gives up after 10: then the service does not recover. */
export const postUntilAnswered = async (
  account: FakeAccount,
  order: unknown,
  hooks?: Hooks,
): Promise<APIGatewayProxyResult> => {
  for (let attempt = 0; attempt < 10; attempt += 1) {
    const result = await post(account, order, hooks);
    if (result.statusCode !== 503) return result;
  }
  throw new Error('Still 503 after 10 attempts');
};

/** Delivers up to 10 waiting messages as one batch and deletes those that did not fail. */
export const deliver = async (
  account: FakeAccount,
  hooks?: Hooks,
  messages = account.messages.slice(0, 10),
): Promise<SQSBatchResponse> => {
  const response = await handleBatch(
    { Records: messages },
    { ...account.connect(hooks), ...makeFakeTelemetry(), now: () => new Date(NOW.getTime() + 1_000) },
  );
  const failed = new Set(response.batchItemFailures.map(({ itemIdentifier }) => itemIdentifier));
  for (const { messageId } of messages) if (!failed.has(messageId)) account.deleteMessage(messageId);
  return response;
};

/** Delivers until the queue is empty. Gives up after 10 batches: then a message does not succeed. */
export const deliverAll = async (account: FakeAccount, hooks?: Hooks): Promise<void> => {
  for (let batch = 0; account.messages.length > 0; batch += 1) {
    if (batch === 10) throw new Error('Messages are left after 10 batches');
    await deliver(account, hooks);
  }
};
