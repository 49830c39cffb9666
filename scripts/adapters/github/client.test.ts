/** How the client keeps GitHub's pace: what it repeats, what it does not, and how long it waits. */
import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { clientOf, type FakeClient } from '../../testing/fake-github/client.ts';
import { FakeGitHub } from '../../testing/fake-github/fake-github.ts';

const GET = 'get /repos/{owner}/{repo}/pulls/{pull_number}';
const POST = 'post /repos/{owner}/{repo}/issues';

let fake: FakeGitHub;
let number: number;
beforeEach(async () => {
  fake = await FakeGitHub.start();
  number = fake.addPullRequest();
});
afterEach(() => fake.close());

const read = ({ octokit, place }: FakeClient) => octokit.rest.pulls.get({ ...place, pull_number: number });
const make = ({ octokit, place }: FakeClient) => octokit.rest.issues.create({ ...place, title: 'x' });

describe('a call that failed', () => {
  it('is repeated three times when it only reads, and waits longer each time', async () => {
    fake.faults.next({ kind: 'bad-gateway', on: [GET], times: 3 });
    const before = performance.now();
    assert.equal((await read(clientOf(fake, undefined, { pace: { second: 10 } }))).status, 200);
    // 1, 4 and 9 seconds, a hundredth each.
    assert.ok(performance.now() - before >= 135);
    fake.faults.next({ kind: 'unavailable', on: [GET], times: 4 });
    await assert.rejects(read(clientOf(fake)), { code: 'GITHUB_UNAVAILABLE', status: 503 });
  });

  it('waits from the start again in the next call', async () => {
    const github = clientOf(fake, undefined, { pace: { second: 100 } });
    fake.faults.next({ kind: 'bad-gateway', on: [GET], times: 2 });
    await read(github);
    fake.faults.next({ kind: 'bad-gateway', on: [GET] });
    const before = performance.now();
    await read(github);
    // One of these seconds; had it gone on counting, nine.
    assert.ok(performance.now() - before < 700, `${performance.now() - before} ms`);
  });

  for (const kind of ['bad-gateway', 'reset', 'lost-answer'] as const) {
    it(`is not repeated when it makes something: ${kind}`, async () => {
      fake.faults.next({ kind, on: [POST] });
      await assert.rejects(make(clientOf(fake)), { code: 'GITHUB_UNAVAILABLE', outcomeUnknown: true });
      assert.equal(fake.journal.of(POST).length, 1);
    });
  }

  it('that was never answered ends by the time-out, without a status', async () => {
    fake.faults.next({ kind: 'hang', on: [POST] });
    const asked = make(clientOf(fake, undefined, { pace: { timeout: 40 } }));
    await assert.rejects(asked, { code: 'GITHUB_UNAVAILABLE', status: undefined });
  });

  it('keeps its cause', async () => {
    fake.faults.next({ kind: 'reset', on: [POST] });
    await assert.rejects(make(clientOf(fake)), (error: Error) => error.cause instanceof Error);
  });
});

describe('a rate limit', () => {
  for (const kind of ['secondary-limit', 'secondary-limit-429', 'primary-limit'] as const) {
    it(`is waited for as long as GitHub asks, also by what makes something: ${kind}`, async () => {
      fake.faults.next({ kind, on: [POST], retryAfterSeconds: 30 });
      const github = clientOf(fake, undefined, { pace: { second: 2 } });
      const before = performance.now();
      assert.equal((await make(github)).status, 201);
      assert.ok(performance.now() - before >= 58, `${performance.now() - before} ms`);
      assert.equal(github.warnings.length, 1);
      assert.equal(fake.issues().length, 1);
    });
  }

  it('without a time is waited for a minute', async () => {
    fake.faults.next({ kind: 'secondary-limit' });
    const github = clientOf(fake);
    await read(github);
    assert.match(github.warnings[0] ?? '', /waiting 60 s/);
  });

  it('is waited for four times, then it is an error', async () => {
    fake.faults.next({ kind: 'secondary-limit-429', retryAfterSeconds: 1, times: 5 });
    await assert.rejects(read(clientOf(fake)), { code: 'GITHUB_RATE_LIMITED', status: 429 });
    assert.equal(fake.journal.of(GET).length, 5);
  });
});

it('calls that notify people keep their distance', async () => {
  const github = clientOf(fake, undefined, { pace: { writeEvery: 5, notifyEvery: 60 } });
  const before = performance.now();
  await Promise.all([make(github), make(github), make(github)]);
  assert.ok(performance.now() - before >= 115, `${performance.now() - before} ms`);
});
