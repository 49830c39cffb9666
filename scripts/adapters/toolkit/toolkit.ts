/**
 * The CDK toolkit for one target: a thread with the target's own environment variables, started when first used and
 * kept for later calls. Deploys and bootstraps; reports onto a Task.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { StackResult } from '../../core/deployment/stack-result.ts';
import { EXIT, GitOpsError } from '../../core/errors.ts';
import type { Task } from '../../core/progress.ts';
import type { Destination } from '../aws-clients.ts';
import { readVariables, type Variables } from '../variables.ts';
import type { Answer, Envelope, Request, StackEvent, ThreadSettings } from './protocol.ts';
import { showOn } from './show-progress.ts';

/** As CDK's own default: more calls would only meet CloudFormation's rate limits. */
const POLL_MS = 2_000;
/** An emulated account answers at once and counts no calls. */
const EMULATOR_POLL_MS = 100;
/** All stacks of an environment that don't wait for each other. */
const CONCURRENCY = 8;
/** What CDK gives CloudFormation's role by default. */
const ADMINISTRATOR = 'arn:aws:iam::aws:policy/AdministratorAccess';

/** Thrown when the toolkit could not begin: an assembly it can't read, no credentials, its thread died. */
export class ToolkitRefusedError extends GitOpsError {
  constructor(message: string, cause?: unknown) {
    super(message, { code: 'TOOLKIT_REFUSED', source: 'internal', exitCode: EXIT.failed, cause });
  }
}

export interface ToolkitOptions {
  /** Where progress goes: one child per stack. */
  readonly task: Task;
  /** Takes what the toolkit warns of. */
  readonly warn: (text: string) => void;
  /** Ends the thread when aborted. What CloudFormation has begun it finishes by itself. */
  readonly signal?: AbortSignal;
  /** For `deploy`: names of existing stacks that CloudFormation brings back to their template, changed or not. */
  readonly revertDrift?: readonly string[];
}

export interface BootstrapOptions extends Omit<ToolkitOptions, 'revertDrift'> {
  /** ARNs of the policies CloudFormation works with. Left out: those of the earlier bootstrap. */
  readonly executionPolicies?: readonly string[];
}

interface Waiting {
  readonly onEvent: (event: StackEvent) => void;
  readonly resolve: (results: readonly StackResult[]) => void;
  readonly reject: (error: unknown) => void;
}

export class CdkToolkit {
  readonly #destination: Destination;
  readonly #waiting = new Map<number, Waiting>();
  #thread: Promise<Worker> | undefined;
  #home: string | undefined;
  #last = 0;

  constructor(destination: Destination) {
    this.#destination = destination;
  }

  /**
   * Deploys every stack of a cloud assembly. What the toolkit writes beside it stays there: give it a copy.
   * @returns one result per stack; failures are results
   * @throws ToolkitRefusedError
   */
  deploy(assembly: string, options: ToolkitOptions): Promise<readonly StackResult[]> {
    return this.#ask({ action: 'deploy', assembly, revertDrift: options.revertDrift ?? [] }, options);
  }

  /**
   * `cdk bootstrap` of the target's account and region, with the settings of an earlier one but for what is given. An
   * emulated account enforces no policy: by default it gets CDK's own by name, of which CDK warns where it is left out.
   * @throws ToolkitRefusedError
   */
  async bootstrap({ executionPolicies, ...options }: BootstrapOptions): Promise<StackResult> {
    const { account, region, emulator } = this.#destination;
    const policies = executionPolicies ?? (emulator ? [ADMINISTRATOR] : []);
    const [result] = await this.#ask({ action: 'bootstrap', account, region, executionPolicies: policies }, options);
    if (result === undefined) throw new ToolkitRefusedError('bootstrap gave no result');
    return result;
  }

  /** Starts the thread ahead of its first use: loading the toolkit takes most of a second. */
  warmUp(): void {
    // A failure is reported by the call that needs the thread.
    this.#start().catch(() => {});
  }

