/** One issue for one matter, through its whole life. */
import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { clientOf } from '../../testing/fake-github/client.ts';
import { FakeGitHub, JOB_BOT } from '../../testing/fake-github/fake-github.ts';
import type { FaultKind } from '../../testing/fake-github/faults.ts';
import { compose } from './marker.ts';
import { upsertIssue, type WantedIssue } from './upsert-issue.ts';

const MARKER = '<!-- gitops: drift prod -->';
const POST = 'post /repos/{owner}/{repo}/issues';

let fake: FakeGitHub;
beforeEach(async () => {
  fake = await FakeGitHub.start();
});
afterEach(() => fake.close());

const open = (body: string): WantedIssue => ({ state: 'open', title: 'Drift in prod', body });
const upsert = (wanted: WantedIssue, marker = MARKER) =>
  upsertIssue(clientOf(fake), { marker, labels: ['drift', 'prod'], wanted });
const leave = (more: { state?: 'open' | 'closed'; labels?: string[]; author?: string } = {}): number =>
  fake.addIssue({
    author: JOB_BOT,
    labels: ['drift', 'prod'],
    body: compose(MARKER, 'old', { replacedVersions: 0 }),
    ...more,
  });
const states = (): string[] => fake.issues().map(({ number, state }) => `${number} ${state}`);

describe('an issue', () => {
  it('is opened, left alone, updated, closed, and opened again', async () => {
    const outcomes: string[] = [];
    for (const wanted of [
      open('a'),
      open('a'),
      open('b'),
      { state: 'closed' },
      { state: 'closed' },
      open('c'),
    ] as const) {
      outcomes.push((await upsert(wanted)).outcome);
    }
    assert.deepEqual(outcomes, ['opened', 'unchanged', 'updated', 'closed', 'unchanged', 'reopened']);
    const [issue] = fake.issues();
    assert.deepEqual(states(), ['1 open']);
    assert.deepEqual([issue?.title, issue?.labels], ['Drift in prod', ['drift', 'prod']]);
    assert.match(issue?.body ?? '', /^<!-- gitops: drift prod -->\nc\n/);
  });

  it('is not opened to be closed', async () => {
    assert.deepEqual(await upsert({ state: 'closed' }), { outcome: 'none', duplicatesClosed: [] });
    assert.deepEqual(fake.issues(), []);
  });

  it('says its last word when it is closed', async () => {
    await upsert(open('a'));
    await upsert({ state: 'closed', body: 'in sync' });
    const [issue] = fake.issues();
    assert.deepEqual([issue?.state, issue?.stateReason], ['closed', 'completed']);
    assert.match(issue?.body ?? '', /in sync/);
  });

  it('of another environment is another', async () => {
    await upsert(open('a'));
    await upsert(open('b'), '<!-- gitops: drift dev -->');
    assert.deepEqual(states(), ['1 open', '2 open']);
  });

  it('is found behind 150 others, and behind pull requests', async () => {
    const number = leave();
    for (let other = 0; other < 150; other += 1) fake.addIssue({ labels: ['drift'], author: JOB_BOT });
    fake.addPullRequest();
    assert.deepEqual([(await upsert(open('b'))).outcome, (await upsert(open('c'))).number], ['updated', number]);
  });

  it('is found, and labelled again, after somebody took the labels off', async () => {
    const number = leave({ labels: ['mine'] });
    assert.equal((await upsert(open('b'))).number, number);
    assert.deepEqual(fake.issues()[0]?.labels, ['mine', 'drift', 'prod']);
  });

  it('is closed although somebody took the labels off', async () => {
    leave({ labels: [] });
    assert.equal((await upsert({ state: 'closed' })).outcome, 'closed');
  });

  it('of somebody else with our marker is not ours', async () => {
    leave({ author: 'mallory' });
    assert.equal((await upsert({ state: 'closed' })).outcome, 'none');
    assert.deepEqual(states(), ['1 open']);
  });
});

describe('duplicates', () => {
  it('are closed as such, the oldest goes on', async () => {
    leave({ state: 'closed' });
    leave();
    leave();
    const { number, duplicatesClosed, outcome } = await upsert(open('b'));
    assert.deepEqual([number, duplicatesClosed, outcome], [1, [2, 3], 'reopened']);
    assert.deepEqual(states(), ['1 open', '2 closed', '3 closed']);
    assert.equal(fake.issues()[1]?.stateReason, 'duplicate');
  });

  it('of a race at the first one are closed', async () => {
    fake.before(POST, () => void leave());
    const { number, duplicatesClosed } = await upsert(open('b'));
    assert.deepEqual([number, duplicatesClosed], [1, [2]]);
    assert.deepEqual(states(), ['1 open', '2 closed']);
  });

  it('of six runs at once end as one open issue', async () => {
    await Promise.all(Array.from({ length: 6 }, () => upsert(open('b'))));
    assert.equal(fake.issues().filter(({ state }) => state === 'open').length, 1);
  });
});

describe('trouble does not double it', () => {
  const kinds: readonly FaultKind[] = ['secondary-limit', 'bad-gateway', 'reset', 'lost-answer', 'lost-answer-502'];
  for (const kind of kinds) {
    it(kind, async () => {
      fake.faults.next({ kind, on: [POST], retryAfterSeconds: 1 });
      assert.equal((await upsert(open('a'))).outcome, 'opened');
      assert.deepEqual(states(), ['1 open']);
    });
  }

  it('a missing permission is named', async () => {
    const client = clientOf(fake, fake.addToken({ permissions: { issues: 'read' } }));
    const asked = upsertIssue(client, { marker: MARKER, labels: ['drift'], wanted: open('a') });
    await assert.rejects(asked, { code: 'GITHUB_FORBIDDEN', message: /it lacks issues: write\. In a workflow add/ });
  });
});
