/**
 * Processes one order. Each step can be repeated, and the one that says "done" comes last: whatever
 * dies in between, the next delivery finishes the work, and doubles none of it.
 */
import type { Dependencies } from './dependencies.ts';
import { makeTradeRecord } from './trade-record.ts';

/** Thrown when the table has no order of this id. Intake stores before it sends, so no order is lost by giving up. */
export class UnknownOrderError extends Error {
  readonly code = 'UNKNOWN_ORDER';

  constructor(orderId: string) {
    super(`There is no order ${orderId}`);
    this.name = 'UnknownOrderError';
  }
}

export type Outcome = 'processed' | 'already-processed';

/**
 * @throws UnknownOrderError: never to succeed
 * @throws DependencyUnavailableError: to be delivered again
 */
export const processOrder = async (
  orderId: string,
  { orders, trades, now }: Pick<Dependencies, 'orders' | 'trades' | 'now'>,
): Promise<Outcome> => {
  // 1. Read it, as it is now.
  const order = await orders.get(orderId);
  if (!order) throw new UnknownOrderError(orderId);

  // 2. Done by an earlier delivery?
  if (order.status === 'PROCESSED') return 'already-processed';

  // 3. Write the trade record; one that is there is the same.
  const trade = makeTradeRecord(order);
  await trades.writeOnce(trade);

  // 4. Say that it is done, unless another delivery was quicker.
  const mark = await orders.markProcessed(orderId, { processedAt: now().toISOString(), tradeKey: trade.key });
  if (mark.updated) return 'processed';
  if (!mark.existing) throw new UnknownOrderError(orderId);
  return 'already-processed';
};
