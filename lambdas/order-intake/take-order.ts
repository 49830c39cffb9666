/**
 * POST /orders: takes an order, once, however often it is sent.
 *
 * Stored first, queued second: if the second fails the caller gets 503 and its retry finds the order stored, sees it
 * pending and queues it. The other way round, processing could meet an order that is not there.
 */
import type { APIGatewayProxyEvent } from 'aws-lambda';
import type { Order } from '../shared/order.ts';
import { decideDuplicate } from './decide-duplicate.ts';
import type { Dependencies } from './dependencies.ts';
import { parseOrderRequest } from './parse-order-request.ts';
import { failure, type Reply } from './responses.ts';

const accepted = ({ orderId, status, createdAt }: Order): Reply => ({
  statusCode: 202,
  body: { orderId, status, createdAt },
});

/** @throws DependencyUnavailableError when table or queue fail: sending the same order again is safe */
export const takeOrder = async (
  event: Pick<APIGatewayProxyEvent, 'body' | 'isBase64Encoded'>,
  correlationId: string,
  { orders, queue, log: requestLog, meter, now }: Dependencies,
): Promise<Reply> => {
  // 1. Validate what was sent.
  const request = parseOrderRequest(event.body, event.isBase64Encoded);
  if (!request.valid) {
    requestLog.info('Order refused: not valid');
    meter.count('OrdersRejected');
    return failure(400, 'The order is not valid.', { errors: request.errors });
  }
  const { content } = request;
  const log = requestLog.child({ orderId: content.orderId });

  // 2. Store it, if its id is new.
  const order: Order = { ...content, status: 'PENDING', createdAt: now().toISOString() };
  const put = await orders.putIfNew(order);
  if (put.stored) {
    // 3. Hand it to processing.
    await queue.send(order.orderId, correlationId);
    log.info('Order accepted');
    meter.count('OrdersAccepted');
    return accepted(order);
  }

  // 4. Otherwise decide by what is stored.
  const duplicate = decideDuplicate(content, put.existing);
  if (duplicate.kind === 'conflicting') {
    log.warn('Order refused: its id is taken by another order');
    meter.count('OrdersConflicting');
    return failure(409, 'Another order has this orderId.', {
      errors: duplicate.fields.map((field) => ({ field, message: 'differs from the order that has this orderId' })),
    });
  }
  if (duplicate.kind === 'pending') await queue.send(order.orderId, correlationId);
  log.info(duplicate.kind === 'pending' ? 'Order sent again: queued again' : 'Order sent again: processed already');
  meter.count('OrdersDuplicate');
  return accepted(put.existing);
};
