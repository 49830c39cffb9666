/**
 * GET /orders/{orderId}: where an order stands.
 */
import { idSchema } from '../shared/order.ts';
import type { Dependencies } from './dependencies.ts';
import { failure, type Reply } from './responses.ts';

/** @throws DependencyUnavailableError when the table fails */
export const readOrder = async (pathOrderId: string | undefined, { orders }: Dependencies): Promise<Reply> => {
  // 1. Validate the id.
  const orderId = idSchema.safeParse(pathOrderId);
  if (!orderId.success) {
    const errors = orderId.error.issues.map(({ message }) => ({ field: 'orderId', message }));
    return failure(400, 'The orderId is not valid.', { errors });
  }

  // 2. Read the order.
  const order = await orders.get(orderId.data);
  if (!order) return failure(404, 'There is no order with this orderId.');

  // 3. Answer it, but for the trade record's key: where we keep it is no business of the caller.
  const { tradeKey: _, ...visible } = order;
  return { statusCode: 200, body: visible };
};
