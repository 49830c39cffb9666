/** What the fake knows of owners: plans, owners of code, apps; one test per refusal. */
import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import { caller } from './call.ts';
import { FakeGitHub } from './fake-github.ts';

let fake: FakeGitHub;
afterEach(() => fake.close());

async function get(path: string, token?: Parameters<FakeGitHub['addToken']>[0]) {
  const value = token && fake.addToken(token);
  const { status, body } = await caller(fake)('GET', path, { ...(value && { token: value }) });
  return { status, body: body as Record<string, unknown> };
}

describe('owners', () => {
  it('show an organization’s plan to people who own it, and to no bot', async () => {
    fake = await FakeGitHub.start({ plan: 'team' });
    const { body } = await get('/orgs/example', { login: 'ann' });
    assert.equal((body['plan'] as { name: string }).name, 'team');
    assert.equal('plan' in (await get('/orgs/example', {})).body, false);
    const { body: repository } = await get('/repos/example/trading-platform', { login: 'ann' });
    assert.equal((repository['owner'] as { type: string }).type, 'Organization');
  });

  it('are no organization where a person owns the repository (404), and nobody’s without a token (401)', async () => {
    fake = await FakeGitHub.start({ plan: 'free' });
    assert.equal((await get('/orgs/example', { login: 'ann' })).status, 404);
    assert.equal((await get('/orgs/nobody', { login: 'ann' })).status, 404);
    assert.equal((await get('/orgs/example')).status, 401);
  });

  it('of code are told to who may read it (else 403)', async () => {
    fake = await FakeGitHub.start();
    const path = '/repos/example/trading-platform/codeowners/errors';
    assert.deepEqual((await get(path, { permissions: { contents: 'read' } })).body, { errors: [] });
    assert.equal((await get(path, { permissions: { actions: 'read' } })).status, 403);
  });
});

describe('apps', () => {
  it('know GitHub Actions, and no other (404)', async () => {
    fake = await FakeGitHub.start();
    assert.equal((await get('/apps/github-actions', {})).body['id'], 15_368);
    assert.equal((await get('/apps/other', {})).status, 404);
  });
});

describe('an environment of a server that is older', () => {
  it('refuses the switch of administrators by its name (422)', async () => {
    fake = await FakeGitHub.start();
    fake.repository.knowsAdminBypass = false;
    const token = fake.addToken({ permissions: { administration: 'write' } });
    const path = '/repos/example/trading-platform/environments/prod';
    const { status, message } = await caller(fake)('PUT', path, { token, body: { can_admins_bypass: false } });
    assert.deepEqual([status, message], [422, 'Invalid request.\n\n"can_admins_bypass" is not a permitted key.']);
    assert.equal((await caller(fake)('PUT', path, { token, body: {} })).status, 200);
  });
});
