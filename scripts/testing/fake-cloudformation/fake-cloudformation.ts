/**
 * A small CloudFormation that does as it is told: all 23 stack statuses, the service's refusals, its paging, its
 * faults, over real HTTP in its own protocol. No emulator knows half of that.
 *
 *     const fake = await FakeCloudFormation.start();
 *     fake.addStack({ name: 'trading-vpc-dev', status: 'UPDATE_ROLLBACK_FAILED' });
 *     fake.script('trading-vpc-dev', 'ContinueUpdateRollback', { polls: 2 });
 *     await prepare(fake.client());
 *     assert.deepEqual(fake.journal.mutations(), ['ContinueUpdateRollback trading-vpc-dev']);
 *     await fake.close();
 */
import type { Server } from 'node:http';
import { type Change, CloudFormationClient, type StackStatus } from '@aws-sdk/client-cloudformation';
import { ConfiguredRetryStrategy } from '@smithy/core/retry';
import { Faults } from './faults.ts';
import { Journal } from './journal.ts';
import {
  addEvent,
  advance,
  type EventFacts,
  enter,
  NATURAL_ENDS,
  resourcesOf,
  settle,
  wayThrough,
} from './movement.ts';
import { newStack } from './new-stack.ts';
import type { OperationName } from './operations.ts';
import type { Request } from './query-protocol.ts';
import { startServer } from './server.ts';
import {
  type FakeDetection,
  type FakeDrift,
  type FakeStack,
  type FakeTemplate,
  type Outcome,
  type Polls,
  World,
} from './world.ts';

export interface Settings {
  readonly account?: string;
  readonly region?: string;
  /** Items per page of every paged answer; 100 as in most of the service. */
  readonly pageSize?: number;
}

/** A stack as a test finds it. */
export interface PlacedStack {
  readonly name: string;
  readonly status: StackStatus;
  readonly reason?: string;
  readonly template?: FakeTemplate;
  readonly parameters?: Readonly<Record<string, string>>;
  readonly tags?: Readonly<Record<string, string>>;
  readonly outputs?: Readonly<Record<string, string>>;
  readonly terminationProtection?: boolean;
  /** For a stack that moves: the statuses still to come. The natural way on when left out. */
  readonly then?: readonly StackStatus[];
  /** How long each of its statuses lasts; 1 when left out. */
  readonly polls?: Polls;
  /** What each resource has drifted, by logical id. */
  readonly drift?: Readonly<Record<string, FakeDrift>>;
  /** How the next drift detections go. */
  readonly detections?: readonly FakeDetection[];
  /** Names of change sets it has, all made and ready. */
  readonly changeSets?: readonly string[];
}

export class FakeCloudFormation {
  readonly endpoint: string;
  readonly faults: Faults;
  readonly journal: Journal;
  private readonly server: Server;
  private readonly world: World;
  private readonly hooks: Map<OperationName, ((fake: FakeCloudFormation) => void)[]>;
  private readonly clients: CloudFormationClient[] = [];

  private constructor(
    parts: Pick<FakeCloudFormation, 'endpoint' | 'faults' | 'journal'>,
    inner: { server: Server; world: World },
  ) {
    this.endpoint = parts.endpoint;
    this.faults = parts.faults;
    this.journal = parts.journal;
    this.server = inner.server;
    this.world = inner.world;
    this.hooks = new Map();
  }

  static async start(settings: Settings = {}): Promise<FakeCloudFormation> {
    const { account = '123456789012', region = 'us-east-1', pageSize = 100 } = settings;
    const world = new World({ account, region, pageSize });
    const [faults, journal] = [new Faults(), new Journal()];
    // The server calls back into the fake, which needs the server's address to exist.
    const running: { fake?: FakeCloudFormation } = {};
    const beforeCall = (request: Request): void => running.fake?.runHooks(request.operation);
    const { server, endpoint } = await startServer({ world, faults, journal, beforeCall });
    running.fake = new FakeCloudFormation({ endpoint, faults, journal }, { server, world });
    return running.fake;
  }

  /** A client of the fake that retries like the CDK's, without waiting. */
  client(attempts = 7): CloudFormationClient {
    const client = new CloudFormationClient({
      endpoint: this.endpoint,
      region: this.world.region,
      credentials: { accessKeyId: this.world.account, secretAccessKey: 'fake' },
      retryStrategy: new ConfiguredRetryStrategy(attempts, 0),
    });
    this.clients.push(client);
    return client;
  }

