/**
 * The order queue, as intake sees it. A message names an order; the table holds its content, so that a message can
 * be old or doubled without harm.
 */
import { SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { CORRELATION_ATTRIBUTE } from '../shared/correlation.ts';
import { callDependency } from '../shared/dependency-call.ts';

export interface OrderQueue {
  /** @throws DependencyUnavailableError when SQS fails after the client's retries; the message may be there all the same */
  send(orderId: string, correlationId: string): Promise<void>;
}

export const makeOrderQueue = (client: SQSClient, queueUrl: string): OrderQueue => ({
  async send(orderId, correlationId) {
    await callDependency('order queue', () =>
      client.send(
        new SendMessageCommand({
          QueueUrl: queueUrl,
          MessageBody: JSON.stringify({ orderId }),
          MessageAttributes: { [CORRELATION_ATTRIBUTE]: { DataType: 'String', StringValue: correlationId } },
        }),
      ),
    );
  },
});
