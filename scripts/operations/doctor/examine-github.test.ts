/** A repository on the fake GitHub, looked at: each thing that is otherwise is seen, and nothing is changed. */
import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import type { GitHub } from '../../adapters/github/client.ts';
import { PlainReporter } from '../../adapters/reporter/plain.ts';
import type { Check } from '../../core/check.ts';
import { clientOf } from '../../testing/fake-github/client.ts';
import type { FakeGitHub } from '../../testing/fake-github/fake-github.ts';
import { openRepository, type RepositoryOptions, SETUP_PERMISSIONS } from '../../testing/github-repository.ts';
import { setUpRepository, type WantedInput } from '../set-up-repository.ts';
import { examineGitHub, examineWithoutToken, unseenGitHub } from './examine-github.ts';

const reporter = new PlainReporter({ write: () => {} });
const READ = { actions: 'read', administration: 'read', contents: 'read', variables: 'read' } as const;

const lines = (checks: readonly Check[], status: Check['status']): string[] =>
  checks.filter((check) => check.status === status).map(({ id, subject, detail }) => `${id} ${subject}: ${detail}`);

describe('a repository on GitHub', () => {
  let fake: FakeGitHub;
  let github: GitHub;
  let wanted: WantedInput;

  /** A repository that is set up, looked at with a token that may read. */
  async function open(options: RepositoryOptions = {}): Promise<void> {
    const opened = await openRepository(options);
    ({ fake, wanted } = opened);
    fake.repository.oidcSubject = { use_default: true, use_immutable_subject: false };
    await setUpRepository(opened.github, wanted, { dryRun: false, reporter });
    github = opened.as({ permissions: READ });
    fake.journal.clear();
  }
  afterEach(() => fake.close());

  async function examine(input: Partial<Parameters<typeof examineGitHub>[0]> = {}): Promise<readonly Check[]> {
    const { checks } = await examineGitHub({
      repository: fake.name,
      chosen: wanted.environments,
      wanted,
      github,
      ...input,
    });
    assert.deepEqual(fake.journal.mutations(), [], 'nothing is changed');
    return checks;
  }
  const only = async (status: 'fail' | 'unknown', input?: Parameters<typeof examine>[0]): Promise<string> => {
    const found = lines(await examine(input), status);
    assert.equal(found.length, 1, found.join('\n'));
    return found[0] ?? '';
  };

  it('lacks nothing where it was set up', async () => {
    await open({ private: false });
    const checks = await examine();
    assert.deepEqual([...lines(checks, 'fail'), ...lines(checks, 'unknown')], []);
    const ids = new Set(checks.map(({ id }) => id));
    for (const id of ['plan', 'ruleset', 'environment', 'actions', 'job-token', 'oidc-subject', 'reviewers']) {
      assert.ok(ids.has(`github.${id}`), id);
    }
  });

  it('says what is otherwise, with the command that mends it', async () => {
    await open();
    const prod = fake.repository.environments.get('prod');
    assert.ok(prod);
    prod.reviewers = [];
    assert.match(
      await only('fail'),
      /^github\.environment environment prod: reviewers.*npm run github:setup -- --repo example\/trad/,
    );
    fake.repository.environments.delete('prod');
    assert.match(await only('fail'), /^github\.environment environment prod: Make it: npm run github:setup/);
    const [dev] = wanted.environments;
    assert.ok(dev);
    assert.deepEqual(lines(await examine({ chosen: [dev] }), 'fail'), [], 'of the environments named');
  });

  for (const [what, act, finding] of [
    [
      'a default token that may write',
      ({ repository }) =>
        (repository.workflowPermissions = {
          default_workflow_permissions: 'write',
          can_approve_pull_request_reviews: false,
        }),
      /github\.job-token/,
    ],
    [
      'actions that need no pin',
      ({ repository }) => (repository.actions = { ...repository.actions, sha_pinning_required: false }),
      /github\.actions Actions: pinned by commit/,
    ],
    ['a ruleset that is gone', ({ repository }) => repository.rulesets.splice(0), /github\.ruleset/],
    [
      'another subject of tokens',
      ({ repository }) =>
        (repository.oidcSubject = { use_default: false, include_claim_keys: ['repo'], use_immutable_subject: false }),
      /github\.oidc-subject/,
    ],
    [
      'another default branch',
      ({ repository }) => Object.assign(repository, { defaultBranch: 'trunk' }),
      /github\.default-branch.*Rename it to main/,
    ],
    [
      'an account that is none',
      ({ repository }) =>
        repository.variables.set('CDK_DEV_ACCOUNT', {
          name: 'CDK_DEV_ACCOUNT',
          value: 'dev',
          createdAt: '',
          updatedAt: '',
        }),
      /github\.account-variable.*"dev" is no account/,
    ],
    [
      'reviewers nobody knows',
      ({ world }) =>
        world.users.splice(
          world.users.findIndex(({ login }) => login === 'bob'),
          1,
          { ...world.user('bob'), login: 'rob' },
        ),
      /github\.reviewers .*@bob: no such user/s,
    ],
  ] satisfies [string, (fake: FakeGitHub) => unknown, RegExp][]) {
    it(`sees ${what}`, async () => {
      await open();
      act(fake);
      const found = lines(await examine(), 'fail').join('\n');
      assert.match(found, finding);
    });
  }

  it('sees another repository in cdk.json than this one', async () => {
    await open();
    const trusted = { name: 'example-org/other', ids: undefined };
    assert.match(
      await only('fail', { wanted: { ...wanted, trusted } }),
      /^github\.trusted-repository .*Set it to "example\/trading-platform", then npm run bootstrap/,
    );
  });

  describe('the ids in the subject of tokens', () => {
    const idsOf = ({ repository, world }: FakeGitHub) => ({
      owner: String(world.user(repository.owner).id),
      repository: String(repository.id),
    });
    const withForm = async (form: boolean | undefined): Promise<void> => {
      await open();
      fake.repository.oidcSubject = { use_default: true, ...(form !== undefined && { use_immutable_subject: form }) };
    };
    const trusting = (ids: { owner: string; repository: string } | undefined) => ({
      wanted: { ...wanted, trusted: { name: fake.name, ids } },
    });

    it('are missing in cdk.json where the repository sends them: which to add is said', async () => {
      await withForm(true);
      const { owner, repository } = idsOf(fake);
      const found = await only('fail', trusting(undefined));
      assert.match(found, /^github\.subject-ids .*AWS refuses until cdk\.json has/);
      assert.ok(found.includes(`"repositoryOwnerId": "${owner}", "repositoryId": "${repository}"`));
      assert.deepEqual(lines(await examine(trusting(idsOf(fake))), 'fail'), []);
    });

    it('are unknown where GitHub does not say whether it sends them', async () => {
      await withForm(undefined);
      assert.match(await only('unknown', trusting(undefined)), /^github\.subject-ids .*"repositoryOwnerId"/);
      assert.deepEqual(lines(await examine(trusting(idsOf(fake))), 'unknown'), []);
    });

    it('are wrong where they are another repository’s', async () => {
      await withForm(false);
      assert.match(await only('fail', trusting({ owner: '1', repository: '2' })), /are not this repository's/);
    });
  });

  it('sees a plan without reviewers, and says so of one it can’t see', async () => {
    await open({ plan: 'team' });
    const found = lines(await examine(), 'fail').join('\n');
    assert.match(found, /github\.plan .*need GitHub Enterprise/);
    const bot = clientOf(fake, fake.addToken({ login: 'doctor[bot]', permissions: READ }));
    assert.match(lines(await examine({ github: bot }), 'unknown').join('\n'), /github\.plan .*can't see its plan/);
  });

  it('sees attestations that were switched on in a plan without them', async () => {
    await open({ plan: 'team' });
    const now = '2026-11-23T00:00:00Z';
    const attest = (value: string) =>
      fake.repository.variables.set('ATTEST_RELEASES', {
        name: 'ATTEST_RELEASES',
        value,
        createdAt: now,
        updatedAt: now,
      });
    attest('true');
    const finding = /github\.attestation variable ATTEST_RELEASES: .*set ATTEST_RELEASES to false/;
    assert.match(lines(await examine(), 'fail').join('\n'), finding);
    attest('false');
    assert.doesNotMatch(lines(await examine(), 'fail').join('\n'), finding);
  });

  it('is unknown as far as the token may not read, never as it should be', async () => {
    await open();
    const poor = clientOf(fake, fake.addToken({ login: 'ann', permissions: { actions: 'read' } }));
    const checks = await examine({ github: poor });
    assert.deepEqual(lines(checks, 'fail'), []);
    const unknown = lines(checks, 'unknown').join('\n');
    assert.match(unknown, /github\.actions Actions: .*administration: read/);
    assert.match(unknown, /github\.variable variable ATTEST_RELEASES: .*variables: read/);
  });

  it('is missing for a wrong token or repository, unknown for a GitHub that does not answer', async () => {
    await open();
    const wrong = clientOf(fake, 'token-of-nobody');
    assert.match(
      await only('fail', { github: wrong }),
      /^github\.reachable .*Set GITHUB_TOKEN.*a fine-grained token.*administration, .*: read/s,
    );
    const { fake: other } = await openRepository({ name: 'example/other' });
    const elsewhere = clientOf(fake, fake.addToken({ permissions: SETUP_PERMISSIONS, repositories: [other.name] }));
    await other.close();
    assert.match(
      await only('fail', { github: elsewhere }),
      /^github\.reachable .*GITHUB_REPOSITORY.*a fine-grained token/s,
    );
    fake.faults.next({ kind: 'unavailable', times: 9, on: ['get /repos/{owner}/{repo}'] });
    assert.match(await only('unknown'), /^github\.reachable .*no usable answer/);
  });

  it('at which nobody looks is unknown', async () => {
    await open();
    const { title, checks } = unseenGitHub('a/b', 'GITHUB_TOKEN is not set');
    assert.deepEqual(
      [title, lines(checks, 'unknown')],
      ['GitHub a/b', ['github.settings a/b: GITHUB_TOKEN is not set']],
    );
  });
});

describe('a repository no token was given for', () => {
  it('is unknown, and missing when it was asked for by name: which token is said', () => {
    const [found, named] = [false, true].map((asked) => examineWithoutToken('a/b', asked));
    assert.deepEqual([found?.title, named?.title], ['GitHub a/b', 'GitHub a/b']);
    assert.match(lines(found?.checks ?? [], 'unknown').join(), /^github\.settings a\/b: GITHUB_TOKEN is not set/);
    assert.match(
      lines(named?.checks ?? [], 'fail').join(),
      /^github\.token a\/b: Set GITHUB_TOKEN to a fine-grained token.*administration, actions, contents and variables: read/,
    );
  });
});
