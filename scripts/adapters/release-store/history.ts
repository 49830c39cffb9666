/**
 * The history of an environment in the release store: `history/<environment>/<key>.json`, one object for each event,
 * written once and never again.
 */
import { GetObjectCommand, PutObjectCommand, paginateListObjectsV2 } from '@aws-sdk/client-s3';
import type { Clock } from '../../core/clock.ts';
import { EXIT, GitOpsError } from '../../core/errors.ts';
import { type HistoryRecord, historyKey, historyRecordSchema } from '../../core/ledger/history.ts';
import { isAlreadyThere, isContended } from './conditional-write.ts';
import type { ReleaseStore } from './store.ts';

/** Objects read at once. */
const AT_ONCE = 16;
const CONTENDED_ATTEMPTS = 5;

/** Thrown when another record has the key already: two wrote the same event at the same millisecond. Exit 1. */
export class HistoryConflictError extends GitOpsError {
  constructor(key: string, bucket: string) {
    super(`The history already has another record s3://${bucket}/${key}. Nothing was recorded; try again.`, {
      code: 'HISTORY_CONFLICT',
      source: 'user',
      exitCode: EXIT.failed,
    });
  }
}

/** Thrown when a record is not one of ours. Exit 1. */
export class HistoryCorruptError extends GitOpsError {
  constructor(key: string, bucket: string, cause: unknown) {
    super(
      `s3://${bucket}/${key} is no record of this product: ${cause instanceof Error ? cause.message : String(cause)}. The store ` +
        `is versioned: aws s3api list-object-versions --bucket ${bucket} --prefix ${key}`,
      { code: 'HISTORY_CORRUPT', source: 'user', exitCode: EXIT.failed, cause },
    );
  }
}

/** Where events are recorded, oldest to newest, and nothing is ever changed. */
export interface History {
  /** Done when it returns. Recording the same again is no error. @throws HistoryConflictError */
  append(record: HistoryRecord): Promise<void>;
  /** Oldest first. @param newest only so many of the newest; all if left out. @throws HistoryCorruptError */
  list(newest?: number): Promise<HistoryRecord[]>;
}

export function openHistory(store: ReleaseStore, environment: string, clock: Clock): History {
  const prefix = `history/${environment}/`;
  return {
    append: (record) => append(store, `${prefix}${historyKey(record)}.json`, record, clock),
    async list(newest) {
      const keys = await listKeys(store, prefix);
      // Keys sort by time, so the newest are the last; S3 lists in the order of UTF-8 bytes.
      return await readAll(store, newest === undefined ? keys : keys.slice(-newest || keys.length));
    },
  };
}

async function append({ s3, bucket }: ReleaseStore, key: string, record: HistoryRecord, clock: Clock): Promise<void> {
  const body = `${JSON.stringify(record, null, 2)}\n`;
  for (let attempt = 1; ; attempt += 1) {
    try {
      const object = { Bucket: bucket, Key: key, Body: body, ContentType: 'application/json', IfNoneMatch: '*' };
      await s3.send(new PutObjectCommand(object));
      return;
    } catch (error) {
      if (isAlreadyThere(error)) {
        // Our own first try, whose answer was lost, wrote the same bytes.
        if ((await readText({ s3, bucket }, key)) === body) return;
        throw new HistoryConflictError(key, bucket);
      }
      if (!isContended(error) || attempt === CONTENDED_ATTEMPTS) throw error;
      await clock.sleep(100 * attempt * (0.5 + clock.random()));
    }
  }
}

async function listKeys({ s3, bucket }: ReleaseStore, prefix: string): Promise<string[]> {
  const keys: string[] = [];
  for await (const { Contents = [] } of paginateListObjectsV2({ client: s3 }, { Bucket: bucket, Prefix: prefix })) {
    keys.push(...Contents.flatMap(({ Key }) => (Key?.endsWith('.json') ? [Key] : [])));
  }
  return keys.sort();
}

async function readAll(store: ReleaseStore, keys: readonly string[]): Promise<HistoryRecord[]> {
  const records = new Map<string, HistoryRecord>();
  const queue = keys.values();
  const worker = async (): Promise<void> => {
    for (const key of queue) records.set(key, parse(await readText(store, key), key, store.bucket));
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return keys.flatMap((key) => records.get(key) ?? []);
}

function parse(text: string, key: string, bucket: string): HistoryRecord {
  try {
    return historyRecordSchema.parse(JSON.parse(text));
  } catch (error) {
    throw new HistoryCorruptError(key, bucket, error);
  }
}

async function readText({ s3, bucket }: ReleaseStore, key: string): Promise<string> {
  const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
  return (await Body?.transformToString()) ?? '';
}
