/** Runs and artifacts of the fake, called by plain HTTP: lists, filters, the way to storage, and what is refused. */
import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { caller } from './call.ts';
import { FakeGitHub } from './fake-github.ts';
import type { FakeRun } from './world.ts';

let fake: FakeGitHub;
let token: string;
beforeEach(async () => {
  fake = await FakeGitHub.start();
  token = fake.addToken({ permissions: { actions: 'read' } });
});
afterEach(() => fake.close());

const actions = '/repos/example/trading-platform/actions';
const get = (path: string) => caller(fake)('GET', `${actions}${path}`, { token });
const WORKFLOW = '.github/workflows/pull-request.yml';
const begin = (headSha: string, event = 'pull_request'): FakeRun =>
  fake.addRun({ workflow: WORKFLOW, event, ref: 'refs/heads/change', headSha, actor: 'ann' });

describe('runs', () => {
  it('are listed by the workflow’s file, newest first, by commit and event', async () => {
    const [one, , three] = [begin('a'), begin('b'), begin('a'), begin('a', 'push')];
    const { body } = await get('/workflows/pull-request.yml/runs?head_sha=a&event=pull_request');
    const { total_count, workflow_runs } = body as { total_count: number; workflow_runs: Record<string, unknown>[] };
    assert.equal(total_count, 2);
    assert.deepEqual(
      workflow_runs.map(({ id, run_number }) => [id, run_number]),
      [
        [three?.id, 3],
        [one?.id, 1],
      ],
    );
  });

  it('of a workflow there is not are not found', async () => {
    assert.equal((await get('/workflows/none.yml/runs')).status, 404);
  });

  it('of a fork name another repository', async () => {
    fake.addRun({ workflow: WORKFLOW, event: 'x', ref: 'y', headSha: 'a', actor: 'm', headRepository: 'mallory/fork' });
    const { body } = await get('/workflows/pull-request.yml/runs');
    const [run] = (body as { workflow_runs: Record<'repository' | 'head_repository', { id: number }>[] }).workflow_runs;
    assert.notEqual(run?.head_repository.id, run?.repository.id);
  });
});

describe('artifacts', () => {
  it('are listed by run and name', async () => {
    const [one, two] = [begin('a'), begin('a')];
    for (const [run, name] of [
      [one, 'plan-dev'],
      [one, 'plan-prod'],
      [two, 'plan-prod'],
    ] as const) {
      fake.keepArtifact(run, name, new Uint8Array(7));
    }
    const { body } = await get(`/runs/${one.id}/artifacts?name=plan-prod`);
    const { total_count, artifacts } = body as { total_count: number; artifacts: Record<string, unknown>[] };
    assert.deepEqual([total_count, artifacts[0]?.['size_in_bytes'], artifacts[0]?.['expired']], [1, 7, false]);
    assert.equal((await get('/runs/1/artifacts')).status, 404);
  });

  it('are had from storage, once, without a token', async () => {
    const { id } = fake.keepArtifact(begin('a'), 'plan-prod', new Uint8Array([1, 2, 3]));
    const ask = () =>
      fetch(`${fake.endpoint}${actions}/artifacts/${id}/zip`, {
        headers: { authorization: `Bearer ${token}` },
        redirect: 'manual',
      });
    const [first, second] = [await ask(), await ask()];
    assert.equal(first.status, 302);
    const location = first.headers.get('location') ?? '';
    assert.notEqual(new URL(location).origin, new URL(fake.endpoint).origin);
    const content = await fetch(location);
    assert.deepEqual([...new Uint8Array(await content.arrayBuffer())], [1, 2, 3]);
    assert.equal((await fetch(location)).status, 403);
    const told = second.headers.get('location') ?? '';
    assert.equal((await fetch(told, { headers: { authorization: `Bearer ${token}` } })).status, 400);
  });

  it('that expired are still listed, and gone: 410', async () => {
    const run = begin('a');
    const artifact = fake.keepArtifact(run, 'plan-prod', new Uint8Array(1));
    artifact.expired = true;
    const { body } = await get(`/runs/${run.id}/artifacts`);
    assert.equal((body as { artifacts: { expired: boolean }[] }).artifacts[0]?.expired, true);
    const { status, message } = await get(`/artifacts/${artifact.id}/zip`);
    assert.deepEqual([status, message], [410, 'Artifact has expired']);
  });

  it('that are not there, or asked for in another format, are not found', async () => {
    const { id } = fake.keepArtifact(begin('a'), 'plan-prod', new Uint8Array(1));
    assert.equal((await get('/artifacts/1/zip')).status, 404);
    assert.equal((await get(`/artifacts/${id}/tar`)).status, 404);
  });

  it('and runs need actions: read', async () => {
    const run = begin('a');
    token = fake.addToken({ permissions: { contents: 'read', pull_requests: 'write' } });
    for (const path of ['/workflows/pull-request.yml/runs', `/runs/${run.id}/artifacts`, '/artifacts/1/zip']) {
      const { status, headers } = await get(path);
      assert.deepEqual([status, headers.get('x-accepted-github-permissions')], [403, 'actions=read'], path);
    }
  });
});
