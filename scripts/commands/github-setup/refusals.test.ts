/** What a set-up is refused, and what it says: by tokens, plans, people nobody knows, and a GitHub that breaks off. */
import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import { PlainReporter } from '../../adapters/reporter/plain.ts';
import { openRepository, SETUP_PERMISSIONS } from '../../testing/github-repository.ts';
import { openSetup, type SetupBench } from '../../testing/github-setup-bench.ts';
import { run } from './run.ts';

let bench: SetupBench;
const open = async (options?: Parameters<typeof openSetup>[0]): Promise<void> => {
  bench = await openSetup(options);
};
afterEach(() => bench.fake.close());

describe('github:setup, refused', () => {
  it('without a token GitHub knows: nothing is done', async () => {
    await open();
    bench.fake.world.tokens.length = 0;
    await assert.rejects(bench.setUp(), { code: 'GITHUB_TOKEN_REFUSED', exitCode: 1, message: /Set GITHUB_TOKEN/ });
    assert.deepEqual(bench.fake.journal.mutations(), []);
  });

  it('for a repository that is not there or is hidden', async () => {
    await open();
    const { fake: other } = await openRepository({ name: 'example/other' });
    try {
      const hidden = bench.as({ permissions: SETUP_PERMISSIONS, repositories: [other.name] });
      await assert.rejects(bench.setUp({ client: hidden }), {
        code: 'GITHUB_NOT_FOUND',
        message: /example\/trading-platform/,
      });
    } finally {
      await other.close();
    }
  });

  it('by a token that may read and not write: each permission is named, and what opens is not begun', async () => {
    await open();
    bench.repository.oidcSubject = { use_default: false, include_claim_keys: ['repo'] };
    const permissions = { administration: 'read', actions: 'write', variables: 'write' } as const;
    const { exitCode, text, writes, states, cause } = await bench.setUp({ client: bench.as({ permissions }) });
    assert.equal(exitCode, 1);
    assert.match(text, /REFUSED: Actions\. The token may not PUT .*administration: write/);
    assert.match(text, /REFUSED: environment dev, environment dev-rollback, /);
    assert.equal(states['OIDC subject'], 'not begun');
    assert.match(text, /NOT BEGUN: OIDC subject\. It lets more in, and what protects is not complete: Actions, /);
    assert.ok(!writes.some((line) => line.includes('oidc')));
    assert.match(text, /is NOT set up: 1 of 10 changes made/);
    assert.equal(cause?.code, 'NOT_SET_UP');
    const [first, ...others] = cause.message.split('\n');
    assert.match(first ?? '', /^REFUSED: Actions\. .*administration: write/);
    assert.match(others.at(-1) ?? '', /is NOT set up: 1 of 10 changes made\..*run it again\.$/);
    assert.ok(others.length < 5 && !/[│|]/.test(cause.message), cause.message);
  });

  it('to read: what is not seen is unknown, never taken as it should be', async () => {
    await open();
    const { exitCode, text } = await bench.setUp({
      client: bench.as({ permissions: { actions: 'read' } }),
      dryRun: true,
    });
    assert.equal(exitCode, 1);
    assert.match(text, /UNKNOWN: Actions\. .*administration: read/);
    assert.match(text, /UNKNOWN: variable ATTEST_RELEASES\. .*variables: read/);
  });

  it('for reviewers nobody knows, all at once, before anything is written', async () => {
    const approvers = ['@nobody', '@example/nowhere', '@elsewhere/team'];
    await open({ reviewers: { approvers } });
    await assert.rejects(bench.setUp(), (error: Error) => {
      assert.match(error.message, /^environments\/reviewers\/github\.json names reviewers GitHub does not know:/);
      assert.match(error.message, /@nobody: no such user/);
      assert.match(error.message, /@example\/nowhere: no such team, or the token lacks .*members: read/);
      assert.match(error.message, /@elsewhere\/team: a team must be of example/);
      return true;
    });
    assert.deepEqual(bench.fake.journal.mutations(), []);
  });

  it('for a reviewer that may not read the repository', async () => {
    await open();
    bench.fake.before('put /repos/{owner}/{repo}/environments/{environment_name}', () =>
      bench.fake.world.teams.splice(0),
    );
    const { exitCode, text } = await bench.setUp();
    assert.equal(exitCode, 1);
    assert.match(
      text,
      /REFUSED: environment dev-rollback.*\. GitHub refuses the reviewers @example\/on-call: each must be able to read/,
    );
  });

  it('by the plan: branches are protected, what is missing is said with its remedy, a second run changes nothing', async () => {
    await open({ plan: 'team' });
    const { exitCode, text, states } = await bench.setUp();
    assert.equal(exitCode, 1);
    assert.equal(states['environment prod'], 'in part');
    assert.match(text, /IN PART: environment dev-rollback, .*environment prod, .*need GitHub Enterprise.*npm run hold/);
    assert.deepEqual(
      bench.environment('prod').policies.map(({ name }) => name),
      ['main'],
    );
    assert.equal(bench.environment('prod').adminsBypass, false);
    assert.equal(bench.repository.variables.get('ATTEST_RELEASES')?.value, 'false');
    assert.equal((await bench.setUp()).exitCode, 1);
  });

  it('by the plan, seen before anything is tried', async () => {
    await open({ plan: 'team' });
    const { text } = await bench.setUp({ dryRun: true });
    assert.match(text, /warning │ reviewers of dev-rollback, .*│ Required reviewers of a private repository need/);
    const bot = bench.as({ login: 'setup[bot]', permissions: SETUP_PERMISSIONS });
    assert.match((await bench.setUp({ dryRun: true, client: bot })).text, /this token can't see its plan/);
  });

  it('by the plan, where there are reviewers already: they are not taken away', async () => {
    await open();
    await bench.setUp();
    Object.assign(bench.repository, { plan: 'team' });
    bench.environment('prod').adminsBypass = true;
    const { exitCode, text } = await bench.setUp();
    assert.equal(exitCode, 1);
    assert.match(text, /REFUSED: environment prod\. Required reviewers of a private repository need/);
    assert.equal(bench.environment('prod').reviewers.length, 2);
  });

  it('by the plan, for rulesets of a private repository', async () => {
    await open({ plan: 'free' });
    const { exitCode, text } = await bench.setUp();
    assert.equal(exitCode, 1);
    assert.match(text, /UNKNOWN: ruleset "gitops: releases"\. .*Upgrade to GitHub Pro or make this repository public/);
    bench.environment('prod');
  });

  it('in the middle: what comes after is not begun, and the next run does the rest', async () => {
    await open();
    bench.fake.faults.next({
      kind: 'bad-gateway',
      times: 9,
      after: 2,
      on: ['put /repos/{owner}/{repo}/environments/{environment_name}'],
    });
    const first = await bench.setUp();
    assert.equal(first.exitCode, 1);
    const { states } = first;
    assert.deepEqual(
      [states['environment dev-rollback'], states['environment staging'], states['environment prod']],
      ['done', 'refused', 'not begun'],
    );
    assert.match(first.text, /NOT BEGUN: .*environment prod, .*\. It comes after environment staging\./);
    bench.fake.faults.clear();
    const second = await bench.setUp();
    assert.equal(second.exitCode, 0);
    assert.ok(!second.writes.some((line) => line.includes('environments/dev')));
  });

  it('with a lost answer, nothing is made twice', async () => {
    await open();
    bench.fake.faults.next({ kind: 'lost-answer', on: ['post /repos/{owner}/{repo}/rulesets'] });
    bench.fake.faults.next({ kind: 'lost-answer', on: ['post /repos/{owner}/{repo}/actions/variables'] });
    assert.equal((await bench.setUp()).exitCode, 0);
    assert.equal(bench.repository.rulesets.length, 1);
  });

  it('for one environment alone', async () => {
    await open();
    const setUpNothing = () => assert.fail('nothing is set up');
    const deps = { reporter: new PlainReporter({ write: () => {} }), setUp: setUpNothing };
    await assert.rejects(run({ dryRun: false, environmentNames: ['dev'] }, deps), /as a whole/);
  });

  it('says what was done also where nobody can look again', async () => {
    await open();
    bench.fake.faults.next({ kind: 'unavailable', times: 9, after: 1, on: ['get /repos/{owner}/{repo}'] });
    const { exitCode, text, states } = await bench.setUp();
    assert.equal(exitCode, 1);
    assert.equal(states['environment prod'], 'done');
    assert.match(text, /UNKNOWN: whether GitHub kept all of it\. GitHub gave no usable answer/);
  });

  it('warns of attestations the plan does not have', async () => {
    await open({ plan: 'team' });
    bench.repository.variables.set('ATTEST_RELEASES', {
      name: 'ATTEST_RELEASES',
      value: 'true',
      createdAt: '',
      updatedAt: '',
    });
    const { text } = await bench.setUp({ dryRun: true });
    assert.match(text, /warning │ variable ATTEST_RELEASES +│ Attestations of a private repository need/);
  });

  it('by a server that does not know the switch of administrators: all else is done, and what to click is said', async () => {
    await open();
    bench.repository.knowsAdminBypass = false;
    const { exitCode, text, states } = await bench.setUp();
    assert.equal(exitCode, 1);
    assert.equal(states['environment prod'], 'in part');
    assert.match(text, /"can_admins_bypass" is not a permitted key\. .*Settings → Environments, in each of these/);
    assert.deepEqual(bench.reviewers('prod'), ['bob', 'platform']);
    assert.equal(bench.environment('prod').preventSelfReview, true);
  });
});
