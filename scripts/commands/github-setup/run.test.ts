/** Set-up of a repository on the fake GitHub: what it makes, mends, leaves alone, and says when it may not. */
import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import type { CommandResult } from '../../adapters/cli/command.ts';
import type { GitHub } from '../../adapters/github/client.ts';
import { PlainReporter } from '../../adapters/reporter/plain.ts';
import { setUpRepository, type WantedInput } from '../../operations/set-up-repository.ts';
import { environmentsWith } from '../../testing/environments-with.ts';
import type { FakeGitHub } from '../../testing/fake-github/fake-github.ts';
import { openRepository, type RepositoryOptions, SETUP_PERMISSIONS } from '../../testing/github-repository.ts';
import { run } from './run.ts';

let fake: FakeGitHub;
let github: GitHub;
let wanted: WantedInput;
let as: Awaited<ReturnType<typeof openRepository>>['as'];
let said = '';

async function open(options: RepositoryOptions = {}): Promise<void> {
  ({ fake, github, wanted, as } = await openRepository(options));
  said = '';
}
afterEach(() => fake.close());

interface Told extends CommandResult {
  readonly writes: readonly string[];
}

/** Runs it, and tells what it wrote. */
async function setUp({ dryRun = false, client = github, input = wanted } = {}): Promise<Told> {
  fake.journal.clear();
  const reporter = new PlainReporter({ write: (text: string) => (said += text) });
  const result = await run(
    { dryRun, environmentNames: [] },
    { reporter, setUp: (options) => setUpRepository(client, input, options) },
  );
  return { ...result, writes: fake.journal.mutations().map((line) => line.replace(/\/repos\/[^/]+\/[^/]+/, '')) };
}

const environment = (name: string) => {
  const found = fake.repository.environments.get(name);
  assert.ok(found, `${name} is there`);
  return found;
};
const nameOf = ({ type, id }: { type: string; id: number }): string | undefined =>
  type === 'Team'
    ? fake.world.teams.find((team) => team.id === id)?.slug
    : fake.world.users.find((user) => user.id === id)?.login;
const statesOf = ({ document }: CommandResult) =>
  Object.fromEntries(
    (document['changes'] as { subject: string; state: string }[]).map(({ subject, state }) => [subject, state]),
  );

