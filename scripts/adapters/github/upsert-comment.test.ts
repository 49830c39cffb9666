/** One comment, whatever comes: pushes, other comments, races, limits, answers that get lost. */
import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { clientOf } from '../../testing/fake-github/client.ts';
import { FakeGitHub, JOB_BOT } from '../../testing/fake-github/fake-github.ts';
import type { FaultKind } from '../../testing/fake-github/faults.ts';
import { compose } from './marker.ts';
import { type CommentRequest, upsertComment } from './upsert-comment.ts';

const MARKER = '<!-- gitops: plan -->';
const POST = 'post /repos/{owner}/{repo}/issues/{issue_number}/comments';
const LIST = 'get /repos/{owner}/{repo}/issues/{issue_number}/comments';
const PATCH = 'patch /repos/{owner}/{repo}/issues/comments/{comment_id}';
const DELETE = 'delete /repos/{owner}/{repo}/issues/comments/{comment_id}';

let fake: FakeGitHub;
let issue: number;
beforeEach(async () => {
  fake = await FakeGitHub.start();
  issue = fake.addPullRequest();
});
afterEach(() => fake.close());

const request = (version: string, more: Partial<CommentRequest> = {}): CommentRequest => ({
  issue,
  marker: MARKER,
  render: (previous) =>
    `${MARKER}\nplan ${version}, ${previous === undefined ? 'first' : previous.replacedVersions + 1}`,
  ...more,
});
const upsert = (version: string, more: Partial<CommentRequest> = {}) =>
  upsertComment(clientOf(fake), request(version, more));
/** The second line of each comment of ours, which is what a reader sees. */
const ours = (): string[] => fake.comments(issue, JOB_BOT).map(({ body }) => body.split('\n')[1] ?? '');
/** A comment as an earlier run left it. */
const leave = (text: string, replacedVersions = 0, sequence?: number) =>
  fake.addComment(issue, { author: JOB_BOT, body: compose(MARKER, text, { replacedVersions, sequence }) });

describe('one comment', () => {
  it('is made by twenty pushes, and counts what it replaced', async () => {
    const outcomes: string[] = [];
    for (let push = 1; push <= 20; push += 1) outcomes.push((await upsert(`${push}`)).outcome);
    assert.deepEqual(ours(), ['plan 20, 19']);
    assert.deepEqual([...new Set(outcomes)], ['created', 'updated']);
    assert.equal(fake.journal.of(POST).length, 1);
  });

  it('is found behind 150 others, over pages', async () => {
    for (let other = 0; other < 150; other += 1) fake.addComment(issue);
    await upsert('1');
    await upsert('2');
    assert.deepEqual(ours(), ['plan 2, 1']);
    assert.ok(fake.journal.of(LIST).some(({ query }) => query['page'] === '2'));
  });

  it('is not mistaken for one that others made with our marker, or of ours with another', async () => {
    fake.addComment(issue, { author: 'mallory', body: `${MARKER}\nforged` });
    fake.addComment(issue, { author: JOB_BOT, body: '<!-- other -->\ntext' });
    fake.addComment(issue, { author: JOB_BOT, body: `> ${MARKER}\nquoted` });
    await upsert('1');
    assert.deepEqual(
      fake.comments(issue).map(({ body }) => body.split('\n')[1]),
      ['forged', 'text', 'quoted', 'plan 1, first'],
    );
  });

  it('stays on its own pull request', async () => {
    const other = fake.addPullRequest();
    await upsert('1');
    await upsert('2', { issue: other });
    assert.deepEqual([fake.comments(issue).length, fake.comments(other).length], [1, 1]);
  });

  it('is not overwritten by a run that began earlier', async () => {
    await upsert('new', { sequence: 8 });
    const { outcome } = await upsert('old', { sequence: 7 });
    assert.equal(outcome, 'superseded');
    assert.deepEqual(ours(), ['plan new, first']);
    assert.equal((await upsert('again', { sequence: 8 })).outcome, 'updated');
  });
});

describe('duplicates', () => {
  it('are removed, the oldest stays and counts them all', async () => {
    const oldest = leave('a', 3);
    leave('b', 0);
    leave('c', 1);
    const { id, duplicatesRemoved } = await upsert('1');
    assert.deepEqual([id, duplicatesRemoved], [oldest.id, 2]);
    // 4 + 1 + 2 versions before this one.
    assert.deepEqual(ours(), ['plan 1, 7']);
  });

  it('of a race at the first comment become one', async () => {
    fake.before(POST, () => void leave('rival'));
    const { outcome, duplicatesRemoved } = await upsert('1');
    assert.deepEqual([outcome, duplicatesRemoved], ['updated', 1]);
    assert.deepEqual(ours(), ['plan 1, 1']);
  });

  it('of eight runs at once become one', async () => {
    const clients = Array.from({ length: 8 }, () => clientOf(fake));
    await Promise.all(clients.map((client, run) => upsertComment(client, request(`${run}`))));
    assert.equal(ours().length, 1);
  });

  it('leave the text of the run that knows most, in the oldest', async () => {
    const oldest = leave('old', 0, 5);
    leave('newest', 2, 9);
    const { outcome, id } = await upsert('between', { sequence: 7 });
    assert.deepEqual([outcome, id], ['superseded', oldest.id]);
    assert.deepEqual(ours(), ['newest']);
  });

  it('that somebody else removes meanwhile are no failure', async () => {
    leave('a');
    const rival = leave('b');
    fake.before(DELETE, () => void fake.repository.comments.splice(fake.repository.comments.indexOf(rival), 1));
    await upsert('1');
    assert.equal(ours().length, 1);
  });
});

