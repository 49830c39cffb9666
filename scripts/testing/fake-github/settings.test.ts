/** What the fake knows of a repository's set-up: one test per refusal GitHub documents, and what makes it different. */
import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { type Answered, caller } from './call.ts';
import { FakeGitHub } from './fake-github.ts';

const repo = '/repos/example/trading-platform';
let fake: FakeGitHub;
let token: string;

beforeEach(() => open({}));
afterEach(() => fake.close());

async function open(settings: Parameters<typeof FakeGitHub.start>[0]): Promise<void> {
  fake = await FakeGitHub.start(settings);
  const write = ['actions', 'administration', 'deployments', 'environments', 'variables'] as const;
  token = fake.addToken({ login: 'ann', permissions: Object.fromEntries(write.map((name) => [name, 'write'])) });
}

/** A repository of another plan instead. */
async function reopen(settings: Parameters<typeof FakeGitHub.start>[0]): Promise<void> {
  await fake.close();
  await open(settings);
}

const call = (method: string, path: string, body?: unknown): Promise<Answered> =>
  caller(fake)(
    method,
    path.startsWith('/repos') || path.startsWith('/users') || path.startsWith('/orgs') ? path : `${repo}${path}`,
    { token, body },
  );
const get = async <T>(path: string): Promise<T> => (await call('GET', path)).body as T;
const put = (body: object): Promise<Answered> => call('PUT', '/environments/prod', body);

describe('environments', () => {
  it('have no protection at first, and let admins pass', async () => {
    assert.equal((await put({})).status, 200);
    const made = await get<Record<string, unknown>>('/environments/prod');
    assert.deepEqual([made['protection_rules'], made['can_admins_bypass']], [[], true]);
  });

  it('show reviewers, self-review and branch policy as rules', async () => {
    const reviewer = { type: 'User', id: fake.world.user('bob').id };
    await put({
      reviewers: [reviewer],
      prevent_self_review: true,
      can_admins_bypass: false,
      deployment_branch_policy: { protected_branches: true, custom_branch_policies: false },
    });
    const { protection_rules: rules } = await get<{ protection_rules: Record<string, unknown>[] }>(
      '/environments/prod',
    );
    assert.deepEqual(
      rules.map(({ type }) => type),
      ['required_reviewers', 'branch_policy'],
    );
    assert.equal(rules[0]?.['prevent_self_review'], true);
  });

  it('are replaced, not merged: what is left out goes', async () => {
    await put({ reviewers: [{ type: 'User', id: fake.world.user('bob').id }] });
    await put({});
    assert.deepEqual((await get<{ protection_rules: unknown[] }>('/environments/prod')).protection_rules, []);
  });

  it('refuse reviewers in a private repository without Enterprise, even an empty list', async () => {
    await reopen({ plan: 'team' });
    const { status, message } = await put({ reviewers: [] });
    assert.equal(status, 422);
    assert.match(message, /^Failed to create the environment protection rule\. Please ensure the billing plan/);
    assert.equal((await put({ prevent_self_review: false })).status, 422);
    assert.equal((await put({ deployment_branch_policy: null })).status, 200);
  });

  it('take reviewers in a public repository of any plan', async () => {
    await reopen({ plan: 'free', private: false });
    assert.equal((await put({ reviewers: [{ type: 'User', id: fake.world.user('bob').id }] })).status, 200);
  });

  it('refuse more than six reviewers', async () => {
    const reviewers = [1, 2, 3, 4, 5, 6, 7].map((each) => ({ type: 'User', id: fake.world.user(`u${each}`).id }));
    assert.equal((await put({ reviewers })).status, 422);
    assert.equal((await put({ reviewers: reviewers.slice(1) })).status, 200);
  });

  it('refuse a reviewer nobody knows', async () => {
    assert.equal((await put({ reviewers: [{ type: 'Team', id: 1 }] })).status, 422);
  });

  it('refuse a wait beyond 30 days', async () => {
    assert.equal((await put({ wait_timer: 43_201 })).status, 422);
    assert.equal((await put({ wait_timer: 43_200 })).status, 200);
  });

  it('refuse both kinds of branch policy, and neither', async () => {
    for (const same of [true, false]) {
      const policy = { protected_branches: same, custom_branch_policies: same };
      assert.equal((await put({ deployment_branch_policy: policy })).status, 422);
    }
  });

  it('need custom policies switched on before one is made; the same one twice is one', async () => {
    const policies = '/environments/prod/deployment-branch-policies';
    await put({});
    assert.equal((await call('POST', policies, { name: 'main' })).status, 404);
    await put({ deployment_branch_policy: { protected_branches: false, custom_branch_policies: true } });
    await call('POST', policies, { name: 'main' });
    assert.equal((await call('POST', policies, { name: 'main' })).status, 200);
    const { total_count, branch_policies } = await get<{ total_count: number; branch_policies: { id: number }[] }>(
      policies,
    );
    assert.equal(total_count, 1);
    assert.equal((await call('DELETE', `${policies}/${branch_policies[0]?.id}`)).status, 204);
  });

  it('are counted in their list, 30 a page, and are no more once removed', async () => {
    for (let made = 0; made < 31; made += 1) await call('PUT', `/environments/e${made}`, {});
    const { total_count, environments } = await get<{ total_count: number; environments: unknown[] }>('/environments');
    assert.deepEqual([total_count, environments.length], [31, 30]);
    assert.equal((await call('DELETE', '/environments/e1')).status, 204);
    assert.equal((await call('GET', '/environments/e1')).status, 404);
  });

  it('need administration to be changed', async () => {
    token = fake.addToken({ permissions: { actions: 'write', environments: 'write' } });
    assert.equal((await put({})).status, 403);
  });
});

