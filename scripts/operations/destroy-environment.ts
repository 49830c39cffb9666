/**
 * Destroys an environment without losing data: nothing goes while a bucket holds anything; what writes orders goes
 * first, so that the table's backup, made then, misses none; and only then what holds the data goes.
 */
import type { EnvironmentConfig } from '../../environments/environment-config.ts';
import { COMPONENTS, stackName as nameOfStack } from '../../environments/naming.ts';
import type { AwsClients } from '../adapters/aws-clients.ts';
import { type DeletedStack, deleteStack } from '../adapters/cloudformation/delete-stack.ts';
import { describeEnvironmentStacks } from '../adapters/cloudformation/describe-stacks.ts';
import { listResources } from '../adapters/cloudformation/list-resources.ts';
import { readBucketContents } from '../adapters/destroy/bucket-contents.ts';
import {
  backUpTable,
  liftDeletionProtection,
  type Polling,
  type TableBackup,
} from '../adapters/destroy/table-backup.ts';
import type { Clock } from '../core/clock.ts';
import { BucketNotEmptyError, isEmpty, orderOfDestruction } from '../core/destroy/destruction.ts';
import type { Task } from '../core/progress.ts';

const DEFAULT_WAIT_MS = 60 * 60_000;
const DEFAULT_POLL_MS = 5_000;

export interface DestroyEnvironmentInput {
  readonly environment: Pick<EnvironmentConfig, 'name'>;
  /** Each stack and each backup becomes a child of it. */
  readonly task: Task;
  /** Address of an emulated account, for the commands we tell people to type. */
  readonly endpoint?: string;
  /** An hour when left out: a VPC with NAT gateways and functions in it takes its time. */
  readonly waitMs?: number;
  /** 5 s when left out. */
  readonly pollMs?: number;
  readonly signal?: AbortSignal;
  /** Called when nothing stands in the way any more and before anything is touched: for the ledger. */
  readonly onBegin?: () => Promise<void>;
}

export interface DestroyEnvironmentDependencies extends Pick<AwsClients, 'cloudformation' | 'dynamodb' | 's3'> {
  readonly clock: Clock;
}

export interface DestroyedEnvironment {
  readonly environment: string;
  /** True when no stack is left. */
  readonly ok: boolean;
  /** In the order they were taken up. Stacks after a failed wave are not among them. */
  readonly stacks: readonly DeletedStack[];
  /** What outlives the environment. */
  readonly backups: readonly TableBackup[];
  /** Names of stacks that are still there, whether tried or not. */
  readonly remaining: readonly string[];
}

/**
 * May be repeated after a failure: it goes on where it stopped.
 * @throws BucketNotEmptyError before anything that holds data is touched; BackupFailedError before the table is
 */
export async function destroyEnvironment(
  input: DestroyEnvironmentInput,
  deps: DestroyEnvironmentDependencies,
): Promise<DestroyedEnvironment> {
  const { name } = input.environment;
  const { waitMs = DEFAULT_WAIT_MS, pollMs = DEFAULT_POLL_MS, signal, task } = input;
  const timing = { clock: deps.clock, pollMs, deadline: deps.clock.now() + waitMs, signal };
  const deleteWave = (wave: readonly string[]): Promise<DeletedStack[]> =>
    Promise.all(
      wave.map((stack) => deleteStack(stack, { ...timing, client: deps.cloudformation, task: task.child(stack) })),
    );

  // 1. What is there, and what of it holds data
  const present = await presentStacks(name, deps);
  const holdings = await findHoldings(present, deps, signal);

  // 2. Nothing goes while a bucket holds anything
  await refuseFullBuckets(input, holdings.buckets, deps);

  await input.onBegin?.();

  // 3. What writes goes first, one wave after the other
  const order = orderOfDestruction(name, present, holdings.stacks);
  const stacks: DeletedStack[] = [];
  for (const wave of order.writers) {
    stacks.push(...(await deleteWave(wave)));
    if (stacks.some(isLeft)) return report(name, stacks, [], deps);
  }

  // 4. No order can be missed from here on: look again whether the buckets took anything, and save the tables
  const held = await findHoldings(order.holders, deps, signal);
  await refuseFullBuckets(input, held.buckets, deps);
  const backups = await saveTables(held.tables, { ...timing, client: deps.dynamodb }, task);

  // 5. What held the data
  stacks.push(...(await deleteWave(order.holders)));
  return report(name, stacks, backups, deps);
}

const isLeft = ({ after }: DeletedStack): boolean => after !== 'ABSENT';

async function presentStacks(
  environment: string,
  { cloudformation }: DestroyEnvironmentDependencies,
): Promise<string[]> {
  const named = COMPONENTS.map((component) => nameOfStack(component, environment));
  const { expected, unexpected } = await describeEnvironmentStacks(cloudformation, { environment, expected: named });
  return [...expected, ...unexpected].filter(({ state }) => state !== 'ABSENT').map((stack) => stack.name);
}

interface Holdings {
  /** Names of the stacks that have one of the following. */
  readonly stacks: ReadonlySet<string>;
  readonly buckets: readonly string[];
  readonly tables: readonly string[];
}

async function findHoldings(
  stacks: readonly string[],
  { cloudformation }: DestroyEnvironmentDependencies,
  signal: AbortSignal | undefined,
): Promise<Holdings> {
  const listed = (await Promise.all(stacks.map((stack) => listResources(cloudformation, stack, signal)))).flat();
  const existing = listed.filter(({ physicalId, status }) => physicalId !== '' && status !== 'DELETE_COMPLETE');
  const buckets = existing.filter(({ type }) => type === 'AWS::S3::Bucket');
  const tables = existing.filter(({ type }) => /^AWS::DynamoDB::(Global)?Table$/.test(type));
  const ids = (resources: typeof existing): string[] => resources.map(({ physicalId }) => physicalId);
  return {
    stacks: new Set([...buckets, ...tables].map(({ stackName }) => stackName)),
    buckets: ids(buckets),
    tables: ids(tables),
  };
}

async function refuseFullBuckets(
  { environment, endpoint, signal }: DestroyEnvironmentInput,
  buckets: readonly string[],
  { s3 }: DestroyEnvironmentDependencies,
): Promise<void> {
  const contents = await Promise.all(buckets.map((bucket) => readBucketContents(s3, bucket, signal)));
  const full = contents.filter((each) => !isEmpty(each));
  if (full.length > 0) throw new BucketNotEmptyError(environment.name, full, endpoint);
}

/** Every table is saved before the first protection is lifted. */
async function saveTables(tables: readonly string[], polling: Polling, parent: Task): Promise<TableBackup[]> {
  const backups: TableBackup[] = [];
  for (const table of tables) {
    const task = parent.child(`backup of ${table}`);
    const backup = await backUpTable(polling, table);
    task.done(backup?.arn ?? 'no such table');
    if (backup !== null) backups.push(backup);
  }
  for (const table of tables) await liftDeletionProtection(polling, table);
  return backups;
}

async function report(
  environment: string,
  stacks: readonly DeletedStack[],
  backups: readonly TableBackup[],
  deps: DestroyEnvironmentDependencies,
): Promise<DestroyedEnvironment> {
  const remaining = await presentStacks(environment, deps);
  return { environment, ok: remaining.length === 0, stacks, backups, remaining };
}