describe('the comment removed between look and update', () => {
  it('is made anew', async () => {
    leave('a', 4);
    fake.before(PATCH, () => void fake.repository.comments.splice(0));
    assert.equal((await upsert('1')).outcome, 'created');
    assert.deepEqual(ours(), ['plan 1, first']);
  });

  it('ends with an error when it goes on', async () => {
    for (let time = 0; time < 3; time += 1) {
      fake.before(LIST, () => void leave('a'));
      fake.before(PATCH, () => void fake.repository.comments.splice(0));
    }
    await assert.rejects(upsert('1'), { code: 'GITHUB_REFUSED' });
  });
});

describe('the name it writes under', () => {
  it('can be given', async () => {
    const token = () => fake.addToken({ login: 'release-app[bot]', permissions: { pull_requests: 'write' } });
    for (const version of ['1', '2']) {
      await upsertComment(clientOf(fake, token()), request(version, { author: 'Release-App[bot]' }));
    }
    assert.equal(fake.comments(issue).length, 1);
    assert.equal(fake.journal.of(POST).length, 1);
  });

  it('is learnt from what was made when it is another than expected', async () => {
    const client = clientOf(fake, fake.addToken({ login: 'ann', permissions: { pull_requests: 'write' } }));
    await upsertComment(client, request('1'));
    await upsertComment(client, request('2'));
    assert.deepEqual(
      fake.comments(issue).map(({ body }) => body.split('\n')[1]),
      ['plan 2, 1'],
    );
  });
});

describe('trouble does not double it', () => {
  const kinds: readonly FaultKind[] = [
    'secondary-limit',
    'secondary-limit-429',
    'primary-limit',
    'bad-gateway',
    'unavailable',
    'reset',
    'lost-answer',
    'lost-answer-502',
    'hang',
  ];
  for (const kind of kinds) {
    for (const [name, route] of [
      ['making', POST],
      ['listing', LIST],
      ['updating', PATCH],
      ['removing', DELETE],
    ] as const) {
      it(`${kind} when ${name} it`, async () => {
        if (route !== POST) leave('a');
        if (route === DELETE) leave('b');
        const retryAfterSeconds = 2;
        fake.faults.next({ kind, on: [route], retryAfterSeconds });
        const client = clientOf(fake, undefined, { pace: { timeout: 150 } });
        await upsertComment(client, request('1'));
        assert.equal(ours().length, 1);
        assert.match(ours()[0] ?? '', /^plan 1, /);
      });
    }
  }

  it('a limit in the middle of twenty pushes', async () => {
    const client = clientOf(fake);
    fake.faults.next({ kind: 'secondary-limit', retryAfterSeconds: 60, after: 9, times: 2 });
    fake.faults.next({ kind: 'secondary-limit-429', retryAfterSeconds: 60, after: 25 });
    for (let push = 1; push <= 20; push += 1) await upsertComment(client, request(`${push}`));
    assert.deepEqual(ours(), ['plan 20, 19']);
    assert.equal(client.warnings.length, 3);
    assert.match(client.warnings[0] ?? '', /secondary rate limit: waiting 60 s/);
  });

  it('an answer lost, and lost again', async () => {
    fake.faults.next({ kind: 'reset', on: [POST] });
    fake.faults.next({ kind: 'lost-answer', on: [POST] });
    const client = clientOf(fake);
    await upsertComment(client, request('1'));
    assert.deepEqual(ours(), ['plan 1, first']);
    assert.deepEqual(client.slept, [1_000, 4_000]);
  });

  it('looks before it tries again', async () => {
    fake.faults.next({ kind: 'lost-answer', on: [POST] });
    await upsert('1');
    assert.equal(fake.journal.of(POST).length, 1);
  });
});

describe('it gives up', () => {
  it('when GitHub stays away, saying so', async () => {
    fake.faults.next({ kind: 'bad-gateway', times: 100 });
    await assert.rejects(upsert('1'), { code: 'GITHUB_UNAVAILABLE', status: 502 });
    assert.ok(fake.journal.entries.length <= 4, `${fake.journal.entries.length} calls`);
  });

  it('when only making it fails, after looking each time', async () => {
    fake.faults.next({ kind: 'unavailable', on: [POST], times: 100 });
    await assert.rejects(upsert('1'), { code: 'GITHUB_UNAVAILABLE' });
    assert.equal(fake.journal.of(POST).length, 4);
    assert.equal(fake.journal.of(LIST).length, 4);
  });

  it('when a limit lasts longer than it may wait', async () => {
    fake.faults.next({ kind: 'primary-limit', retryAfterSeconds: 3_000 });
    await assert.rejects(upsert('1'), { code: 'GITHUB_RATE_LIMITED', message: /It ends at 20/ });
    assert.equal(fake.journal.entries.length, 1);
  });

  it('at once where the token may not, naming the permission', async () => {
    const client = clientOf(fake, fake.addToken({ permissions: { pull_requests: 'read' } }));
    await assert.rejects(upsertComment(client, request('1')), (error: Error) => {
      assert.match(error.message, /it lacks issues: write or pull-requests: write/);
      return true;
    });
    assert.equal(fake.journal.of(POST).length, 1);
  });

  it('at once where GitHub finds the text invalid', async () => {
    await assert.rejects(upsert('1', { render: () => 'x'.repeat(70_000) }), { code: 'GITHUB_INVALID' });
    assert.equal(fake.journal.of(POST).length, 1);
  });

  it('when it is interrupted, with the reason', async () => {
    const reason = new Error('Interrupted.');
    const controller = new AbortController();
    fake.faults.next({ kind: 'hang', on: [LIST] });
    const asked = upsertComment(clientOf(fake, undefined, { signal: controller.signal }), request('1'));
    setTimeout(() => controller.abort(reason), 30);
    await assert.rejects(asked, reason);
  });
});
