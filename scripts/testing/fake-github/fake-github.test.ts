/** The fake itself, called as a stranger would, by plain HTTP: pages, permissions, rate limits, faults. */
import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { caller } from './call.ts';
import { FakeGitHub } from './fake-github.ts';

let fake: FakeGitHub;
beforeEach(async () => {
  fake = await FakeGitHub.start();
});
afterEach(() => fake.close());

const repo = '/repos/example/trading-platform';
const call = (...asked: Parameters<ReturnType<typeof caller>>) => caller(fake)(...asked);
const may = (permissions: Parameters<FakeGitHub['addToken']>[0]): { token: string } => ({
  token: fake.addToken(permissions),
});
const writer = () => may({ permissions: { issues: 'write', pull_requests: 'write', contents: 'read' } });

describe('pages', () => {
  const comments = (count: number): number => {
    const number = fake.addPullRequest();
    for (let made = 0; made < count; made += 1) fake.addComment(number, { body: `${made}` });
    return number;
  };
  const list = (number: number, query = '') => call('GET', `${repo}/issues/${number}/comments${query}`, writer());

  it('hold 30 items, and name the next and the last', async () => {
    const { body, headers } = await list(comments(61));
    assert.equal((body as unknown[]).length, 30);
    assert.match(headers.get('link') ?? '', /[?&]page=2>; rel="next", <[^>]+[?&]page=3>; rel="last"$/);
  });

  it('hold 100 at most', async () => {
    const { body } = await list(comments(130), '?per_page=500');
    assert.equal((body as unknown[]).length, 100);
  });

  it('have no Link header where all is on one', async () => {
    assert.equal((await list(comments(30))).headers.get('link'), null);
  });

  it('name the first and the previous, and keep what else was asked', async () => {
    const link = (await list(comments(5), '?per_page=2&since=x&page=3')).headers.get('link') ?? '';
    assert.match(link, /per_page=2&since=x&page=2>; rel="prev", <[^>]+page=1>; rel="first"$/);
  });

  it('beyond the last are empty', async () => {
    assert.deepEqual((await list(comments(3), '?page=9')).body, []);
  });

  it('of wrong numbers are the first of 30', async () => {
    const { body } = await list(comments(31), '?page=0&per_page=x');
    assert.equal((body as unknown[]).length, 30);
  });

  it('of commits between two hold 250 where none is asked for', async () => {
    const first = fake.addCommit();
    let last = first;
    for (let made = 0; made < 260; made += 1) last = fake.addCommit();
    const compare = `${repo}/compare/${first}...${last}`;
    const whole = (await call('GET', compare, writer())).body as { commits: unknown[]; total_commits: number };
    assert.deepEqual([whole.commits.length, whole.total_commits], [250, 260]);
    const second = (await call('GET', `${compare}?per_page=100&page=3`, writer())).body as { commits: unknown[] };
    assert.equal(second.commits.length, 60);
  });
});

describe('a token', () => {
  it('that is unknown is refused: 401 Bad credentials', async () => {
    const { status, message } = await call('GET', repo, { token: 'wrong' });
    assert.deepEqual([status, message], [401, 'Bad credentials']);
  });

  it('does not see a private repository that is not its own: 404', async () => {
    const { status } = await call('GET', repo, may({ repositories: ['example/other'] }));
    assert.equal(status, 404);
  });

  it('without the permission is refused, and told what would do: 403', async () => {
    const number = fake.addPullRequest();
    const { status, message, headers } = await call('POST', `${repo}/issues/${number}/comments`, {
      ...may({ permissions: { pull_requests: 'read' } }),
      body: { body: 'x' },
    });
    assert.deepEqual([status, message], [403, 'Resource not accessible by integration']);
    assert.equal(headers.get('x-accepted-github-permissions'), 'issues=write; pull_requests=write');
    assert.equal(fake.comments(number).length, 0);
  });

  it('of a person is refused in other words', async () => {
    const { message } = await call('POST', `${repo}/issues`, { ...may({ login: 'ann' }), body: { title: 'x' } });
    assert.equal(message, 'Resource not accessible by personal access token');
  });

  it('for pull requests opens no issue, and either permission opens a pull request', async () => {
    const [issue, pull] = [fake.addIssue(), fake.addPullRequest()];
    const post = async (number: number, permissions: object): Promise<number> =>
      (await call('POST', `${repo}/issues/${number}/comments`, { ...may({ permissions }), body: { body: 'x' } }))
        .status;
    assert.equal(await post(issue, { pull_requests: 'write' }), 403);
    assert.equal(await post(issue, { issues: 'write' }), 201);
    assert.equal(await post(pull, { pull_requests: 'write' }), 201);
    assert.equal(await post(pull, { issues: 'write' }), 201);
  });

  it('for pull requests changes no comment on an issue', async () => {
    const comment = fake.addComment(fake.addIssue());
    const patch = `${repo}/issues/comments/${comment.id}`;
    const { status } = await call('PATCH', patch, {
      ...may({ permissions: { pull_requests: 'write' } }),
      body: { body: 'x' },
    });
    assert.equal(status, 403);
  });

  it('of a job is nobody', async () => {
    assert.equal((await call('GET', '/user', may({}))).status, 403);
    assert.equal(((await call('GET', '/user', may({ login: 'ann' }))).body as { login: string }).login, 'ann');
  });

  it('is needed to write in public, not to read; settings are not public', async () => {
    const open = await FakeGitHub.start({ private: false });
    try {
      const ask = caller(open);
      assert.equal((await ask('GET', `${repo}/issues`)).status, 200);
      assert.equal((await ask('POST', `${repo}/issues`, { body: { title: 'x' } })).status, 401);
      assert.equal((await ask('GET', `${repo}/actions/variables`)).status, 401);
      assert.equal((await ask('GET', repo, { token: open.addToken({ repositories: [] }) })).status, 200);
    } finally {
      await open.close();
    }
  });
});

