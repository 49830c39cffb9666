/** Saves a table before it goes: an on-demand backup, which outlives its table, and the table's deletion protection. */
import {
  type BackupDetails,
  CreateBackupCommand,
  DescribeBackupCommand,
  DescribeTableCommand,
  type DynamoDBClient,
  DynamoDBServiceException,
  type TableDescription,
  UpdateTableCommand,
} from '@aws-sdk/client-dynamodb';
import type { Clock } from '../../core/clock.ts';
import { BackupFailedError } from '../../core/destroy/destruction.ts';

export interface TableBackup {
  readonly table: string;
  readonly name: string;
  /** What `aws dynamodb restore-table-from-backup` takes. */
  readonly arn: string;
  readonly createdAt: string;
}

export interface Polling {
  readonly client: DynamoDBClient;
  readonly clock: Clock;
  readonly pollMs: number;
  /** Milliseconds since the epoch. */
  readonly deadline: number;
  readonly signal: AbortSignal | undefined;
}

/**
 * Backs the table up and waits until the backup can be restored from.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/BackupRestore.html
 * @returns null for a table that is not there
 * @throws BackupFailedError
 */
export async function backUpTable(polling: Polling, table: string): Promise<TableBackup | null> {
  const { client, clock, signal } = polling;
  const name = `${table}-destroyed-${new Date(clock.now()).toISOString().replaceAll(/[:.]/g, '-')}`;
  let details: BackupDetails | undefined;
  try {
    const answer = await client.send(new CreateBackupCommand({ TableName: table, BackupName: name }), {
      abortSignal: signal,
    });
    details = answer.BackupDetails;
  } catch (error) {
    if (isMissing(error)) return null;
    throw new BackupFailedError(table, error instanceof Error ? error.message : String(error), error);
  }
  const arn = details?.BackupArn;
  if (arn === undefined) throw new BackupFailedError(table, 'DynamoDB gave it no ARN');
  while (details?.BackupStatus === 'CREATING') {
    if (clock.now() >= polling.deadline) throw new BackupFailedError(table, `${arn} is still being made`);
    await clock.sleep(polling.pollMs, signal);
    const answer = await client.send(new DescribeBackupCommand({ BackupArn: arn }), { abortSignal: signal });
    details = answer.BackupDescription?.BackupDetails;
  }
  if (details?.BackupStatus !== 'AVAILABLE') {
    throw new BackupFailedError(table, `${arn} is ${details?.BackupStatus ?? 'gone'}`);
  }
  return { table, name, arn, createdAt: details.BackupCreationDateTime?.toISOString() ?? '' };
}

/** Lifts the table's deletion protection. Does nothing where there is none, and nothing where there is no table. */
export async function liftDeletionProtection(polling: Polling, table: string): Promise<boolean> {
  const { client, clock, signal, pollMs } = polling;
  const before = await describeTable(polling, table);
  if (before?.DeletionProtectionEnabled !== true) return false;
  await client.send(new UpdateTableCommand({ TableName: table, DeletionProtectionEnabled: false }), {
    abortSignal: signal,
  });
  for (;;) {
    const now = await describeTable(polling, table);
    if (now === undefined || (now.TableStatus === 'ACTIVE' && now.DeletionProtectionEnabled !== true)) return true;
    if (clock.now() >= polling.deadline) {
      throw new BackupFailedError(table, `it is ${now.TableStatus}, and its deletion protection can't be lifted`);
    }
    await clock.sleep(pollMs, signal);
  }
}

async function describeTable({ client, signal }: Polling, table: string): Promise<TableDescription | undefined> {
  try {
    return (await client.send(new DescribeTableCommand({ TableName: table }), { abortSignal: signal })).Table;
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

const isMissing = (error: unknown): boolean =>
  error instanceof DynamoDBServiceException && /^(TableNotFound|ResourceNotFound)Exception$/.test(error.name);
