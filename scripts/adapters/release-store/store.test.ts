import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { CreateBucketCommand, GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { RELEASE_STORE_PARAMETER } from '../../../environments/naming.ts';
import type { HistoryRecord } from '../../core/ledger/history.ts';
import type { Release } from '../../core/release/release.ts';
import { withEmulatedAccount } from '../../testing/emulator.ts';
import { apply, promoted } from '../../testing/ledger-samples.ts';
import { loseAnswer } from '../../testing/lost-answers.ts';
import { writeSampleRelease } from '../../testing/sample-release.ts';
import { systemClock } from '../system-clock.ts';
import { HistoryConflictError, HistoryCorruptError, openHistory } from './history.ts';
import {
  ArchiveCorruptError,
  archiveKey,
  fetchRelease,
  isReleaseStored,
  NoReleaseStoreError,
  openReleaseStore,
  ReleaseNotStoredError,
  type ReleaseStore,
  storeRelease,
} from './store.ts';

const bucket = 'gitops-releases-123456789012-us-east-1';
const account = await withEmulatedAccount({ after }, { account: '123456789012' });
const s3 = new S3Client({ ...account.client, forcePathStyle: true });
const ssm = new SSMClient(account.client);
let root = '';
let store: ReleaseStore;

before(async () => {
  root = await mkdtemp(join(tmpdir(), 'gitops-store-'));
});
after(() => rm(root, { recursive: true, force: true }));

const overwrite = (key: string, body: string | Uint8Array, metadata?: Record<string, string>) =>
  s3.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: body, Metadata: metadata }));

describe('the release store', () => {
  let release: Release;

  it('is made by an administrator: without it the error says how', async () => {
    await assert.rejects(openReleaseStore({ ssm, s3 }), (error) => {
      return error instanceof NoReleaseStoreError && /npm run bootstrap/.test(error.message);
    });
    await s3.send(new CreateBucketCommand({ Bucket: bucket }));
    await ssm.send(new PutParameterCommand({ Name: RELEASE_STORE_PARAMETER, Value: bucket, Type: 'String' }));
    store = await openReleaseStore({ ssm, s3 });
    assert.equal(store.bucket, bucket);
  });

  it('takes a release once, and gives it back as it was', async () => {
    release = await writeSampleRelease(join(root, 'made'));
    assert.equal(await isReleaseStored(store, release.id), false);
    assert.equal(await storeRelease(store, release, join(root, 'made')), 'stored');
    assert.equal(await isReleaseStored(store, release.id), true);
    assert.equal(await storeRelease(store, release, join(root, 'made')), 'already-there');
    assert.deepEqual(await fetchRelease(store, release.id, join(root, 'fetched')), release);
    assert.equal(await readFile(join(root, 'fetched/dev/asset.abc/index.js'), 'utf8'), 'exports.handler = 1;');
  });

  it('replaces what stands where the release goes, and leaves nothing beside it', async () => {
    await writeFile(join(root, 'fetched/dev/added.json'), '{}');
    await fetchRelease(store, release.id, join(root, 'fetched'));
    assert.ok(!(await readdir(join(root, 'fetched/dev'))).includes('added.json'));
    assert.deepEqual(
      (await readdir(root)).filter((name) => name.startsWith('.')),
      [],
    );
  });

  it('knows its own archive after a lost answer, and never overwrites one', async () => {
    const other = await writeSampleRelease(join(root, 'other'), 'exports.handler = 2;');
    loseAnswer(s3, 'PutObjectCommand');
    assert.equal(await storeRelease(store, other, join(root, 'other')), 'already-there');
    assert.deepEqual(await fetchRelease(store, other.id, join(root, 'other fetched')), other);
  });

  it('says that it does not hold a release', async () => {
    await assert.rejects(fetchRelease(store, 'f'.repeat(64), join(root, 'none')), (error) => {
      return error instanceof ReleaseNotStoredError && /Release f{12} is not in the store/.test(error.message);
    });
  });

  it('refuses an archive that was changed, and touches nothing on disk', async () => {
    const object = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: archiveKey(release.id) }));
    const good = Buffer.from((await object.Body?.transformToByteArray()) ?? []);
    const bad = Buffer.from(good);
    bad.writeUInt8((bad[200] ?? 0) ^ 1, 200);
    const folder = join(root, 'fetched');
    for (const [body, metadata, why] of [
      [bad, object.Metadata, /its SHA-256 is/],
      [good, undefined, /recorded is none/],
      [good.subarray(0, 100), undefined, /its SHA-256 is/],
    ] as const) {
      await overwrite(archiveKey(release.id), body, metadata);
      await assert.rejects(fetchRelease(store, release.id, folder), (error) => {
        return (
          error instanceof ArchiveCorruptError &&
          why.test(error.message) &&
          error.message.includes('list-object-versions')
        );
      });
    }
    assert.equal(await readFile(join(folder, 'dev/asset.abc/index.js'), 'utf8'), 'exports.handler = 1;');
  });

  it('refuses another release under the id asked for', async () => {
    const id = 'e'.repeat(64);
    const object = await s3.send(
      new GetObjectCommand({
        Bucket: bucket,
        Key: archiveKey((await writeSampleRelease(join(root, 'o'), 'exports.handler = 2;')).id),
      }),
    );
    await overwrite(archiveKey(id), (await object.Body?.transformToByteArray()) ?? new Uint8Array(), object.Metadata);
    await assert.rejects(fetchRelease(store, id, join(root, 'wrong')), /corrupt: it holds release/);
  });
});

describe('the history', () => {
  const { records } = apply([...promoted(1), ...promoted(2)]);
  const [first, second] = records as [HistoryRecord, HistoryRecord];
  const history = (environment: string) => openHistory(store, environment, systemClock);

  it('keeps every record in order, each environment for itself', async () => {
    await history('prod-eu').append(first);
    for (const record of records.toReversed()) await history('prod').append(record);
    assert.deepEqual(await history('prod').list(), records);
    assert.deepEqual(await history('prod').list(2), records.slice(-2));
    assert.deepEqual(await history('prod-eu').list(), [first]);
    assert.deepEqual(await history('dev').list(), []);
  });

  it('takes the same record again after a lost answer, and no other under its key', async () => {
    await history('dev').append(first);
    await history('dev').append(first);
    loseAnswer(s3, 'PutObjectCommand');
    await history('dev').append(second);
    assert.deepEqual(await history('dev').list(), [first, second]);
    await assert.rejects(history('dev').append({ ...first, from: 'validated' }), HistoryConflictError);
    assert.deepEqual(await history('dev').list(), [first, second]);
  });

  it('lists over all pages', async () => {
    const body = JSON.stringify(first);
    const keys = Array.from({ length: 1_005 }, (_, index) => `history/many/${String(index).padStart(5, '0')}.json`);
    const queue = keys.values();
    await Promise.all(
      Array.from({ length: 16 }, async () => {
        for (const key of queue) await overwrite(key, body);
      }),
    );
    assert.equal((await history('many').list()).length, keys.length);
  });

  it('names a record that is none of ours', async () => {
    await overwrite('history/broken/20261123T120001000Z-00000001-validated.json', '{"by":"hand"}');
    await assert.rejects(history('broken').list(), (error) => {
      return error instanceof HistoryCorruptError && error.message.includes('00000001-validated.json');
    });
  });
});