  /** Ends the thread. Calls that wait are rejected. Safe to call twice. */
  async close(): Promise<void> {
    const thread = await this.#thread?.catch(() => undefined);
    this.#thread = undefined;
    await thread?.terminate();
    if (this.#home !== undefined) await rm(this.#home, { recursive: true, force: true });
    this.#home = undefined;
  }

  async #ask(request: Request, { task, warn, signal }: ToolkitOptions): Promise<readonly StackResult[]> {
    signal?.throwIfAborted();
    const thread = await this.#start();
    this.#last += 1;
    const id = this.#last;
    const onAbort = (): void => void this.close();
    signal?.addEventListener('abort', onAbort, { once: true });
    thread.ref();
    try {
      return await new Promise<readonly StackResult[]>((resolve, reject) => {
        this.#waiting.set(id, { onEvent: showOn(task, warn), resolve, reject });
        thread.postMessage({ id, content: request } satisfies Envelope<Request>);
      });
    } catch (error) {
      signal?.throwIfAborted();
      throw error;
    } finally {
      this.#waiting.delete(id);
      if (this.#waiting.size === 0) thread.unref();
      signal?.removeEventListener('abort', onAbort);
    }
  }

  #start(): Promise<Worker> {
    this.#thread ??= this.#startThread();
    return this.#thread;
  }

  async #startThread(): Promise<Worker> {
    const { emulator, region } = this.#destination;
    if (emulator) this.#home ??= await mkdtemp(join(tmpdir(), 'gitops-cdk-home-'));
    const settings: ThreadSettings = {
      region,
      pollMs: emulator ? EMULATOR_POLL_MS : POLL_MS,
      concurrency: CONCURRENCY,
    };
    const thread = new Worker(new URL('./thread.mjs', import.meta.url), {
      env: threadVariables(this.#destination, this.#home),
      workerData: settings,
      stdout: true,
    });
    // What the toolkit's packages print is no result of ours.
    thread.stdout.pipe(process.stderr, { end: false });
    thread.on('message', ({ id, content }: Envelope<Answer>) => this.#onAnswer(id, content));
    thread.on('error', (error) =>
      this.#failAll(new ToolkitRefusedError(`The toolkit's thread died: ${error.message}`, error)),
    );
    thread.on('exit', () => {
      this.#thread = undefined;
      this.#failAll(new ToolkitRefusedError("The toolkit's thread was ended."));
    });
    thread.unref();
    return thread;
  }

  #onAnswer(id: number, answer: Answer): void {
    const waiting = this.#waiting.get(id);
    if (answer.kind === 'event') waiting?.onEvent(answer.event);
    if (answer.kind === 'done') waiting?.resolve(answer.results);
    if (answer.kind === 'refused') waiting?.reject(new ToolkitRefusedError(answer.message));
  }

  #failAll(error: Error): void {
    for (const { reject } of this.#waiting.values()) reject(error);
    this.#waiting.clear();
  }
}

/** Variables by which the SDK would find other credentials, or another endpoint, than the emulated account's. */
const FOREIGN = /^(AWS_(?!SDK_JS_)|HTTPS?_PROXY$|https?_proxy$|CDK_)/;

/**
 * The thread's variables. For an emulated account: its endpoint and credentials and nothing else of AWS, and a home of
 * its own for the toolkit's caches, which would mix accounts up. For AWS: those of the process.
 */
export function threadVariables(
  { emulator, region }: Destination,
  home: string | undefined,
  variables: Variables = readVariables(),
): Record<string, string> {
  const own = Object.entries(variables).filter((entry): entry is [string, string] => entry[1] !== undefined);
  if (emulator === undefined) return Object.fromEntries(own);
  return {
    ...Object.fromEntries(own.filter(([name]) => !FOREIGN.test(name))),
    ...(home === undefined ? {} : { CDK_HOME: home }),
    AWS_ENDPOINT_URL: emulator.endpoint,
    AWS_ACCESS_KEY_ID: emulator.credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: emulator.credentials.secretAccessKey,
    ...(emulator.credentials.sessionToken && { AWS_SESSION_TOKEN: emulator.credentials.sessionToken }),
    AWS_REGION: region,
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_CONFIG_FILE: '/dev/null',
    AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
  };
}
