/** What is checked out, at which depth, and what is refused; against a real bare repository. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { type RecordedStep, recordedStep } from '../testing/recorded-step.ts';
import { checkOut } from './check-out.ts';

const root = mkdtempSync(join(tmpdir(), 'checkout-'));
const remote = join(root, 'remote.git');
const author = {
  GIT_AUTHOR_NAME: 'a',
  GIT_AUTHOR_EMAIL: 'a@b.c',
  GIT_COMMITTER_NAME: 'a',
  GIT_COMMITTER_EMAIL: 'a@b.c',
};
const env = { ...process.env, ...author, GIT_CONFIG_GLOBAL: '/dev/null' };
const git = (folder: string, ...words: string[]): string =>
  execFileSync('git', ['-C', folder, ...words], { env, encoding: 'utf8', stdio: 'pipe' }).trim();

/** main: one, two, three; a pull request from one; a tag at two. */
const commits: Record<'one' | 'two' | 'three' | 'head' | 'merge', string> = {
  one: '',
  two: '',
  three: '',
  head: '',
  merge: '',
};
before(() => {
  const work = join(root, 'work');
  execFileSync('git', ['init', '--quiet', '--bare', '--initial-branch=main', remote], { env });
  execFileSync('git', ['init', '--quiet', '--initial-branch=main', work], { env });
  const commit = (name: string): string => {
    writeFileSync(join(work, name), name);
    git(work, 'add', '.');
    git(work, 'commit', '--quiet', '-m', name);
    return git(work, 'rev-parse', 'HEAD');
  };
  commits.one = commit('one');
  git(work, 'checkout', '--quiet', '-b', 'topic');
  commits.head = commit('head');
  git(work, 'checkout', '--quiet', 'main');
  commits.two = commit('two');
  git(work, 'tag', 'v1');
  commits.three = commit('three');
  git(work, 'checkout', '--quiet', '--detach');
  git(work, 'merge', '--quiet', '--no-edit', 'topic');
  commits.merge = git(work, 'rev-parse', 'HEAD');
  git(work, 'push', '--quiet', remote, 'main', 'topic', 'v1', 'HEAD:refs/pull/7/merge', 'topic:refs/pull/7/head');
});
after(() => rmSync(root, { recursive: true, force: true }));

const onPush = (): Record<string, string> => ({
  GITHUB_EVENT_NAME: 'push',
  GITHUB_REF: 'refs/heads/main',
  GITHUB_SHA: commits.three,
});
const onPullRequest = (): Record<string, string> => ({
  GITHUB_EVENT_NAME: 'pull_request',
  GITHUB_REF: 'refs/pull/7/merge',
  GITHUB_SHA: commits.merge,
});

/** A job with an empty workspace. */
function job(inputs: Record<string, string>, variables: Record<string, string>): RecordedStep & { workspace: string } {
  const workspace = mkdtempSync(join(root, 'workspace-'));
  const step = recordedStep(
    { token: 'token-1', ...inputs },
    {
      ...process.env,
      GITHUB_WORKSPACE: workspace,
      GITHUB_REPOSITORY: 'acme/trading',
      REHEARSAL_REMOTE: remote,
      RUNNER_TEMP: join(workspace, '..', 'temp'),
      ...variables,
    },
  );
  return Object.assign(step, { workspace });
}

const history = (workspace: string, ref = 'HEAD'): string => git(workspace, 'rev-list', '--count', ref);

describe('what is checked out', () => {
  it('is the commit of a push, on its branch, and only that', async () => {
    const step = job({}, onPush());
    await checkOut(step);
    assert.equal(git(step.workspace, 'rev-parse', 'HEAD'), commits.three);
    assert.equal(git(step.workspace, 'rev-parse', '--abbrev-ref', 'HEAD'), 'main');
    assert.equal(history(step.workspace), '1');
    assert.equal(git(step.workspace, 'tag'), '');
    assert.deepEqual(step.outputs, { ref: 'refs/heads/main', commit: commits.three });
  });

  it('is the commit of the event, though the branch has a newer one', async () => {
    const step = job({}, { ...onPush(), GITHUB_SHA: commits.two });
    await checkOut(step);
    assert.equal(step.outputs['commit'], commits.two);
  });

  it('is the merge commit on pull_request, with both parents at depth 2', async () => {
    const step = job({ 'fetch-depth': '2' }, onPullRequest());
    await checkOut(step);
    assert.equal(git(step.workspace, 'rev-parse', 'HEAD'), commits.merge);
    assert.equal(git(step.workspace, 'rev-parse', 'HEAD^1'), commits.three);
    assert.equal(git(step.workspace, 'rev-parse', 'HEAD^2'), commits.head);
  });

  it('has no parent at depth 1', async () => {
    const step = job({}, onPullRequest());
    await checkOut(step);
    assert.throws(() => git(step.workspace, 'rev-parse', '--verify', '--quiet', 'HEAD^1'));
  });

  it('has all branches and tags at depth 0', async () => {
    const step = job({ 'fetch-depth': '0' }, onPush());
    await checkOut(step);
    assert.equal(history(step.workspace), '3');
    assert.equal(git(step.workspace, 'rev-parse', 'origin/topic'), commits.head);
    assert.equal(git(step.workspace, 'tag'), 'v1');
  });

  it('is an older commit of its branch at depth 0 too', async () => {
    const step = job({ 'fetch-depth': '0' }, { ...onPush(), GITHUB_SHA: commits.two });
    await checkOut(step);
    assert.equal(step.outputs['commit'], commits.two);
    assert.equal(git(step.workspace, 'rev-parse', 'origin/topic'), commits.head);
  });

  it('keeps the merge commit at depth 0', async () => {
    const step = job({ 'fetch-depth': '0' }, onPullRequest());
    await checkOut(step);
    assert.equal(step.outputs['commit'], commits.merge);
    assert.equal(git(step.workspace, 'rev-parse', 'origin/main'), commits.three);
  });

  for (const [what, ref, expected, output] of [
    ['a commit', () => commits.one, 'one', ''],
    ['a branch', () => 'topic', 'head', 'topic'],
    ['a tag', () => 'v1', 'two', 'v1'],
    ['a full name', () => 'refs/heads/topic', 'head', 'refs/heads/topic'],
  ] as const) {
    it(`is ${what} that was asked for`, async () => {
      const step = job({ ref: ref() }, onPush());
      await checkOut(step);
      assert.deepEqual(step.outputs, { ref: output, commit: commits[expected] });
    });
  }

  it('has tags at any depth where they are asked for', async () => {
    const step = job({ 'fetch-tags': 'true' }, onPush());
    await checkOut(step);
    assert.equal(git(step.workspace, 'tag'), 'v1');
    assert.equal(history(step.workspace), '1');
  });

  it('goes into a folder of the workspace', async () => {
    const step = job({ path: 'base' }, onPush());
    await checkOut(step);
    assert.ok(existsSync(join(step.workspace, 'base', 'three')));
  });

  it('removes what was there before', async () => {
    const step = job({}, onPush());
    mkdirSync(join(step.workspace, 'cdk.out'));
    await checkOut(step);
    assert.ok(!existsSync(join(step.workspace, 'cdk.out')));
    writeFileSync(join(step.workspace, 'left-over'), '');
    await checkOut(step);
    assert.ok(!readdirSync(step.workspace).includes('left-over'));
  });
});

