/**
 * A synthetic order through the real API: taken, processed, harmless when sent twice, refused when wrong, and removed.
 */
import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { SYNTHETIC_PREFIX } from '../../../environments/naming.ts';
import type { Check } from '../../core/check.ts';
import type { ApiAnswer, CallOrderApi } from '../order-api.ts';
import { SYNTHETIC_CUSTOMER, type SyntheticStore, tradeKey } from './synthetic-store.ts';

export interface SyntheticOrderOptions {
  readonly api: CallOrderApi;
  readonly store: SyntheticStore;
  /** `trading-api-dev`: what the checks are about. */
  readonly subject: string;
  /** Whether the API is to refuse calls without a signature. */
  readonly requiresSignature: boolean;
  /** Ends the waiting; what was made is removed all the same. */
  readonly signal?: AbortSignal;
  /** Milliseconds from the accepted order to PROCESSED. Default: 60 s; a cold function in a VPC takes a few. */
  readonly processedWithinMs?: number;
}

const PROCESSED_WITHIN_MS = 60_000;
const PAUSES_MS = { first: 100, longest: 2_000 };
/** Older synthetic orders belong to a run that was killed; younger ones may be another run's. */
const LEFT_OVER_AFTER_MS = 15 * 60_000;
/** The longest retention of a queue: no message of an order outlives it. */
const UNQUEUED_AFTER_MS = 14 * 24 * 3_600_000;

/**
 * Sends the order, looks at what becomes of it, and removes every trace, whatever happens in between. An order still pending
 * stays for a later run: its message would find nothing, end among the dead letters, and ring an alarm long after a rollback.
 */
export async function placeSyntheticOrder(options: SyntheticOrderOptions): Promise<Check[]> {
  const order = { orderId: `${SYNTHETIC_PREFIX}${randomUUID()}`, customerId: SYNTHETIC_CUSTOMER, amount: 0.01 };
  const run = new SyntheticRun(order, options);
  let checks: Check[] = [];
  try {
    checks = await run.observe();
  } finally {
    checks.push(await run.remove());
  }
  return checks;
}

interface Order {
  readonly orderId: string;
  readonly customerId: string;
  readonly amount: number;
}

class SyntheticRun {
  readonly #order: Order;
  readonly #options: SyntheticOrderOptions;
  /** Known from the answer to the order; now, until then: near enough for a record of the same day. */
  #createdAt = new Date().toISOString();

  constructor(order: Order, options: SyntheticOrderOptions) {
    this.#order = order;
    this.#options = options;
  }