describe('refused are', () => {
  const refused = async (method: string, path: string, body?: unknown): Promise<string> => {
    const { status, message, errors } = await call(method, `${repo}${path}`, { ...writer(), body });
    const fields = errors.map(({ field, code }) => `${field} ${code}`);
    return [status, message, ...fields].join(' | ');
  };

  it('comments without text, with none in it, and too long', async () => {
    const path = `/issues/${fake.addPullRequest()}/comments`;
    assert.equal(await refused('POST', path, {}), '422 | Validation Failed | body missing_field');
    assert.equal(await refused('POST', path, { body: ' ' }), '422 | Validation Failed | body custom');
    assert.equal(await refused('POST', path, { body: 'x'.repeat(65_537) }), '422 | Validation Failed | body custom');
    const { status } = await call('POST', `${repo}${path}`, { ...writer(), body: { body: 'x'.repeat(65_536) } });
    assert.equal(status, 201);
  });

  it('issues without a title, or with too long a one', async () => {
    assert.equal(await refused('POST', '/issues', {}), '422 | Validation Failed | title missing_field');
    assert.equal(
      await refused('POST', '/issues', { title: 'x'.repeat(257) }),
      '422 | Validation Failed | title custom',
    );
  });

  it('what is not there', async () => {
    assert.equal(await refused('POST', '/issues/9/comments', { body: 'x' }), '404 | Not Found');
    assert.equal(await refused('PATCH', '/issues/comments/9', { body: 'x' }), '404 | Not Found');
    assert.equal(await refused('DELETE', '/issues/comments/9'), '404 | Not Found');
    assert.equal(await refused('GET', '/pulls/9'), '404 | Not Found');
    assert.equal(await refused('GET', `/pulls/${fake.addIssue()}`), '404 | Not Found');
    assert.equal(await refused('GET', '/compare/1234567...main'), '404 | Not Found');
  });

  it('issues where they are switched off, and writing to an archive', async () => {
    fake.repository.hasIssues = false;
    assert.match(await refused('GET', '/issues'), /^410 /);
    assert.match(await refused('POST', '/issues', { title: 'x' }), /^410 /);
    fake.repository.hasIssues = true;
    fake.repository.archived = true;
    assert.equal(await refused('POST', '/issues', { title: 'x' }), '403 | Repository was archived so is read-only.');
    assert.match(await refused('GET', '/issues'), /^200/);
  });

  it('bodies that are no JSON', async () => {
    const response = await fetch(`${fake.endpoint}${repo}/issues`, {
      method: 'POST',
      body: '{',
      headers: { authorization: `token ${writer().token}` },
    });
    assert.equal(response.status, 400);
  });

  it('by the fake alone, unmistakably, what it has no handler for', async () => {
    assert.match(await refused('GET', '/hooks'), /^501 \| No handler for GET/);
  });
});

describe('issues', () => {
  it('are listed with pull requests, by state, label and creator', async () => {
    fake.addIssue({ title: 'a', labels: ['drift'], author: 'ann' });
    fake.addIssue({ title: 'b', state: 'closed', labels: ['drift', 'x'] });
    fake.addPullRequest({ title: 'c' });
    const titles = async (query: string): Promise<string> => {
      const { body } = await call('GET', `${repo}/issues${query}`, writer());
      return (body as { title: string }[]).map(({ title }) => title).join('');
    };
    assert.equal(await titles(''), 'ca');
    assert.equal(await titles('?state=all&direction=asc'), 'abc');
    assert.equal(await titles('?state=closed'), 'b');
    assert.equal(await titles('?state=all&labels=drift,x'), 'b');
    assert.equal(await titles('?creator=ann'), 'a');
  });

  it('are closed and opened again with a reason', async () => {
    const number = fake.addIssue();
    const patch = async (body: object) => (await call('PATCH', `${repo}/issues/${number}`, { ...writer(), body })).body;
    assert.deepEqual(pick(await patch({ state: 'closed', state_reason: 'duplicate' })), ['closed', 'duplicate', true]);
    assert.deepEqual(pick(await patch({ state: 'open' })), ['open', 'reopened', false]);
    assert.deepEqual(pick(await patch({ state: 'closed' })), ['closed', 'completed', true]);
  });
  const pick = (body: unknown): unknown[] => {
    const { state, state_reason, closed_at } = body as Record<string, unknown>;
    return [state, state_reason, closed_at !== null];
  };
});