  async close(): Promise<void> {
    for (const client of this.clients) client.destroy();
    this.server.closeAllConnections();
    await new Promise<void>((resolve, reject) => this.server.close((error) => (error ? reject(error) : resolve())));
  }

  addStack(placed: PlacedStack): FakeStack {
    const { world } = this;
    const stack = newStack(world, placed.name);
    const pairs = (record: Readonly<Record<string, string>> = {}): [string, string][] => Object.entries(record);
    stack.template = placed.template ?? { Resources: { Topic: { Type: 'AWS::SNS::Topic' } } };
    stack.body = JSON.stringify(stack.template);
    stack.parameters = pairs(placed.parameters).map(([ParameterKey, ParameterValue]) => ({
      ParameterKey,
      ParameterValue,
    }));
    stack.tags = pairs(placed.tags).map(([Key, Value]) => ({ Key, Value }));
    stack.outputs = pairs(placed.outputs).map(([OutputKey, OutputValue]) => ({ OutputKey, OutputValue }));
    stack.terminationProtection = placed.terminationProtection ?? false;
    stack.resources = resourcesOf(stack.template, stack);
    for (const resource of stack.resources) resource.drift = placed.drift?.[resource.logicalId];
    stack.detections.push(...(placed.detections ?? []));
    for (const name of placed.changeSets ?? []) stack.changeSets.push(readyChangeSet(world, stack, name));
    const polls = placed.polls ?? 1;
    enter(world, stack, { status: placed.status, reason: placed.reason, polls });
    stack.path = wayThrough(placed.then ?? NATURAL_ENDS[placed.status] ?? [], polls);
    world.stacks.push(stack);
    return stack;
  }

  /** @throws Error when there is none of that name: a mistake of the test */
  stack(name: string): FakeStack {
    const stack = this.world.find(name);
    if (stack === undefined) throw new Error(`The fake has no stack ${name}`);
    return stack;
  }

  /** Its status, or `ABSENT`. */
  status(name: string): StackStatus | 'ABSENT' {
    return this.world.find(name)?.status ?? 'ABSENT';
  }

  /** How the next call of an operation on a stack goes; several scripts are used in order. */
  script(name: string, operation: OperationName, ...outcomes: readonly Outcome[]): void {
    const { script } = this.stack(name);
    script.set(operation, [...(script.get(operation) ?? []), ...outcomes]);
  }

  /** The changes of a change set that is being made, in place of those read off the templates. */
  setChanges(name: string, changeSetName: string, changes: readonly Change[]): void {
    const changeSet = this.stack(name).changeSets.find((each) => each.name === changeSetName);
    if (changeSet === undefined) throw new Error(`The fake has no change set ${changeSetName} of ${name}`);
    changeSet.changes = [...changes];
  }

  /** Runs once, before the next call of an operation is carried out: somebody else was quicker. */
  beforeNext(operation: OperationName, hook: (fake: FakeCloudFormation) => void): void {
    this.hooks.set(operation, [...(this.hooks.get(operation) ?? []), hook]);
  }

  /** Puts a stack in another status, as another person's operation would; it stays there unless told the way on. */
  move(name: string, status: StackStatus, then: readonly StackStatus[] = [], polls: Polls = 1): void {
    const stack = this.stack(name);
    enter(this.world, stack, { status, polls });
    stack.path = wayThrough(then, polls);
  }

  /** One status on, for stacks that wait until told. */
  advance(name: string): void {
    advance(this.world, this.stack(name));
  }

  /** To the end of what the stack is doing. */
  settle(name: string): void {
    settle(this.world, this.stack(name));
  }

  /** An event of a resource, as a failed operation leaves it. */
  addEvent(name: string, event: EventFacts & { readonly type: string }): void {
    addEvent(this.world, this.stack(name), event);
  }

  private runHooks(operation: OperationName): void {
    const [hook, ...rest] = this.hooks.get(operation) ?? [];
    this.hooks.set(operation, rest);
    hook?.(this);
  }
}

function readyChangeSet(world: World, stack: FakeStack, name: string): FakeStack['changeSets'][number] {
  return {
    name,
    id: world.arn('changeSet', name),
    type: 'CREATE',
    body: stack.body,
    template: stack.template,
    parameters: [],
    tags: [],
    creationTime: world.now(),
    status: 'CREATE_COMPLETE',
    executionStatus: 'AVAILABLE',
    changes: [],
    pollsLeft: 0,
  };
}
