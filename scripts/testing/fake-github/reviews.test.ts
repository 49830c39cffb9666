/** Jobs that wait for a person: who may let them begin, and each refusal. */
import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { caller } from './call.ts';
import { FakeGitHub } from './fake-github.ts';
import { admit, waitingFor } from './review-handlers.ts';
import type { FakeRun } from './world.ts';

let fake: FakeGitHub;
let run: FakeRun;
beforeEach(async () => {
  fake = await FakeGitHub.start();
  const setUp = fake.addToken({ login: 'admin', permissions: { administration: 'write', environments: 'write' } });
  const team = { slug: 'on-call', id: fake.world.newId(), organization: 'example', members: ['olga'] };
  fake.world.teams.push(team);
  const put = (name: string, body: object) => call('PUT', `${repo}/environments/${name}`, { token: setUp, body });
  const policy = { protected_branches: true, custom_branch_policies: false };
  await put('dev', { deployment_branch_policy: policy });
  const reviewers = [
    { type: 'User', id: fake.world.user('rita').id },
    { type: 'Team', id: team.id },
  ];
  await put('prod', { reviewers, prevent_self_review: true, deployment_branch_policy: policy });
  await put('prod-rollback', { reviewers, prevent_self_review: false, deployment_branch_policy: policy });
  run = begin('rita');
});
afterEach(() => fake.close());

const repo = '/repos/example/trading-platform';
const call = (...asked: Parameters<ReturnType<typeof caller>>) => caller(fake)(...asked);
const begin = (actor: string, ref = 'refs/heads/main'): FakeRun =>
  fake.addRun({ workflow: '.github/workflows/promote.yml', event: 'push', ref, headSha: 'a'.repeat(40), actor });
const admission = (name: string, of = run) => admit(fake.world, fake.repository, of, name);
const reviewed = (login: string, change: object = {}, of = run, permissions: object = { deployments: 'write' }) =>
  call('POST', `${repo}/actions/runs/${of.id}/pending_deployments`, {
    token: fake.addToken({ login, permissions }),
    body: {
      environment_ids: [fake.repository.environments.get('prod')?.id],
      state: 'approved',
      comment: 'as reviewed',
      ...change,
    },
  });

describe('an environment', () => {
  it('without reviewers lets a job of main begin', () => assert.equal(admission('dev'), 'open'));
  it('refuses a job of another branch, and of a pull request', () => {
    assert.equal(admission('dev', begin('rita', 'refs/heads/change')), 'branch-refused');
    assert.equal(admission('dev', begin('rita', 'refs/pull/1/merge')), 'branch-refused');
  });
  it('that was never set up is not made up', () => assert.equal(admission('preprod'), 'no-such-environment'));
  it('with reviewers lets it wait', () => {
    assert.equal(admission('prod'), 'waits');
    assert.deepEqual(waitingFor(run), ['prod']);
  });
});

describe('a review', () => {
  beforeEach(() => void admission('prod'));

  it('by a member of a team that reviews lets the job begin, and is a deployment', async () => {
    const { status, body } = await reviewed('olga');
    assert.equal(status, 200);
    assert.equal((body as { environment: string }[])[0]?.environment, 'prod');
    assert.deepEqual(waitingFor(run), []);
    assert.equal(run.waiting.get('prod')?.review?.by.login, 'olga');
    assert.equal(fake.repository.deployments.length, 1);
  });

  it('that rejects makes no deployment', async () => {
    assert.equal((await reviewed('olga', { state: 'rejected' })).status, 200);
    assert.equal(run.waiting.get('prod')?.review?.state, 'rejected');
    assert.equal(fake.repository.deployments.length, 0);
  });

  it('lists what waits, and whether the caller may', async () => {
    const asked = async (login: string) => {
      const token = fake.addToken({ login, permissions: { actions: 'read' } });
      return (await call('GET', `${repo}/actions/runs/${run.id}/pending_deployments`, { token })).body as {
        environment: { name: string };
        current_user_can_approve: boolean;
      }[];
    };
    assert.deepEqual(
      (await asked('olga')).map((each) => [each.environment.name, each.current_user_can_approve]),
      [['prod', true]],
    );
    assert.equal((await asked('rita'))[0]?.current_user_can_approve, false);
  });

  it('is refused to who began the run, where self-review is off', async () => {
    assert.equal((await reviewed('rita')).status, 403);
    assert.deepEqual(waitingFor(run), ['prod']);
  });

  it('is allowed to who began the run, where self-review is on', async () => {
    admission('prod-rollback');
    const id = fake.repository.environments.get('prod-rollback')?.id;
    assert.equal((await reviewed('rita', { environment_ids: [id] })).status, 200);
  });

  it('is refused to who is no reviewer', async () => assert.equal((await reviewed('mallory')).status, 403));
  it('is refused without the permission', async () =>
    assert.equal((await reviewed('olga', {}, run, { contents: 'read' })).status, 403));
  it('of a run that is none is not found', async () =>
    assert.equal((await reviewed('olga', {}, { ...run, id: 1 })).status, 404));
  it('of nothing that waits is refused', async () => {
    const dev = fake.repository.environments.get('dev')?.id;
    assert.equal((await reviewed('olga', { environment_ids: [dev] })).status, 422);
  });
  it('is given once', async () => {
    await reviewed('olga');
    assert.equal((await reviewed('olga')).status, 422);
  });
  it('of another state is refused', async () => assert.equal((await reviewed('olga', { state: 'maybe' })).status, 422));
  for (const field of ['environment_ids', 'state', 'comment']) {
    it(`without ${field} is refused`, async () =>
      assert.equal((await reviewed('olga', { [field]: undefined })).status, 422));
  }
});
