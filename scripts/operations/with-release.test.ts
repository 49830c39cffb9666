/** Where a command's release comes from, and that nobody can change it under way. */
import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { storeRelease } from '../adapters/release-store/store.ts';
import type { Reporter, Task } from '../core/progress.ts';
import { withEmulatedAccount } from '../testing/emulator.ts';
import { writeSampleRelease } from '../testing/sample-release.ts';
import type { ReleaseOnDisk } from './fetched-release.ts';
import { ReleaseNotFoundError, withRelease } from './with-release.ts';

const root = await mkdtemp(join(tmpdir(), 'with-release-'));
after(() => rm(root, { recursive: true, force: true }));
const account = await withEmulatedAccount({ after }, { account: '123456789012' });
const s3 = new S3Client({ ...account.client, forcePathStyle: true });
await s3.send(new CreateBucketCommand({ Bucket: 'releases' }));
const store = { s3, bucket: 'releases' };

const silent: Task = { update: () => {}, done: () => {}, fail: () => {}, child: () => silent };
const reporter: Reporter = { task: () => silent, info: () => {}, warn: () => {} };
let asked = 0;
const obtain = <T>(wanted: string | undefined, use: (release: ReleaseOnDisk) => Promise<T>): Promise<T> =>
  withRelease(
    { root, wanted, environments: [] },
    {
      makeRelease: async ({ folder }) => ({ release: await writeSampleRelease(folder, 'made'), notes: '' }),
      openStores: async () => {
        asked += 1;
        return [store];
      },
      reporter,
    },
    use,
  );
const codeOf = ({ folder }: ReleaseOnDisk) => readFile(join(folder, 'dev/asset.abc/index.js'), 'utf8');

describe('the release of a command', () => {
  it('is made of the working tree when none is named, and left in cdk.out', async () => {
    assert.equal(await obtain(undefined, codeOf), 'made');
    assert.equal(await readFile(join(root, 'cdk.out/dev/asset.abc/index.js'), 'utf8'), 'made');
  });

  it('is a private copy: what changes in the folder meanwhile reaches nobody; gone at the end', async () => {
    const folder = await obtain('cdk.out', async (release) => {
      await writeFile(join(root, 'cdk.out/dev/asset.abc/index.js'), 'changed');
      assert.equal(await codeOf(release), 'made');
      await assert.rejects(stat(join(release.folder, 'dev/.cache')), { code: 'ENOENT' });
      return release.folder;
    });
    await assert.rejects(stat(folder), { code: 'ENOENT' });
    await assert.rejects(obtain('cdk.out', codeOf), { code: 'RELEASE_MISMATCH' });
  });

  it('is cdk.out when the digits are its own, else what a store has; a folder before a name of digits', async () => {
    const made = await writeSampleRelease(join(root, 'cdk.out'), 'made');
    const stored = await writeSampleRelease(join(root, 'other'), 'stored');
    await storeRelease(store, stored, join(root, 'other'));
    assert.equal(await obtain(made.id.slice(0, 9), codeOf), 'made');
    assert.equal(asked, 0);
    assert.equal(await obtain(stored.id.slice(0, 9), codeOf), 'stored');
    await writeSampleRelease(join(root, stored.id.slice(0, 9)), 'a folder');
    assert.equal(await obtain(stored.id.slice(0, 9), codeOf), 'a folder');
  });

  it('that nobody has is refused, and so is a folder without one', async () => {
    await assert.rejects(obtain('0123456789ab', codeOf), ReleaseNotFoundError);
    await assert.rejects(obtain('nowhere', codeOf), { code: 'NO_RELEASE' });
  });
});
