/**
 * The function behind the order queue: takes batches, answers which messages failed. SQS delivers those again, and
 * moves them to the dead letter queue when they keep failing.
 */
import { BatchProcessor, EventType, processPartialResponse } from '@aws-lambda-powertools/batch';
import type { Context, SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import type { LambdaHandler } from '../shared/telemetry.ts';
import { type Dependencies, wireDependencies } from './dependencies.ts';
import { correlationIdOf, parseOrderId } from './parse-message.ts';
import { type Outcome, processOrder } from './process-order.ts';

const METRIC = { processed: 'OrdersProcessed', 'already-processed': 'OrdersAlreadyProcessed' } as const;
const MESSAGE: Record<Outcome, string> = {
  processed: 'Order processed',
  'already-processed': 'Order was processed already',
};

const handleRecord = async (record: SQSRecord, dependencies: Dependencies): Promise<void> => {
  // 1. Name the message in every log line.
  let log = dependencies.log.child({ correlationId: correlationIdOf(record), messageId: record.messageId });
  try {
    // 2. Which order?
    const orderId = parseOrderId(record);
    log = log.child({ orderId });

    // 3. Process it.
    const outcome = await processOrder(orderId, dependencies);
    log.info(MESSAGE[outcome]);
    dependencies.meter.count(METRIC[outcome]);
  } catch (error) {
    // 4. Or say why not, and fail this message alone.
    log.error('Order not processed', error);
    dependencies.meter.count('OrdersFailed');
    throw error;
  }
};

/** Handles one batch, all messages at the same time. Never throws: a message that fails is named in the response. */
export const handleBatch = (event: SQSEvent, dependencies: Dependencies): Promise<SQSBatchResponse> =>
  processPartialResponse(
    event,
    (record: SQSRecord) => handleRecord(record, dependencies),
    new BatchProcessor(EventType.SQS),
    // Else a batch of one poison message is an error of the function: an alarm, and the rollback of an innocent release.
    { throwOnFullBatchFailure: false },
  );

let connected: LambdaHandler<SQSEvent, SQSBatchResponse> | undefined;

const connect = (): LambdaHandler<SQSEvent, SQSBatchResponse> => {
  const { dependencies, observe } = wireDependencies(process.env);
  return observe((event) => handleBatch(event, dependencies));
};

/**
 * What Lambda calls. Wired on the first batch and kept, so that importing this file runs nothing.
 * @throws MissingVariablesError when the function was deployed without a variable it needs
 */
export const handler: LambdaHandler<SQSEvent, SQSBatchResponse> = async (event, context: Context) => {
  connected ??= connect();
  return connected(event, context);
};
