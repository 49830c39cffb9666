/**
 * Listens to the toolkit's messages and keeps, per stack, what a result needs: created or updated, changed at all, and
 * the events that say why it failed. Runs in the toolkit's thread.
 *
 * Messages carry no stack name of their own in most cases. Each stack is worked on within its own asynchronous
 * context, and the message is its.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import type { IIoHost, IoMessage, IoRequest, StackActivity, StackMonitoringControlEvent } from '@aws-cdk/toolkit-lib';
import type { DeployedStatus } from '../../core/deployment/stack-result.ts';
import { firstCause, renderCause, type StackEventFacts } from '../../core/stacks/failure-cause.ts';
import { plainText } from '../reporter/text.ts';
import type { StackEvent } from './protocol.ts';

/** Codes of https://docs.aws.amazon.com/cdk/api/toolkit-lib/message-registry/ */
const MONITORING_STARTED = 'CDK_TOOLKIT_I5501';
const ACTIVITY = 'CDK_TOOLKIT_I5502';
const DEPLOYED = 'CDK_TOOLKIT_I5900';

class Watched {
  readonly name: string;
  isUpdate = false;
  isUnchanged = false;
  /** The last message of level error: the only place where some failures say why. */
  lastError: string | undefined;
  /** Oldest first, as the toolkit reports them. */
  readonly events: StackEventFacts[] = [];

  constructor(name: string) {
    this.name = name;
  }

  get deployed(): DeployedStatus {
    if (this.isUnchanged) return 'unchanged';
    return this.isUpdate ? 'updated' : 'created';
  }

  /** CloudFormation's reason, as `LogicalId (Type) CREATE_FAILED: words`; undefined when no resource failed. */
  get cause(): string | undefined {
    const cause = firstCause([...this.events].reverse());
    return cause && renderCause(cause);
  }
}

export type { Watched };

export class StackWatch implements IIoHost {
  readonly #current = new AsyncLocalStorage<Watched>();
  readonly #emit: (event: StackEvent) => void;

  constructor(emit: (event: StackEvent) => void) {
    this.#emit = emit;
  }

  /** Runs `work` on a stack; every message it causes is counted to it. */
  async during<T>(stack: string, work: (watched: Watched) => Promise<T>): Promise<T> {
    const watched = new Watched(stack);
    return await this.#current.run(watched, () => work(watched));
  }

  async notify(message: IoMessage<unknown>): Promise<void> {
    const watched = this.#current.getStore();
    if (watched === undefined) return;
    this.#note(watched, message);
    const text = plainText(message.message).trim();
    if (message.level === 'error') watched.lastError = text;
    if (message.level === 'warn') this.#emit({ kind: 'warning', text: `${watched.name}: ${text}` });
  }

  /** Nobody is asked: what may be deployed was decided before. */
  async requestResponse<T>(message: IoRequest<unknown, T>): Promise<T> {
    return message.defaultResponse;
  }

  #note(watched: Watched, { code, data }: IoMessage<unknown>): void {
    if (code === MONITORING_STARTED) watched.isUpdate = (data as StackMonitoringControlEvent).isStackUpdate ?? false;
    if (code === ACTIVITY) this.#noteActivity(watched, data as StackActivity);
    if (code === DEPLOYED) watched.isUnchanged = (data as { readonly noOp: boolean }).noOp;
  }

  #noteActivity(watched: Watched, { event, progress }: StackActivity): void {
    watched.events.push({
      stackId: event.StackId ?? '',
      logicalId: event.LogicalResourceId ?? 'an unnamed resource',
      physicalId: event.PhysicalResourceId ?? '',
      type: event.ResourceType ?? 'unknown type',
      status: event.ResourceStatus ?? '',
      reason: event.ResourceStatusReason ?? '',
      at: event.Timestamp?.toISOString() ?? '',
    });
    const { completed, total } = progress;
    this.#emit({ kind: 'progress', stack: watched.name, completed, ...(total === undefined ? {} : { total }) });
  }
}
