/**
 * The trade record of an order. Made from what never changes about the order, so that whoever writes it, and however
 * often, writes the same bytes under the same key. Pure.
 */
import type { Order } from '../shared/order.ts';

export interface TradeRecord {
  /** `trades/2026/01/31/order-1.json`, by the UTC day on which the order was stored. */
  readonly key: string;
  readonly content: string;
}

export const makeTradeRecord = ({ orderId, customerId, amount, createdAt }: Order): TradeRecord => {
  const [day = ''] = new Date(createdAt).toISOString().split('T');
  return {
    key: `trades/${day.replaceAll('-', '/')}/${orderId}.json`,
    content: `${JSON.stringify({ version: 1, orderId, customerId, amount, createdAt })}\n`,
  };
};
