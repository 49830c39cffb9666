import assert from 'node:assert/strict';
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, beforeEach, describe, it } from 'node:test';
import { gunzipSync, gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { create } from 'tar';
import type { Release } from '../../core/release/release.ts';
import { writeSampleRelease } from '../../testing/sample-release.ts';
import { hashDirectory } from '../release/hash-directory.ts';
import { readRelease, verifyRelease } from '../release/release-directory.ts';
import { packRelease, UnsafeArchiveError, unpackRelease } from './archive.ts';

let root = '';
let release: Release;
let target = '';
before(async () => {
  root = await mkdtemp(join(tmpdir(), 'gitops-archive-'));
  release = await writeSampleRelease(join(root, 'made'));
});
after(() => rm(root, { recursive: true, force: true }));
beforeEach(async () => {
  target = await mkdtemp(join(root, 'unpacked-'));
});

/** A tar of whatever lies in a new folder, made without our care. */
async function foreignArchive(prepare: (folder: string) => Promise<void>, paths: string[]): Promise<Buffer> {
  const folder = await mkdtemp(join(root, 'foreign-'));
  await prepare(folder);
  const file = join(folder, 'archive.tgz');
  await create({ cwd: folder, file, gzip: true, preservePaths: true }, paths);
  return await readFile(file);
}

describe('an archive', () => {
  it('brings back the release, with every file it lists and nothing else', async () => {
    await unpackRelease(await packRelease(join(root, 'made'), release), target);
    assert.deepEqual(await readRelease(target), release);
    await verifyRelease(target, release);
    const names = (await readdir(target, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile());
    assert.deepEqual(names.map(({ name }) => name).sort(), [
      'index.js',
      'manifest.json',
      'manifest.json',
      'package.lock',
      'release.json',
      'é x.json',
    ]);
  });

  it('has the same bytes whoever packs it, wherever and whenever', async () => {
    const again = join(root, 'made elsewhere');
    await writeSampleRelease(again);
    for (const { path } of await hashDirectory(again)) {
      await chmod(join(again, path), 0o755);
      await utimes(join(again, path), 1, 1);
    }
    assert.ok((await packRelease(join(root, 'made'), release)).equals(await packRelease(again, release)));
  });

  it('can’t be made of a release that lacks a file', async () => {
    const lacking = { files: [...release.files, { path: 'dev/none.json', sha256: '' }] };
    await assert.rejects(packRelease(join(root, 'made'), lacking), { code: 'ENOENT' });
  });

  for (const [what, prepare, paths, why] of [
    ['a link', (folder) => symlink('/etc/passwd', join(folder, 'link')), ['link'], /SymbolicLink/],
    [
      'a path above the folder',
      async (folder) => {
        await mkdir(join(folder, 'in'));
        await writeFile(join(folder, 'evil'), 'x');
      },
      ['in/../evil'],
      /outside its folder/,
    ],
  ] as [string, (folder: string) => Promise<void>, string[], RegExp][]) {
    it(`with ${what} is refused`, async () => {
      const archive = await foreignArchive(prepare, paths);
      await assert.rejects(
        unpackRelease(archive, target),
        (error) => error instanceof UnsafeArchiveError && why.test(error.message),
      );
      assert.deepEqual(await readdir(target), []);
    });
  }

  it('with an absolute path is refused', async () => {
    const outside = join(root, 'outside');
    const archive = await foreignArchive(() => writeFile(outside, 'before'), [outside]);
    await writeFile(outside, 'after');
    await assert.rejects(unpackRelease(archive, target), UnsafeArchiveError);
    assert.equal(await readFile(outside, 'utf8'), 'after');
  });

  it('that is cut, damaged, empty or no archive is refused', async () => {
    const good = await packRelease(join(root, 'made'), release);
    const damaged = Buffer.from(gunzipSync(good));
    damaged.write('garbage!', 10);
    for (const bad of [
      good.subarray(0, good.length - 40),
      gzipSync(damaged),
      Buffer.from('no archive'),
      Buffer.alloc(0),
      gzipSync(Buffer.alloc(1024)),
    ]) {
      await assert.rejects(unpackRelease(bad, target));
    }
    assert.deepEqual(await readdir(target), []);
  });

  it('damaged or cut anywhere gives an end: the whole release, or an error', async () => {
    const good = await packRelease(join(root, 'made'), release);
    const plain = gunzipSync(good);
    let refused = 0;
    const damage = fc.record({
      packed: fc.boolean(),
      at: fc.double({ min: 0, max: 1, noNaN: true }),
      cut: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(damage, async ({ packed, at, cut }) => {
        const bytes = Buffer.from(packed ? good : plain);
        const place = Math.min(bytes.length - 1, Math.floor(at * bytes.length));
        bytes.writeUInt8((bytes[place] ?? 0) ^ 0x55, place);
        const damaged = cut ? bytes.subarray(0, place) : bytes;
        const into = await mkdtemp(join(root, 'damaged-'));
        await unpackRelease(packed ? damaged : gzipSync(damaged), into).then(
          () => {},
          () => {
            refused += 1;
          },
        );
      }),
      { numRuns: 150 },
    );
    assert.ok(refused > 50, `only ${refused} were refused`);
  });
});
