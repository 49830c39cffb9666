/** What was merged between two commits: whole, in the order of the merges, and with what came past the pull requests. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { clientOf, type FakeClient } from '../../testing/fake-github/client.ts';
import { FakeGitHub } from '../../testing/fake-github/fake-github.ts';
import { listMergedBetween } from './merged-between.ts';

let fake: FakeGitHub;
let github: FakeClient;
before(async () => {
  fake = await FakeGitHub.start();
  github = clientOf(fake);
});
after(() => fake.close());

const merge = (title: string): string => fake.merge(fake.addPullRequest({ title }));

describe('between two commits', () => {
  it('are the merged pull requests, oldest first, without those before and after', async () => {
    merge('before');
    const base = merge('deployed');
    merge('one');
    const head = merge('two');
    merge('after');
    fake.addPullRequest({ title: 'open' });
    const { pullRequests, relation, skipped } = await listMergedBetween(github, base, head);
    assert.deepEqual(
      pullRequests.map(({ title }) => title),
      ['one', 'two'],
    );
    assert.deepEqual([relation, skipped], ['ahead', 0]);
  });

  it('each tells what it brought and when, and whether it came from a fork, also from one that is gone', async () => {
    const base = fake.addCommit();
    for (const headRepository of [fake.name, 'mallory/trading-platform', null]) {
      fake.merge(fake.addPullRequest({ title: 'More memory', headRepository }));
    }
    const { pullRequests } = await listMergedBetween(github, base, 'main');
    const [own, ...forks] = pullRequests;
    const placed = fake.repository.issues.find(({ number }) => number === own?.number)?.pull;
    assert.deepEqual(own, {
      number: own?.number,
      url: `https://github.com/${fake.name}/pull/${own?.number}`,
      title: 'More memory',
      headSha: placed?.head.sha,
      fork: false,
      mergedAt: placed?.mergedAt,
    });
    assert.deepEqual(
      forks.map(({ fork }) => fork),
      [true, true],
    );
  });

  it('one merged into another is no merge of its own', async () => {
    const base = fake.addCommit();
    const stacked = fake.addPullRequest({ title: 'stacked', base: 'feature' });
    fake.merge(stacked);
    const { pullRequests } = await listMergedBetween(github, base, fake.merge(fake.addPullRequest({ title: 'whole' })));
    assert.deepEqual(
      pullRequests.map(({ title }) => title),
      ['whole'],
    );
  });

  it('the order is that of the merges, whatever that of the numbers', async () => {
    const base = fake.addCommit();
    const [first, second] = [fake.addPullRequest({ title: 'first' }), fake.addPullRequest({ title: 'second' })];
    fake.merge(second);
    const { pullRequests } = await listMergedBetween(github, base, fake.merge(first));
    assert.deepEqual(
      pullRequests.map(({ title }) => title),
      ['second', 'first'],
    );
  });

  it('commits that came without a pull request are named', async () => {
    const base = fake.addCommit();
    merge('asked');
    const head = fake.addCommit('pushed by hand\n\nat night');
    const { withoutPullRequest } = await listMergedBetween(github, base, head);
    assert.deepEqual(withoutPullRequest, [{ sha: head, title: 'pushed by hand' }]);
  });

  it('each request is named once, however many commits it brought', async () => {
    const base = fake.addCommit();
    const number = fake.addPullRequest();
    fake.addCommit('first', [number]);
    const { pullRequests, withoutPullRequest } = await listMergedBetween(github, base, fake.merge(number));
    assert.deepEqual([pullRequests.map((each) => each.number), withoutPullRequest], [[number], []]);
  });

  it('one that only mentions the commit and is open brought nothing', async () => {
    const base = fake.addCommit();
    const head = fake.addCommit('pushed', [fake.addPullRequest()]);
    const { pullRequests, withoutPullRequest } = await listMergedBetween(github, base, head);
    assert.deepEqual([pullRequests, withoutPullRequest.length], [[], 1]);
  });

  it('nothing is between a commit and itself; an older release comes behind', async () => {
    const base = fake.addCommit();
    const head = merge('new');
    assert.deepEqual(await listMergedBetween(github, head, head), {
      pullRequests: [],
      withoutPullRequest: [],
      relation: 'identical',
      skipped: 0,
    });
    assert.equal((await listMergedBetween(github, head, base)).relation, 'behind');
  });

  it('commits are read over all pages; of too many the newest are looked at, and that is said', async () => {
    const base = fake.addCommit();
    let head = base;
    for (let each = 0; each < 205; each += 1) head = fake.addCommit(`c${each}`);
    const { withoutPullRequest, skipped } = await listMergedBetween(github, base, head);
    assert.deepEqual(
      [withoutPullRequest.length, withoutPullRequest[0]?.title, withoutPullRequest.at(-1)?.sha, skipped],
      [200, 'c5', head, 5],
    );
  });

  it('an unknown commit is an error, not an empty list', async () => {
    await assert.rejects(listMergedBetween(github, 'f'.repeat(40), fake.addCommit()), { kind: 'not-found' });
  });
});
