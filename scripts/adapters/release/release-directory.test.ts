/** A release on disk: reading, verifying, and the messages about what does not fit. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { describeRelease, type Release, ReleaseUnreadableError } from '../../core/release/release.ts';
import { describeCommit } from './git.ts';
import { hashDirectory, NotARegularFileError } from './hash-directory.ts';
import { NoReleaseError, ReleaseMismatchError, readRelease, verifyRelease, writeRelease } from './release-directory.ts';
import { readToolchain } from './toolchain.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gitops-release-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function put(path: string, content: string): Promise<void> {
  await mkdir(dirname(join(folder, path)), { recursive: true });
  await writeFile(join(folder, path), content);
}

async function makeRelease(): Promise<Release> {
  await put('dev/manifest.json', '{"dev":1}');
  await put('dev/asset.1/index.js', 'code');
  await put('prod/manifest.json', '{"prod":1}');
  const place = { account: '1'.repeat(12), region: 'us-east-1', stage: 'development', stacks: ['a'] } as const;
  const release = describeRelease({
    commit: 'unknown',
    committedAt: null,
    dirty: true,
    createdAt: new Date(0),
    environments: [
      { name: 'dev', ...place },
      { name: 'prod', ...place },
    ],
    toolchain: {},
    files: await hashDirectory(folder),
  });
  await writeRelease(folder, release);
  return release;
}

describe('a release directory', () => {
  it('is read back and verified, also after the toolkit has worked in it', async () => {
    const release = await makeRelease();
    await put('dev/.cache/asset.zip', 'zip');
    await put('dev/read.17.1.lock', '');
    assert.deepEqual(await readRelease(folder), release);
    await verifyRelease(folder, release);
  });

  it('that changed is refused, naming each file', async () => {
    const release = await makeRelease();
    await put('dev/asset.1/index.js', 'other code');
    await put('dev/new.json', '');
    await rm(join(folder, 'prod/manifest.json'));
    await assert.rejects(verifyRelease(folder, release), (error: unknown) => {
      assert.ok(error instanceof ReleaseMismatchError);
      for (const line of ['changed: dev/asset.1/index.js', 'added: dev/new.json', 'missing: prod/manifest.json']) {
        assert.ok(error.message.includes(line), error.message);
      }
      return true;
    });
  });

  it('is verified for one environment whatever happened to the others', async () => {
    const release = await makeRelease();
    await rm(join(folder, 'prod'), { recursive: true });
    await verifyRelease(folder, release, 'dev');
    await assert.rejects(verifyRelease(folder, release, 'prod'), ReleaseMismatchError);
  });

  it('that is absent or no release is told apart', async () => {
    await assert.rejects(readRelease(join(folder, 'nowhere')), NoReleaseError);
    await put('release.json', '[]');
    await assert.rejects(readRelease(folder), ReleaseUnreadableError);
  });

  it('with a link in it is refused: its target could change', async () => {
    await makeRelease();
    await symlink('/etc/hostname', join(folder, 'dev/link'));
    await assert.rejects(hashDirectory(folder), NotARegularFileError);
  });
});

describe('describeCommit', () => {
  const git = (...options: string[]): string =>
    execFileSync('git', ['-C', folder, '-c', 'user.name=t', '-c', 'user.email=t@example.com', ...options], {
      encoding: 'utf8',
    });

  it('says unknown and dirty where there is no repository', async () => {
    assert.deepEqual(await describeCommit(folder), { commit: 'unknown', committedAt: null, dirty: true });
  });

  it('tells a clean tree from one with changes or new files', async () => {
    git('init', '--quiet');
    await put('file', '1');
    git('add', 'file');
    git('commit', '--quiet', '-m', 'one');
    const [commit, committedAt] = [git('rev-parse', 'HEAD').trim(), git('log', '-1', '--format=%cI').trim()];
    assert.deepEqual(await describeCommit(folder), { commit, committedAt, dirty: false });
    await put('new', '');
    assert.deepEqual(await describeCommit(folder), { commit, committedAt, dirty: true });
  });
});

describe('readToolchain', () => {
  it('names the version of everything that makes bytes', async () => {
    const versions = await readToolchain(process.cwd());
    for (const name of ['node', 'aws-cdk-lib', 'esbuild', 'typescript', '@aws-cdk/toolkit-lib']) {
      assert.match(versions[name] ?? '', /^\d+\.\d+/, name);
    }
  });
});
