/** Set-up of a repository on the fake GitHub: what it makes, mends and leaves alone. */
import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import { environmentsWith } from '../../testing/environments-with.ts';
import { openSetup, type SetupBench } from '../../testing/github-setup-bench.ts';

let bench: SetupBench;
const open = async (options?: Parameters<typeof openSetup>[0]): Promise<void> => {
  bench = await openSetup(options);
};
afterEach(() => bench.fake.close());

describe('github:setup', () => {
  it('with --dry-run shows the difference and writes nothing', async () => {
    await open();
    const { exitCode, text, writes, document } = await bench.setUp({ dryRun: true });
    assert.deepEqual([exitCode, writes], [0, []]);
    assert.match(text, /environment prod .*reviewers .*absent .*@bob, @example\/platform/);
    assert.match(text, /9 changes to make; nothing was changed/);
    assert.ok((document['differences'] as unknown[]).length > 20);
  });

  it('makes everything, what protects first, and shows the difference before', async () => {
    await open({ private: false, accounts: { dev: '999999999999' } });
    const { exitCode, writes, text, said } = await bench.setUp();
    assert.equal(exitCode, 0, text);
    assert.match(said, /^To be changed in example\/trading-platform:\n┌/);
    assert.ok(writes.at(0)?.startsWith('put /actions/permissions '), 'Actions come first');
    const at = (part: string): number => writes.findIndex((line) => line.includes(part));
    assert.ok(at('rulesets') < at('environments/dev ') && at('environments/prod ') < at('variables'));

    const prod = bench.environment('prod');
    assert.deepEqual(bench.reviewers('prod'), ['bob', 'platform']);
    assert.deepEqual([prod.preventSelfReview, prod.adminsBypass], [true, false]);
    const rollback = bench.environment('prod-rollback');
    assert.deepEqual(bench.reviewers('prod-rollback'), ['on-call']);
    assert.deepEqual([rollback.preventSelfReview, rollback.adminsBypass], [false, false]);
    assert.deepEqual(bench.environment('dev').reviewers, []);
    for (const { policies } of bench.repository.environments.values()) {
      assert.deepEqual(
        policies.map(({ name, type }) => [name, type]),
        [['main', 'branch']],
      );
    }

    const { actions, selectedActions, workflowPermissions, variables, rulesets } = bench.repository;
    assert.deepEqual(actions, { enabled: true, allowed_actions: 'selected', sha_pinning_required: true });
    assert.deepEqual(selectedActions, {
      github_owned_allowed: false,
      verified_allowed: false,
      patterns_allowed: ['actions/checkout@*', 'aws-actions/configure-aws-credentials@*'],
    });
    assert.deepEqual(workflowPermissions, {
      default_workflow_permissions: 'read',
      can_approve_pull_request_reviews: false,
    });
    assert.deepEqual([...variables.values()].map(({ name, value }) => `${name}=${value}`).sort(), [
      'ATTEST_RELEASES=true',
      'CDK_DEV_ACCOUNT=999999999999',
    ]);
    const [ruleset] = rulesets;
    assert.deepEqual(ruleset?.bypass_actors, []);
    assert.deepEqual(ruleset?.conditions, { ref_name: { include: ['refs/heads/main'], exclude: [] } });
    assert.deepEqual(
      ruleset?.rules?.map(({ type }) => type),
      ['deletion', 'non_fast_forward', 'required_linear_history', 'pull_request', 'required_status_checks'],
    );
    const checks = ruleset?.rules?.find(({ type }) => type === 'required_status_checks');
    assert.deepEqual(checks && 'parameters' in checks && checks.parameters, {
      strict_required_status_checks_policy: true,
      required_status_checks: [{ context: 'Verdict', integration_id: 15_368 }],
    });
  });

  it('writes nothing the second time', async () => {
    await open({ private: false });
    await bench.setUp();
    const { exitCode, writes, text } = await bench.setUp();
    assert.deepEqual([exitCode, writes], [0, []]);
    assert.match(text, /is set up: nothing to change/);
  });

  it('mends what was changed by hand, and nothing else', async () => {
    await open();
    await bench.setUp();
    bench.environment('prod').adminsBypass = true;
    bench.environment('prod').policies.push({ id: 1, name: 'release/*', type: 'branch' });
    bench.repository.workflowPermissions = {
      default_workflow_permissions: 'write',
      can_approve_pull_request_reviews: true,
    };
    const { exitCode, writes } = await bench.setUp();
    assert.equal(exitCode, 0);
    assert.deepEqual(writes, [
      'put /actions/permissions/workflow 204',
      'put /environments/prod 200',
      'delete /environments/prod/deployment-branch-policies/1 204',
    ]);
    assert.deepEqual((await bench.setUp()).writes, []);
  });

  it('takes a weakened ruleset back, and keeps what somebody made stricter', async () => {
    await open();
    await bench.setUp();
    const [ruleset] = bench.repository.rulesets;
    assert.ok(ruleset);
    ruleset.bypass_actors = [{ actor_id: 5, actor_type: 'RepositoryRole', bypass_mode: 'always' }];
    ruleset.enforcement = 'disabled';
    ruleset.rules = [
      { type: 'required_signatures' },
      {
        type: 'pull_request',
        parameters: {
          required_approving_review_count: 0,
          require_code_owner_review: false,
          dismiss_stale_reviews_on_push: true,
          require_last_push_approval: true,
          required_review_thread_resolution: true,
        },
      },
    ];
    const { exitCode, writes } = await bench.setUp();
    assert.deepEqual([exitCode, writes], [0, [`put /rulesets/${ruleset.id} 200`]]);
    const mended = bench.repository.rulesets[0];
    assert.deepEqual([mended?.bypass_actors, mended?.enforcement], [[], 'active']);
    const review = mended?.rules?.find(({ type }) => type === 'pull_request');
    assert.ok(review?.type === 'pull_request');
    assert.equal(review.parameters?.required_approving_review_count, 1);
    assert.equal(review.parameters?.required_review_thread_resolution, true);
    assert.ok(mended?.rules?.some(({ type }) => type === 'required_signatures'));
    assert.deepEqual((await bench.setUp()).writes, []);
  });

  it('keeps a wait timer, which is the owner’s', async () => {
    await open();
    await bench.setUp();
    bench.environment('prod').waitTimer = 30;
    bench.environment('prod').adminsBypass = true;
    await bench.setUp();
    assert.deepEqual([bench.environment('prod').waitTimer, bench.environment('prod').adminsBypass], [30, false]);
  });

  it('leaves variables as they are and says which', async () => {
    await open({ private: false, accounts: { dev: '999999999999' } });
    const put = (name: string, value: string): void => {
      bench.repository.variables.set(name, { name, value, createdAt: '', updatedAt: '' });
    };
    put('ATTEST_RELEASES', 'false');
    put('CDK_DEV_ACCOUNT', '111111111111');
    put('CDK_QA_ACCOUNT', '222222222222');
    put('CDK_PROD_ACCOUNT', '12');
    put('COLOUR', 'blue');
    const { text, writes } = await bench.setUp();
    assert.ok(!writes.some((line) => line.includes('variables')));
    assert.match(text, /variable ATTEST_RELEASES +│ It is false; set-up would have said true/);
    assert.match(text, /variable CDK_DEV_ACCOUNT +│ dev is in 111111111111, its file says 123456789012; here/);
    assert.match(text, /variable CDK_QA_ACCOUNT +│ No workflow knows it: there is no such environment/);
    assert.match(text, /warning │ variable CDK_PROD_ACCOUNT +│ "12" is no account/);
    assert.match(text, /variable COLOUR +│ No workflow knows it\./);
  });

  it('reports environments that are gone, and deletes none', async () => {
    await open({ environments: environmentsWith({ name: 'prod-eu', after: 'staging', like: 'prod' }) });
    await bench.setUp();
    const { exitCode, text, writes } = await bench.setUp({
      input: { ...bench.wanted, environments: environmentsWith() },
    });
    assert.deepEqual([exitCode, writes], [0, []]);
    assert.match(text, /environment prod-eu +│ No file in environments\/ asks for it/);
    assert.match(text, /environment prod-eu-rollback/);
    bench.environment('prod-eu');
  });

  it('takes up a fourth environment from its file alone', async () => {
    await open();
    await bench.setUp();
    const environments = environmentsWith({ name: 'prod-eu', after: 'staging', like: 'prod' });
    const { exitCode, writes } = await bench.setUp({
      input: { ...bench.wanted, environments, overridden: environments },
    });
    assert.equal(exitCode, 0);
    assert.deepEqual(writes, [
      'put /environments/prod-eu 200',
      'post /environments/prod-eu/deployment-branch-policies 200',
      'put /environments/prod-eu-rollback 200',
      'post /environments/prod-eu-rollback/deployment-branch-policies 200',
    ]);
    assert.deepEqual(bench.reviewers('prod-eu'), ['bob', 'platform']);
  });

  it('resets the subject of OIDC tokens last, and keeps its form', async () => {
    await open();
    bench.repository.oidcSubject = { use_default: false, include_claim_keys: ['repo'], use_immutable_subject: true };
    const { writes, text } = await bench.setUp();
    assert.equal(writes.at(-1), 'put /actions/oidc/customization/sub 201');
    assert.deepEqual(bench.repository.oidcSubject, { use_default: true, use_immutable_subject: true });
    assert.match(text, /OIDC subject +│ This repository sends its ids/);
    assert.match(text, new RegExp(`"repositoryId": "${bench.repository.id}"`));
  });

  it('warns of another repository in cdk.json, of wrong ids, and of another default branch', async () => {
    await open();
    const trusted = { name: 'example-org/other', ids: { owner: '1', repository: '2' } };
    Object.assign(bench.repository, { defaultBranch: 'trunk' });
    const { text } = await bench.setUp({ dryRun: true, input: { ...bench.wanted, trusted } });
    assert.match(text, /cdk\.json says "repository": "example-org\/other"/);
    assert.match(text, /The ids in cdk\.json are not this repository's/);
    assert.match(text, /It is trunk: schedules run there/);
  });

  it('says what GitHub took and did not keep', async () => {
    await open();
    await bench.setUp();
    bench.environment('prod').adminsBypass = true;
    const { environments } = bench.repository;
    bench.fake.before('put /repos/{owner}/{repo}/environments/{environment_name}', () => {
      const found = environments.get('prod');
      assert.ok(found);
      environments.set(
        'prod',
        new Proxy(found, { set: (target, key, value) => key === 'adminsBypass' || Reflect.set(target, key, value) }),
      );
    });
    const { exitCode, text } = await bench.setUp();
    assert.equal(exitCode, 1);
    assert.match(text, /NOT KEPT: environment prod: administrators may pass by is yes and not no/);
  });

  it('takes away reviewers no file asks for, after all that protects', async () => {
    await open();
    await bench.setUp();
    const dev = bench.environment('dev');
    dev.reviewers = [{ type: 'User', id: bench.fake.world.user('bob').id }];
    bench.environment('prod').adminsBypass = true;
    const { writes } = await bench.setUp();
    assert.deepEqual(writes, ['put /environments/prod 200', 'put /environments/dev 200']);
    assert.deepEqual(bench.environment('dev').reviewers, []);
  });

  it('leaves the list of allowed actions of a private repository to its owner', async () => {
    await open();
    bench.repository.actions = { enabled: true, allowed_actions: 'selected', sha_pinning_required: false };
    bench.repository.selectedActions = {
      github_owned_allowed: true,
      verified_allowed: false,
      patterns_allowed: ['a/b@*'],
    };
    const { exitCode, text } = await bench.setUp();
    assert.equal(exitCode, 0);
    assert.deepEqual(
      [bench.repository.actions.allowed_actions, bench.repository.actions.sha_pinning_required],
      ['selected', true],
    );
    assert.deepEqual(bench.repository.selectedActions.patterns_allowed, ['a/b@*']);
    assert.match(text, /kept +│ allowed actions +│ They are limited \(selected, a\/b@\*\)/);
  });
});
