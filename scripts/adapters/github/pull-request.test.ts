/** What is read of pull requests, over all pages. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { clientOf, type FakeClient } from '../../testing/fake-github/client.ts';
import { FakeGitHub } from '../../testing/fake-github/fake-github.ts';
import { listChangedFiles, listPullRequestCommits, readPullRequest } from './pull-request.ts';

let fake: FakeGitHub;
let github: FakeClient;
before(async () => {
  fake = await FakeGitHub.start();
  github = clientOf(fake);
});
after(() => fake.close());

describe('a pull request', () => {
  it('tells its labels, branches and author', async () => {
    const number = fake.addPullRequest({ title: 'More memory', author: 'ann', labels: ['allow-destructive'] });
    const read = await readPullRequest(github, number);
    assert.deepEqual(
      [read.number, read.title, read.author, read.labels, read.base.ref, read.state, read.merged, read.fork],
      [number, 'More memory', 'ann', ['allow-destructive'], 'main', 'open', false, false],
    );
    assert.deepEqual([read.mergeCommit, read.mergedAt], [null, null]);
    assert.match(read.head.sha, /^[0-9a-f]{40}$/);
  });

  it('is known to come from a fork, also from one that is gone', async () => {
    for (const headRepository of ['mallory/trading-platform', null]) {
      const { fork } = await readPullRequest(github, fake.addPullRequest({ headRepository }));
      assert.equal(fork, true);
    }
  });

  it('that is not there is said to be', async () => {
    await assert.rejects(readPullRequest(github, 999), { code: 'GITHUB_NOT_FOUND' });
  });

  it('lists changed files over pages, with the old path of a moved one', async () => {
    const files = Array.from({ length: 230 }, (_, each) => ({ path: `f${each}`, status: 'modified' as const }));
    const moved = { path: 'new', status: 'renamed' as const, previousPath: 'old' };
    const { items, complete } = await listChangedFiles(github, fake.addPullRequest({ files: [...files, moved] }));
    assert.deepEqual([items.length, complete, items.at(-1)], [231, true, moved]);
  });

  it('says when GitHub cut the list of commits off', async () => {
    const some = await listPullRequestCommits(github, fake.addPullRequest({ commits: 120 }));
    assert.deepEqual([some.items.length, some.complete], [120, true]);
    const many = await listPullRequestCommits(github, fake.addPullRequest({ commits: 251 }));
    assert.deepEqual([many.items.length, many.complete], [250, false]);
  });
});