describe('variables', () => {
  for (const base of ['/actions/variables', '/environments/prod/variables']) {
    it(`${base}: made, changed, listed ten a page, removed`, async () => {
      await put({});
      for (let made = 0; made < 12; made += 1) await call('POST', base, { name: `name_${made}`, value: 'v' });
      const { total_count, variables } = await get<{ total_count: number; variables: { name: string }[] }>(base);
      assert.deepEqual([total_count, variables.length, variables[0]?.name], [12, 10, 'NAME_0']);
      assert.equal((await get<{ variables: unknown[] }>(`${base}?per_page=30`)).variables.length, 12);
      assert.equal((await call('PATCH', `${base}/NAME_0`, { value: 'w' })).status, 204);
      assert.equal((await get<{ value: string }>(`${base}/name_0`)).value, 'w');
      assert.equal((await call('DELETE', `${base}/NAME_0`)).status, 204);
      assert.equal((await call('GET', `${base}/NAME_0`)).status, 404);
    });

    it(`${base}: refuse a name that is taken (409), bad names, and large values (422)`, async () => {
      await put({});
      await call('POST', base, { name: 'A', value: '1' });
      const again = await call('POST', base, { name: 'a', value: '2' });
      assert.deepEqual([again.status, again.message], [409, 'Already exists - Variable already exists']);
      for (const name of ['1A', 'A-B', 'GITHUB_A', '']) {
        assert.equal((await call('POST', base, { name, value: 'x' })).status, 422, name);
      }
      assert.equal((await call('POST', base, { name: 'B', value: 'x'.repeat(48 * 1024 + 1) })).status, 422);
      assert.equal((await call('POST', base, { name: 'B' })).status, 422);
      assert.equal((await call('PATCH', `${base}/UNKNOWN`, { value: 'x' })).status, 404);
    });
  }

  it('of an environment nobody made are not found', async () => {
    assert.equal((await call('GET', '/environments/prod/variables')).status, 404);
  });

  it('of a repository and of an environment need different permissions', async () => {
    await put({});
    token = fake.addToken({ permissions: { variables: 'write' } });
    assert.equal((await call('POST', '/actions/variables', { name: 'A', value: '1' })).status, 201);
    assert.equal((await call('POST', '/environments/prod/variables', { name: 'A', value: '1' })).status, 403);
  });
});