describe('credentials', () => {
  /** All that a later git command of this job reads. */
  const configuration = (workspace: string): string => git(workspace, 'config', '--list', '--includes');

  it('stay for later steps by default', async () => {
    const step = job({}, onPush());
    await checkOut(step);
    const header = Buffer.from('x-access-token:token-1').toString('base64');
    assert.match(configuration(step.workspace), new RegExp(`extraheader=AUTHORIZATION: basic ${header}`, 'i'));
  });

  it('leave no trace with persist-credentials: false', async () => {
    const step = job({ 'persist-credentials': 'false' }, onPush());
    await checkOut(step);
    assert.doesNotMatch(configuration(step.workspace), /extraheader|includeif|token/i);
    assert.doesNotMatch(readFileSync(join(step.workspace, '.git', 'config'), 'utf8'), /credential|authorization/i);
  });
});

describe('checkout refuses', () => {
  const refusals: readonly (readonly [string, Record<string, string>, RegExp])[] = [
    ['a name that neither branch nor tag has', { ref: 'nowhere' }, /no branch and no tag "nowhere"/],
    ['the beginning of a name', { ref: 'top' }, /no branch and no tag "top"/],
    ['a commit that is not there', { ref: '0123456789'.repeat(4) }, /can't be fetched/],
    ['a ref that is not there', { ref: 'refs/heads/nowhere' }, /refs\/heads\/nowhere can't be fetched/],
    ['an empty token', { token: '' }, /token is needed/],
    ['a folder outside the workspace', { path: '../elsewhere' }, /outside the workspace/],
    ['a repository of another form', { repository: 'trading' }, /owner\/name/],
  ];
  for (const [what, inputs, message] of refusals) {
    it(what, async () => {
      await assert.rejects(checkOut(job(inputs, onPush())), message);
    });
  }

  it('a tag that has moved since', async () => {
    const step = job({}, { ...onPush(), GITHUB_REF: 'refs/tags/v1', GITHUB_SHA: commits.one });
    await assert.rejects(checkOut(step), /refs\/tags\/v1 is at .* by now/);
  });

  it('a token that may not read contents', async () => {
    const step = job({}, { ...onPush(), REHEARSAL_PERMISSIONS: '{"issues":"write"}' });
    await assert.rejects(checkOut(step), /Give the job contents: read/);
  });

  const fromFork = {
    repository: { id: 1 },
    pull_request: { head: { sha: 'f'.repeat(40), repo: { id: 2, full_name: 'eve/trading' } } },
  };
  const onTarget = (event: object): Record<string, string> => {
    const file = join(root, `event-${JSON.stringify(event).length}.json`);
    writeFileSync(file, JSON.stringify(event));
    return { ...onPush(), GITHUB_EVENT_NAME: 'pull_request_target', GITHUB_EVENT_PATH: file };
  };
  const theirs: Record<string, string>[] = [
    { ref: 'refs/pull/7/merge' },
    { ref: 'f'.repeat(40) },
    { repository: 'eve/trading' },
  ];
  for (const inputs of theirs) {
    it(`a fork's code beside the base's secrets: ${JSON.stringify(inputs)}`, async () => {
      await assert.rejects(checkOut(job(inputs, onTarget(fromFork))), /code of eve\/trading/);
    });
  }

  it('no pull request of the repository itself', async () => {
    const own = { ...fromFork, pull_request: { head: { sha: 'f', repo: { id: 1, full_name: 'acme/trading' } } } };
    const step = job({ ref: 'refs/pull/7/merge' }, onTarget(own));
    await checkOut(step);
    assert.equal(step.outputs['commit'], commits.merge);
  });

  it('what the stand-in does not play, by name', async () => {
    await assert.rejects(checkOut(job({ lfs: 'true', submodules: 'recursive' }, onPush())), /play lfs, submodules/);
    await assert.rejects(checkOut(job({ repository: 'acme/other' }, onPush())), /acme\/trading only/);
  });
});
