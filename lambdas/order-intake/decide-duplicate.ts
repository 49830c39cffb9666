/**
 * What an order means whose id is stored already. Pure.
 */
import type { Order, OrderContent } from '../shared/order.ts';

export type Duplicate =
  /** Sent again before it was processed: the first send may have been lost, so it is queued again. */
  | { readonly kind: 'pending' }
  | { readonly kind: 'processed' }
  /** Another order under the same id. */
  | { readonly kind: 'conflicting'; readonly fields: readonly (keyof OrderContent)[] };

const COMPARED = ['customerId', 'amount'] as const satisfies readonly (keyof OrderContent)[];

export const decideDuplicate = (sent: OrderContent, stored: Order): Duplicate => {
  const fields = COMPARED.filter((field) => sent[field] !== stored[field]);
  if (fields.length > 0) return { kind: 'conflicting', fields };
  return { kind: stored.status === 'PENDING' ? 'pending' : 'processed' };
};