  async observe(): Promise<Check[]> {
    const { orderId } = this.#order;
    const { requiresSignature } = this.#options;
    const [accepted, ...others] = await Promise.all([
      this.#expectStatus('synthetic.accepted', 202, () => this.#post(this.#order)),
      this.#expectStatus('synthetic.health', 200, () => this.#options.api({ method: 'GET', path: '/health' })),
      this.#refusesBadOrder(),
      ...(requiresSignature ? [this.#refusesUnsigned()] : []),
    ]);
    this.#options.signal?.throwIfAborted();
    const early = [accepted.check, ...others.map(({ check }) => check)];
    if (accepted.check.status !== 'pass') {
      const reason = 'not tried: the order was not accepted';
      return [...early, ...AFTER_ACCEPTANCE.map((id) => this.#check(id, 'unknown', null, null, reason))];
    }
    this.#createdAt = createdAtOf(accepted.answer) ?? this.#createdAt;
    const { check: processed, item } = await this.#awaitProcessed();
    if (item === undefined) {
      const reason = 'not tried: the order was not processed';
      return [...early, processed, ...AFTER_PROCESSING.map((id) => this.#check(id, 'unknown', null, null, reason))];
    }
    // Only now, as a pending order sent again is queued again, and its message would outlive the order.
    const [duplicate, conflict, readable] = await Promise.all([
      this.#expectStatus('synthetic.duplicate-accepted', 202, () => this.#post(this.#order)),
      this.#expectStatus('synthetic.conflict-refused', 409, () => this.#post({ ...this.#order, amount: 0.02 })),
      this.#expectStatus('synthetic.readable', 200, () =>
        this.#options.api({ method: 'GET', path: `/orders/${orderId}` }),
      ),
    ]);
    return [...early, processed, duplicate.check, conflict.check, readable.check, ...(await this.#leftOneOfEach(item))];
  }

  /** Removes the order once it is processed, and those that earlier runs left behind. */
  async remove(): Promise<Check> {
    const { store } = this.#options;
    const id = 'synthetic.removed';
    try {
      const old = await store.leftBefore(new Date(Date.now() - LEFT_OVER_AFTER_MS).toISOString());
      for (const { orderId, createdAt, status } of old) {
        const unqueued = Date.parse(createdAt) < Date.now() - UNQUEUED_AFTER_MS;
        if (status === 'PROCESSED' || unqueued) await store.remove(orderId, createdAt);
      }
      const queued = await this.#whyLeft();
      if (queued !== undefined)
        return this.#check(id, 'unknown', 'nothing left', 'left for a later validation', queued);
      await store.remove(this.#order.orderId, this.#createdAt);
      return this.#check(id, 'pass', 'nothing left', 'nothing left', '');
    } catch (error) {
      const detail = `Remove the item ${this.#order.orderId} and its trade record by hand: ${messageOf(error)}`;
      return this.#check(id, 'fail', 'nothing left', 'not removed', detail);
    }
  }

  /** Why the order can't be removed yet; undefined: it can. */
  async #whyLeft(): Promise<string | undefined> {
    const { orderId } = this.#order;
    try {
      const item = await this.#options.store.readItem(orderId);
      return item?.['status'] === 'PENDING' ? `${orderId} is still queued.` : undefined;
    } catch (error) {
      return `Whether ${orderId} is still queued can't be read: ${messageOf(error)}`;
    }
  }

  readonly #post = (body: Order): Promise<ApiAnswer> => this.#options.api({ method: 'POST', path: '/orders', body });

  async #expectStatus(
    id: string,
    expected: number,
    call: () => Promise<ApiAnswer>,
  ): Promise<{ check: Check; answer?: ApiAnswer }> {
    try {
      const answer = await call();
      const ok = answer.status === expected;
      const detail = ok
        ? ''
        : `Answered: ${JSON.stringify(answer.body).slice(0, 300)}. See the log of the order-intake function.`;
      return { check: this.#check(id, ok ? 'pass' : 'fail', expected, answer.status, detail), answer };
    } catch (error) {
      return { check: this.#check(id, 'fail', expected, 'no answer', `The API can’t be reached: ${messageOf(error)}`) };
    }
  }

  /** API Gateway's validator or the function itself: either has to say which field is wrong. */
  async #refusesBadOrder(): Promise<{ check: Check }> {
    const { amount: _missing, ...bad } = this.#order;
    const id = 'synthetic.invalid-refused';
    const request = { method: 'POST' as const, path: '/orders', body: { ...bad, orderId: `${bad.orderId}-bad` } };
    const { check, answer } = await this.#expectStatus(id, 400, () => this.#options.api(request));
    if (check.status !== 'pass' || JSON.stringify(answer?.body).includes('amount')) return { check };
    const detail = `The answer does not name the field "amount": ${JSON.stringify(answer?.body).slice(0, 300)}`;
    return { check: this.#check(id, 'fail', '400, naming the field', '400, not naming it', detail) };
  }

  async #refusesUnsigned(): Promise<{ check: Check }> {
    const request = { method: 'GET' as const, path: '/health', signed: false };
    return this.#expectStatus('synthetic.unsigned-refused', 403, () => this.#options.api(request));
  }

  async #awaitProcessed(): Promise<{ check: Check; item?: Readonly<Record<string, string>> }> {
    const { store, signal, processedWithinMs = PROCESSED_WITHIN_MS } = this.#options;
    const id = 'synthetic.processed';
    const deadline = Date.now() + processedWithinMs;
    try {
      for (let pause = PAUSES_MS.first; ; pause = Math.min(pause * 2, PAUSES_MS.longest)) {
        const item = await store.readItem(this.#order.orderId);
        signal?.throwIfAborted();
        if (item?.['status'] === 'PROCESSED')
          return { check: this.#check(id, 'pass', 'PROCESSED', 'PROCESSED', ''), item };
        if (Date.now() + pause > deadline) {
          const detail = `Not within ${processedWithinMs / 1000} s. See the log of the order-processing function and the order queue.`;
          return { check: this.#check(id, 'fail', 'PROCESSED', item?.['status'] ?? 'not stored', detail) };
        }
        await delay(pause, undefined, signal && { signal });
      }
    } catch (error) {
      signal?.throwIfAborted();
      return { check: this.#check(id, 'unknown', 'PROCESSED', null, messageOf(error)) };
    }
  }

  /** One item, unchanged by the duplicate, and one record, written once. */
  async #leftOneOfEach(before: Readonly<Record<string, string>>): Promise<Check[]> {
    const { store } = this.#options;
    const { orderId, customerId, amount } = this.#order;
    const key = tradeKey(orderId, this.#createdAt);
    try {
      const [item, record] = await Promise.all([store.readItem(orderId), store.readRecord(key)]);
      const unchanged = JSON.stringify(item) === JSON.stringify(before);
      const content = parseObject(record?.content);
      const right =
        content?.['orderId'] === orderId && content['customerId'] === customerId && content['amount'] === amount;
      return [
        this.#check(
          'synthetic.trade-record',
          right ? 'pass' : 'fail',
          `${key} with the order`,
          record === undefined ? 'missing' : right ? `${key} with the order` : record.content.slice(0, 300),
          right ? '' : 'The trade record is not what was ordered. See the log of the order-processing function.',
        ),
        this.#check(
          'synthetic.duplicate-harmless',
          unchanged && record?.versions === 1 ? 'pass' : 'fail',
          { item: 'unchanged', versions: 1 },
          { item: unchanged ? 'unchanged' : 'changed', versions: record?.versions ?? 0 },
          unchanged && record?.versions === 1 ? '' : 'An order sent twice was stored or traded twice.',
        ),
      ];
    } catch (error) {
      return ['synthetic.trade-record', 'synthetic.duplicate-harmless'].map((id) =>
        this.#check(id, 'unknown', null, null, messageOf(error)),
      );
    }
  }

  #check(id: string, status: Check['status'], expected: unknown, actual: unknown, detail: string): Check {
    return { id, subject: this.#options.subject, status, expected, actual, detail };
  }
}

const AFTER_PROCESSING = [
  'synthetic.duplicate-accepted',
  'synthetic.conflict-refused',
  'synthetic.readable',
  'synthetic.trade-record',
  'synthetic.duplicate-harmless',
];
const AFTER_ACCEPTANCE = ['synthetic.processed', ...AFTER_PROCESSING];

function createdAtOf(answer: ApiAnswer | undefined): string | undefined {
  const { createdAt } = (answer?.body ?? {}) as { createdAt?: unknown };
  return typeof createdAt === 'string' && !Number.isNaN(Date.parse(createdAt)) ? createdAt : undefined;
}

function parseObject(json: string | undefined): Readonly<Record<string, unknown>> | undefined {
  try {
    return JSON.parse(json ?? '') as Record<string, unknown>;
  } catch {
    return undefined;
  }
}

function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  // fetch says "fetch failed" and keeps the reason in its cause.
  return error.cause instanceof Error ? `${error.message}: ${error.cause.message}` : error.message;
}