describe('rulesets', () => {
  const ruleset = { name: 'main', enforcement: 'active', target: 'branch', rules: [{ type: 'deletion' }] };

  it('are listed without their rules, and read with them', async () => {
    const made = (await call('POST', '/rulesets', ruleset)).body as { id: number };
    const [listed] = await get<Record<string, unknown>[]>('/rulesets');
    assert.deepEqual([listed?.['name'], listed?.['rules']], ['main', undefined]);
    assert.deepEqual((await get<{ rules: unknown }>(`/rulesets/${made.id}`)).rules, [{ type: 'deletion' }]);
    await call('PUT', `/rulesets/${made.id}`, { enforcement: 'disabled' });
    const changed = await get<{ name: string; enforcement: string }>(`/rulesets/${made.id}`);
    assert.deepEqual([changed.name, changed.enforcement], ['main', 'disabled']);
    assert.equal((await call('DELETE', `/rulesets/${made.id}`)).status, 204);
    assert.equal((await call('GET', `/rulesets/${made.id}`)).status, 404);
  });

  it('refuse a name twice, and none', async () => {
    await call('POST', '/rulesets', ruleset);
    assert.equal((await call('POST', '/rulesets', ruleset)).errors[0]?.message, 'Name must be unique');
    assert.equal((await call('POST', '/rulesets', { enforcement: 'active' })).status, 422);
  });

  it('are refused to a private repository on the free plan', async () => {
    await reopen({ plan: 'free' });
    assert.equal((await call('GET', '/rulesets')).status, 403);
    assert.match((await call('POST', '/rulesets', ruleset)).message, /^Upgrade to GitHub Pro/);
  });
});

describe('settings of Actions', () => {
  it('change which actions may run; the list of some only where some are chosen', async () => {
    const selected = '/actions/permissions/selected-actions';
    assert.equal((await call('GET', selected)).status, 409);
    assert.equal((await call('PUT', selected, {})).status, 409);
    await call('PUT', '/actions/permissions', {
      enabled: true,
      allowed_actions: 'selected',
      sha_pinning_required: true,
    });
    assert.equal((await call('PUT', selected, { patterns_allowed: ['a/*'] })).status, 204);
    assert.deepEqual((await get<{ patterns_allowed: string[] }>(selected)).patterns_allowed, ['a/*']);
    const settings = await get<Record<string, unknown>>('/actions/permissions');
    assert.deepEqual(settings, { enabled: true, allowed_actions: 'selected', sha_pinning_required: true });
    assert.equal((await call('PUT', '/actions/permissions', {})).status, 422);
  });

  it('change what the job token may do', async () => {
    const path = '/actions/permissions/workflow';
    assert.equal((await call('PUT', path, { default_workflow_permissions: 'write' })).status, 204);
    assert.equal((await get<Record<string, unknown>>(path))['default_workflow_permissions'], 'write');
    assert.equal((await call('PUT', path, { default_workflow_permissions: 'all' })).status, 422);
  });

  it('change the subject of OIDC tokens', async () => {
    const path = '/actions/oidc/customization/sub';
    assert.equal((await call('PUT', path, { use_default: false, include_claim_keys: ['repo'] })).status, 201);
    assert.deepEqual(await get(path), { use_default: false, include_claim_keys: ['repo'] });
    assert.equal((await call('PUT', path, {})).status, 422);
  });
});

describe('deployments', () => {
  it('are listed the newest first, with their statuses', async () => {
    const first = (await call('POST', '/deployments', { ref: 'main', environment: 'dev' })).body as { id: number };
    await call('POST', '/deployments', { ref: 'main', environment: 'prod' });
    const environments = (await get<{ environment: string }[]>('/deployments')).map(({ environment }) => environment);
    assert.deepEqual(environments, ['prod', 'dev']);
    assert.equal((await get<unknown[]>('/deployments?environment=dev')).length, 1);
    const statuses = `/deployments/${first.id}/statuses`;
    await call('POST', statuses, { state: 'in_progress' });
    await call('POST', statuses, { state: 'success', environment_url: 'https://example.com' });
    const states = (await get<{ state: string }[]>(statuses)).map(({ state }) => state);
    assert.deepEqual(states, ['success', 'in_progress']);
  });

  it('refuse one without a ref, and a status without a state or a deployment', async () => {
    assert.equal((await call('POST', '/deployments', {})).status, 422);
    const { id } = (await call('POST', '/deployments', { ref: 'main' })).body as { id: number };
    assert.equal((await call('POST', `/deployments/${id}/statuses`, {})).status, 422);
    assert.equal((await call('POST', '/deployments/1/statuses', { state: 'success' })).status, 404);
  });
});

describe('people', () => {
  it('are found by login, whatever the case; teams by slug', async () => {
    fake.world.user('Bob');
    fake.world.teams.push({ slug: 'platform', id: 7, organization: 'example' });
    assert.equal((await get<{ login: string }>('/users/bob')).login, 'Bob');
    assert.equal((await call('GET', '/users/nobody')).status, 404);
    assert.equal((await get<{ id: number }>('/orgs/example/teams/platform')).id, 7);
    assert.equal((await call('GET', '/orgs/example/teams/none')).status, 404);
  });
});
