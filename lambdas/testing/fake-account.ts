/**
 * Table, queue and bucket in memory, shared by any number of connections. Each operation is one atomic step, with a
 * hook before it (where a call is refused, or waits its turn) and one after it (where an answer gets lost).
 */
import type { SQSRecord } from 'aws-lambda';
import type { OrderQueue } from '../order-intake/order-queue.ts';
import type { TradeStore } from '../order-processing/trade-store.ts';
import { CORRELATION_ATTRIBUTE } from '../shared/correlation.ts';
import type { Order } from '../shared/order.ts';
import type { OrderTable } from '../shared/order-table.ts';
import { sqsRecord } from './events.ts';

export type Operation = 'putIfNew' | 'get' | 'markProcessed' | 'send' | 'writeOnce';

export interface Hooks {
  /** Throws: the operation was refused, nothing is done. */
  readonly before?: (operation: Operation) => Promise<void> | void;
  /** Throws: the operation is done, its answer is lost. */
  readonly after?: (operation: Operation) => Promise<void> | void;
}

export interface Connection {
  readonly orders: OrderTable;
  readonly queue: OrderQueue;
  readonly trades: TradeStore;
}

export interface FakeAccount {
  connect(hooks?: Hooks): Connection;
  readonly orders: ReadonlyMap<string, Order>;
  readonly trades: ReadonlyMap<string, string>;
  /** The messages in the queue, oldest first, as Lambda gets them. */
  readonly messages: readonly SQSRecord[];
  /** As the event source mapping does with a message that is done. */
  deleteMessage(messageId: string): void;
  putMessage(message: SQSRecord): void;
  removeOrder(orderId: string): void;
}

export const makeFakeAccount = (): FakeAccount => {
  const orders = new Map<string, Order>();
  const trades = new Map<string, string>();
  const messages: SQSRecord[] = [];
  let sent = 0;

  const connect = ({ before, after }: Hooks = {}): Connection => {
    const step = async <Answer>(operation: Operation, effect: () => Answer): Promise<Answer> => {
      await before?.(operation);
      const answer = effect();
      await after?.(operation);
      return answer;
    };
    return {
      orders: {
        putIfNew: (order) =>
          step('putIfNew', () => {
            const existing = orders.get(order.orderId);
            if (existing) return { stored: false, existing };
            orders.set(order.orderId, order);
            return { stored: true };
          }),
        get: (orderId) => step('get', () => orders.get(orderId)),
        markProcessed: (orderId, processed) =>
          step('markProcessed', () => {
            const existing = orders.get(orderId);
            if (existing?.status !== 'PENDING') return { updated: false, existing };
            orders.set(orderId, { ...existing, ...processed, status: 'PROCESSED' });
            return { updated: true };
          }),
      },
      queue: {
        send: (orderId, correlationId) =>
          step('send', () => {
            sent += 1;
            const messageAttributes = { [CORRELATION_ATTRIBUTE]: { dataType: 'String', stringValue: correlationId } };
            messages.push(
              sqsRecord({ messageId: `message-${sent}`, body: JSON.stringify({ orderId }), messageAttributes }),
            );
          }),
      },
      trades: {
        writeOnce: ({ key, content }) =>
          step('writeOnce', () => {
            if (trades.has(key)) return 'already-there';
            trades.set(key, content);
            return 'written';
          }),
      },
    };
  };

  return {
    connect,
    orders,
    trades,
    messages,
    deleteMessage: (messageId) => {
      const index = messages.findIndex((message) => message.messageId === messageId);
      if (index >= 0) messages.splice(index, 1);
    },
    putMessage: (message) => void messages.push(message),
    removeOrder: (orderId) => void orders.delete(orderId),
  };
};