describe('github:setup', () => {
  it('with --dry-run shows the difference and writes nothing', async () => {
    await open();
    const { exitCode, text, writes, document } = await setUp({ dryRun: true });
    assert.deepEqual([exitCode, writes], [0, []]);
    assert.match(text, /environment prod .*reviewers .*absent .*@bob, @example\/platform/);
    assert.match(text, /9 changes to make; nothing was changed/);
    assert.ok((document['differences'] as unknown[]).length > 20);
  });

  it('makes everything, what protects first, and shows the difference before', async () => {
    await open({ private: false, accounts: { dev: '999999999999' } });
    const { exitCode, writes, text } = await setUp();
    assert.equal(exitCode, 0, text);
    assert.match(said, /^To be changed in example\/trading-platform:\n┌/);
    assert.ok(writes.at(0)?.startsWith('put /actions/permissions '), 'Actions come first');
    const at = (part: string): number => writes.findIndex((line) => line.includes(part));
    assert.ok(at('rulesets') < at('environments/dev ') && at('environments/prod ') < at('variables'));

    const prod = environment('prod');
    assert.deepEqual(prod.reviewers.map(nameOf), ['bob', 'platform']);
    assert.deepEqual([prod.preventSelfReview, prod.adminsBypass], [true, false]);
    const rollback = environment('prod-rollback');
    assert.deepEqual(rollback.reviewers.map(nameOf), ['on-call']);
    assert.deepEqual([rollback.preventSelfReview, rollback.adminsBypass], [false, false]);
    assert.deepEqual(environment('dev').reviewers, []);
    for (const { policies } of fake.repository.environments.values()) {
      assert.deepEqual(
        policies.map(({ name, type }) => [name, type]),
        [['main', 'branch']],
      );
    }

    const { actions, selectedActions, workflowPermissions, variables, rulesets } = fake.repository;
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
    await setUp();
    const { exitCode, writes, text } = await setUp();
    assert.deepEqual([exitCode, writes], [0, []]);
    assert.match(text, /is set up: nothing to change/);
  });

  it('mends what was changed by hand, and nothing else', async () => {
    await open();
    await setUp();
    environment('prod').adminsBypass = true;
    environment('prod').policies.push({ id: 1, name: 'release/*', type: 'branch' });
    fake.repository.workflowPermissions = {
      default_workflow_permissions: 'write',
      can_approve_pull_request_reviews: true,
    };
    const { exitCode, writes } = await setUp();
    assert.equal(exitCode, 0);
    assert.deepEqual(writes, [
      'put /actions/permissions/workflow 204',
      'put /environments/prod 200',
      'delete /environments/prod/deployment-branch-policies/1 204',
    ]);
    assert.deepEqual((await setUp()).writes, []);
  });

  it('takes a weakened ruleset back, and keeps what somebody made stricter', async () => {
    await open();
    await setUp();
    const [ruleset] = fake.repository.rulesets;
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
    const { exitCode, writes } = await setUp();
    assert.deepEqual([exitCode, writes], [0, [`put /rulesets/${ruleset.id} 200`]]);
    const mended = fake.repository.rulesets[0];
    assert.deepEqual([mended?.bypass_actors, mended?.enforcement], [[], 'active']);
    const review = mended?.rules?.find(({ type }) => type === 'pull_request');
    assert.ok(review?.type === 'pull_request');
    assert.equal(review.parameters?.required_approving_review_count, 1);
    assert.equal(review.parameters?.required_review_thread_resolution, true);
    assert.ok(mended?.rules?.some(({ type }) => type === 'required_signatures'));
    assert.deepEqual((await setUp()).writes, []);
  });

  it('keeps a wait timer, which is the owner’s', async () => {
    await open();
    await setUp();
    environment('prod').waitTimer = 30;
    environment('prod').adminsBypass = true;
    await setUp();
    assert.deepEqual([environment('prod').waitTimer, environment('prod').adminsBypass], [30, false]);
  });

  it('leaves variables as they are and says which', async () => {
    await open({ private: false, accounts: { dev: '999999999999' } });
    const put = (name: string, value: string): void => {
      fake.repository.variables.set(name, { name, value, createdAt: '', updatedAt: '' });
    };
    put('ATTEST_RELEASES', 'false');
    put('CDK_DEV_ACCOUNT', '111111111111');
    put('CDK_QA_ACCOUNT', '222222222222');
    put('CDK_PROD_ACCOUNT', '12');
    put('COLOUR', 'blue');
    const { text, writes } = await setUp();
    assert.ok(!writes.some((line) => line.includes('variables')));
    assert.match(text, /variable ATTEST_RELEASES +│ It is false; set-up would have said true/);
    assert.match(text, /variable CDK_DEV_ACCOUNT +│ dev is in 111111111111, its file says 123456789012; here/);
    assert.match(text, /variable CDK_QA_ACCOUNT +│ No workflow knows it: there is no such environment/);
    assert.match(text, /warning │ variable CDK_PROD_ACCOUNT +│ "12" is no account/);
    assert.match(text, /variable COLOUR +│ No workflow knows it\./);
  });

  it('reports environments that are gone, and deletes none', async () => {
    await open({ environments: environmentsWith({ name: 'prod-eu', after: 'staging', like: 'prod' }) });
    await setUp();
    const { exitCode, text, writes } = await setUp({ input: { ...wanted, environments: environmentsWith() } });
    assert.deepEqual([exitCode, writes], [0, []]);
    assert.match(text, /environment prod-eu +│ No file in environments\/ asks for it/);
    assert.match(text, /environment prod-eu-rollback/);
    environment('prod-eu');
  });

  it('takes up a fourth environment from its file alone', async () => {
    await open();
    await setUp();
    const environments = environmentsWith({ name: 'prod-eu', after: 'staging', like: 'prod' });
    const { exitCode, writes } = await setUp({ input: { ...wanted, environments, overridden: environments } });
    assert.equal(exitCode, 0);
    assert.deepEqual(writes, [
      'put /environments/prod-eu 200',
      'post /environments/prod-eu/deployment-branch-policies 200',
      'put /environments/prod-eu-rollback 200',
      'post /environments/prod-eu-rollback/deployment-branch-policies 200',
    ]);
    assert.deepEqual(environment('prod-eu').reviewers.map(nameOf), ['bob', 'platform']);
  });

  it('resets the subject of OIDC tokens last, and keeps its form', async () => {
    await open();
    fake.repository.oidcSubject = { use_default: false, include_claim_keys: ['repo'], use_immutable_subject: true };
    const { writes, text } = await setUp();
    assert.equal(writes.at(-1), 'put /actions/oidc/customization/sub 201');
    assert.deepEqual(fake.repository.oidcSubject, { use_default: true, use_immutable_subject: true });
    assert.match(text, /OIDC subject +│ This repository sends its ids/);
    assert.match(text, new RegExp(`"repositoryId": "${fake.repository.id}"`));
  });

  it('warns of another repository in cdk.json, of wrong ids, and of another default branch', async () => {
    await open();
    const trusted = { name: 'example-org/other', ids: { owner: '1', repository: '2' } };
    Object.assign(fake.repository, { defaultBranch: 'trunk' });
    const { text } = await setUp({ dryRun: true, input: { ...wanted, trusted } });
    assert.match(text, /cdk\.json says "repository": "example-org\/other"/);
    assert.match(text, /The ids in cdk\.json are not this repository's/);
    assert.match(text, /It is trunk: schedules run there/);
  });

  it('says what GitHub took and did not keep', async () => {
    await open();
    await setUp();
    environment('prod').adminsBypass = true;
    const { environments } = fake.repository;
    fake.before('put /repos/{owner}/{repo}/environments/{environment_name}', () => {
      const found = environments.get('prod');
      assert.ok(found);
      environments.set(
        'prod',
        new Proxy(found, { set: (target, key, value) => key === 'adminsBypass' || Reflect.set(target, key, value) }),
      );
    });
    const { exitCode, text } = await setUp();
    assert.equal(exitCode, 1);
    assert.match(text, /NOT KEPT: environment prod: administrators may pass by is yes and not no/);
  });
});

describe('github:setup, refused', () => {
  it('without a token GitHub knows: nothing is done', async () => {
    await open();
    fake.world.tokens.length = 0;
    await assert.rejects(setUp(), { code: 'GITHUB_TOKEN_REFUSED', exitCode: 1, message: /Set GITHUB_TOKEN/ });
    assert.deepEqual(fake.journal.mutations(), []);
  });

  it('for a repository that is not there or is hidden', async () => {
    await open();
    const { fake: other } = await openRepository({ name: 'example/other' });
    try {
      const hidden = as({ permissions: SETUP_PERMISSIONS, repositories: [other.name] });
      await assert.rejects(setUp({ client: hidden }), {
        code: 'GITHUB_NOT_FOUND',
        message: /example\/trading-platform/,
      });
    } finally {
      await other.close();
    }
  });

  it('by a token that may read and not write: each permission is named, and what opens is not begun', async () => {
    await open();
    fake.repository.oidcSubject = { use_default: false, include_claim_keys: ['repo'] };
    const permissions = { administration: 'read', actions: 'write', variables: 'write' } as const;
    const { exitCode, text, writes, ...result } = await setUp({ client: as({ permissions }) });
    assert.equal(exitCode, 1);
    assert.match(text, /REFUSED: Actions\. The token may not PUT .*administration: write/);
    assert.match(text, /REFUSED: environment dev, environment dev-rollback, /);
    assert.equal(statesOf({ exitCode, text, ...result })['OIDC subject'], 'not begun');
    assert.match(text, /NOT BEGUN: OIDC subject\. It lets more in, and what protects is not complete: Actions, /);
    assert.ok(!writes.some((line) => line.includes('oidc')));
    assert.match(text, /is NOT set up: 1 of 10 changes made/);
  });

  it('to read: what is not seen is unknown, never taken as it should be', async () => {
    await open();
    const { exitCode, text } = await setUp({ client: as({ permissions: { actions: 'read' } }), dryRun: true });
    assert.equal(exitCode, 1);
    assert.match(text, /UNKNOWN: Actions\. .*administration: read/);
    assert.match(text, /UNKNOWN: variable ATTEST_RELEASES\. .*variables: read/);
  });

  it('for reviewers nobody knows, all at once, before anything is written', async () => {
    const approvers = ['@nobody', '@example/nowhere', '@elsewhere/team'];
    await open({ reviewers: { approvers } });
    await assert.rejects(setUp(), (error: Error) => {
      assert.match(error.message, /^environments\/reviewers\/github\.json names reviewers GitHub does not know:/);
      assert.match(error.message, /@nobody: no such user/);
      assert.match(error.message, /@example\/nowhere: no such team, or the token lacks .*members: read/);
      assert.match(error.message, /@elsewhere\/team: a team must be of example/);
      return true;
    });
    assert.deepEqual(fake.journal.mutations(), []);
  });

  it('for a reviewer that may not read the repository', async () => {
    await open();
    fake.before('put /repos/{owner}/{repo}/environments/{environment_name}', () => fake.world.teams.splice(0));
    const { exitCode, text } = await setUp();
    assert.equal(exitCode, 1);
    assert.match(
      text,
      /REFUSED: environment dev-rollback.*\. GitHub refuses the reviewers @example\/on-call: each must be able to read/,
    );
  });

  it('by the plan: branches are protected, what is missing is said with its remedy, a second run changes nothing', async () => {
    await open({ plan: 'team' });
    const { exitCode, text, ...result } = await setUp();
    assert.equal(exitCode, 1);
    assert.equal(statesOf({ exitCode, text, ...result })['environment prod'], 'in part');
    assert.match(text, /IN PART: environment dev-rollback, .*environment prod, .*need GitHub Enterprise.*npm run hold/);
    assert.deepEqual(
      environment('prod').policies.map(({ name }) => name),
      ['main'],
    );
    assert.equal(environment('prod').adminsBypass, false);
    assert.equal(fake.repository.variables.get('ATTEST_RELEASES')?.value, 'false');
    assert.equal((await setUp()).exitCode, 1);
  });

  it('by the plan, seen before anything is tried', async () => {
    await open({ plan: 'team' });
    const { text } = await setUp({ dryRun: true });
    assert.match(text, /warning │ reviewers of dev-rollback, .*│ Required reviewers of a private repository need/);
    const bot = as({ login: 'setup[bot]', permissions: SETUP_PERMISSIONS });
    assert.match((await setUp({ dryRun: true, client: bot })).text, /this token can't see its plan/);
  });

  it('by the plan, where there are reviewers already: they are not taken away', async () => {
    await open();
    await setUp();
    Object.assign(fake.repository, { plan: 'team' });
    environment('prod').adminsBypass = true;
    const { exitCode, text } = await setUp();
    assert.equal(exitCode, 1);
    assert.match(text, /REFUSED: environment prod\. Required reviewers of a private repository need/);
    assert.equal(environment('prod').reviewers.length, 2);
  });

  it('by the plan, for rulesets of a private repository', async () => {
    await open({ plan: 'free' });
    const { exitCode, text } = await setUp();
    assert.equal(exitCode, 1);
    assert.match(text, /UNKNOWN: ruleset "gitops: releases"\. .*Upgrade to GitHub Pro or make this repository public/);
    environment('prod');
  });

  it('in the middle: what comes after is not begun, and the next run does the rest', async () => {
    await open();
    fake.faults.next({
      kind: 'bad-gateway',
      times: 9,
      after: 2,
      on: ['put /repos/{owner}/{repo}/environments/{environment_name}'],
    });
    const first = await setUp();
    assert.equal(first.exitCode, 1);
    const states = statesOf(first);
    assert.deepEqual(
      [states['environment dev-rollback'], states['environment staging'], states['environment prod']],
      ['done', 'refused', 'not begun'],
    );
    assert.match(first.text, /NOT BEGUN: .*environment prod, .*\. It comes after environment staging\./);
    fake.faults.clear();
    const second = await setUp();
    assert.equal(second.exitCode, 0);
    assert.ok(!second.writes.some((line) => line.includes('environments/dev')));
  });

  it('with a lost answer, nothing is made twice', async () => {
    await open();
    fake.faults.next({ kind: 'lost-answer', on: ['post /repos/{owner}/{repo}/rulesets'] });
    fake.faults.next({ kind: 'lost-answer', on: ['post /repos/{owner}/{repo}/actions/variables'] });
    assert.equal((await setUp()).exitCode, 0);
    assert.equal(fake.repository.rulesets.length, 1);
  });

  it('for one environment alone', async () => {
    await open();
    const setUpNothing = () => assert.fail('nothing is set up');
    const deps = { reporter: new PlainReporter({ write: () => {} }), setUp: setUpNothing };
    await assert.rejects(run({ dryRun: false, environmentNames: ['dev'] }, deps), /as a whole/);
  });
});