describe('rate limits', () => {
  it('are counted in every answer', async () => {
    const first = Number((await call('GET', repo, writer())).headers.get('x-ratelimit-remaining'));
    const second = Number((await call('GET', repo, writer())).headers.get('x-ratelimit-remaining'));
    assert.equal(first - second, 1);
  });

  it('by the hour: 403, nothing remains, and when it starts anew', async () => {
    fake.faults.next({ kind: 'primary-limit', retryAfterSeconds: 60 });
    const { status, message, headers } = await call('GET', repo, writer());
    assert.equal(status, 403);
    assert.match(message, /^API rate limit exceeded/);
    assert.equal(headers.get('x-ratelimit-remaining'), '0');
    const seconds = Number(headers.get('x-ratelimit-reset')) - Date.now() / 1000;
    assert.ok(seconds > 50 && seconds <= 60, `${seconds}`);
  });

  for (const [kind, status] of [
    ['secondary-limit', 403],
    ['secondary-limit-429', 429],
  ] as const) {
    it(`for too much at once: ${status} with retry-after`, async () => {
      const number = fake.addPullRequest();
      fake.faults.next({ kind, retryAfterSeconds: 7 });
      const answer = await call('POST', `${repo}/issues/${number}/comments`, { ...writer(), body: { body: 'x' } });
      assert.equal(answer.status, status);
      assert.match(answer.message, /secondary rate limit/);
      assert.equal(answer.headers.get('retry-after'), '7');
      assert.equal(fake.comments(number).length, 0);
    });
  }
});

describe('faults', () => {
  const post = async (number: number): Promise<number> =>
    (await call('POST', `${repo}/issues/${number}/comments`, { ...writer(), body: { body: 'x' } })).status;
  const route = 'post /repos/{owner}/{repo}/issues/{issue_number}/comments';

  for (const [kind, made] of [
    ['reset', 0],
    ['lost-answer', 1],
  ] as const) {
    it(`${kind}: the connection breaks, ${made} comment is made`, async () => {
      const number = fake.addPullRequest();
      fake.faults.next({ kind });
      await assert.rejects(post(number), TypeError);
      assert.equal(fake.comments(number).length, made);
      assert.equal(fake.journal.of(route)[0]?.answer, kind);
    });
  }

  for (const [kind, status, made] of [
    ['bad-gateway', 502, 0],
    ['unavailable', 503, 0],
    ['lost-answer-502', 502, 1],
  ] as const) {
    it(`${kind}: ${status}, ${made} comment is made`, async () => {
      const number = fake.addPullRequest();
      fake.faults.next({ kind });
      assert.equal(await post(number), status);
      assert.equal(fake.comments(number).length, made);
    });
  }

  it('hang: never answered; slow: answered late', async () => {
    const number = fake.addPullRequest();
    fake.faults.next({ kind: 'hang' });
    const asked = call('GET', repo, { ...writer(), signal: AbortSignal.timeout(60) });
    await assert.rejects(asked, { name: 'TimeoutError' });
    fake.faults.next({ kind: 'slow', milliseconds: 40 });
    const before = performance.now();
    assert.equal(await post(number), 201);
    assert.ok(performance.now() - before >= 35);
  });

  it('hit the calls they are for, so many times, after so many', async () => {
    const number = fake.addPullRequest();
    fake.faults.next({ kind: 'bad-gateway', on: [route], after: 1, times: 2 });
    assert.equal((await call('GET', repo, writer())).status, 200);
    assert.deepEqual(
      [await post(number), await post(number), await post(number), await post(number)],
      [201, 502, 502, 201],
    );
  });

  it('let somebody act just before a call is carried out', async () => {
    const number = fake.addPullRequest();
    fake.before(route, () => void fake.addComment(number, { body: 'first' }));
    await post(number);
    assert.deepEqual(
      fake.comments(number).map(({ body }) => body),
      ['first', 'x'],
    );
  });
});

it('the journal holds who asked what, and how it was answered', async () => {
  const number = fake.addPullRequest();
  const path = `${repo}/issues/${number}/comments`;
  await call('POST', path, { ...writer(), body: { body: 'x' } });
  await call('GET', `${path}?page=2`, writer());
  await call('POST', path, { ...may({}), body: { body: 'x' } });
  assert.deepEqual(fake.journal.mutations(), [`post ${path} 201`, `post ${path} 403`]);
  const [read] = fake.journal.of('get /repos/{owner}/{repo}/issues/{issue_number}/comments');
  assert.deepEqual([read?.by, read?.query], ['github-actions[bot]', { page: '2' }]);
});
