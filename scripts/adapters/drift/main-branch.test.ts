/** Where a commit is, seen from main: in it, behind it, gone from it, or not to be told. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { findOnMain } from './main-branch.ts';

const WHO = { GIT_AUTHOR_NAME: 'a', GIT_AUTHOR_EMAIL: 'a@b', GIT_COMMITTER_NAME: 'a', GIT_COMMITTER_EMAIL: 'a@b' };

async function folder(t: TestContext): Promise<string> {
  const root = await mkdtemp(join(tmpdir(), 'main-branch-'));
  t.after(() => rm(root, { recursive: true, force: true }));
  return root;
}

function git(root: string, ...options: string[]): string {
  const env = { PATH: process.env['PATH'], HOME: root, ...WHO };
  return execFileSync('git', ['-C', root, ...options], { env, stdio: ['ignore', 'pipe', 'ignore'] })
    .toString()
    .trim();
}

const commit = (root: string, message: string): string => {
  git(root, 'commit', '--quiet', '--allow-empty', `--message=${message}`);
  return git(root, 'rev-parse', 'HEAD');
};

test('counts how far main has gone past a commit', async (t) => {
  const root = await folder(t);
  git(root, 'init', '--quiet', '--initial-branch=main');
  const [first] = [commit(root, 'one'), commit(root, 'two')];
  const last = commit(root, 'three');
  const known = { known: true, branch: 'main', contained: true };
  assert.deepEqual(await findOnMain(root, first, false), { ...known, behind: 2 });
  assert.deepEqual(await findOnMain(root, last, false), { ...known, behind: 0 });
});

test('a commit of another branch is not of main; locally the branch checked out counts', async (t) => {
  const root = await folder(t);
  git(root, 'init', '--quiet', '--initial-branch=main');
  commit(root, 'one');
  git(root, 'checkout', '--quiet', '-b', 'feature');
  const own = commit(root, 'two');
  assert.deepEqual(await findOnMain(root, own, false), { known: true, branch: 'main', contained: false, behind: 0 });
  assert.deepEqual(await findOnMain(root, own, true), {
    known: true,
    branch: 'the branch checked out',
    contained: true,
    behind: 0,
  });
  assert.equal(((await findOnMain(root, 'f'.repeat(40), false)) as { contained: boolean }).contained, false);
});

test('with the newest commits alone, or without git, nothing is claimed', async (t) => {
  const [root, clone, none] = [await folder(t), await folder(t), await folder(t)];
  git(root, 'init', '--quiet', '--initial-branch=main');
  const first = commit(root, 'one');
  commit(root, 'two');
  git(clone, 'clone', '--quiet', '--depth=1', `file://${root}`, 'shallow');
  assert.equal((await findOnMain(join(clone, 'shallow'), first, false)).known, false);
  assert.equal((await findOnMain(none, first, false)).known, false);
});
