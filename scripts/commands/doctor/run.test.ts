/** The whole set-up looked at: GitHub on the fake, the configuration in folders of its own, each finding seen once. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, it } from 'node:test';
import { promisify } from 'node:util';
import type { EnvironmentConfig } from '../../../environments/environment-config.ts';
import type { GitHub } from '../../adapters/github/client.ts';
import { PlainReporter } from '../../adapters/reporter/plain.ts';
import { REPOSITORY_ROOT } from '../../adapters/repository-root.ts';
import type { Check } from '../../core/check.ts';
import type { MachineFacts } from '../../core/doctor/machine.ts';
import { UsageError } from '../../core/errors.ts';
import { missing, observed } from '../../core/validation/observation.ts';
import { examineConfiguration } from '../../operations/doctor/examine-configuration.ts';
import { examineGitHub } from '../../operations/doctor/examine-github.ts';
import { setUpRepository, type WantedInput } from '../../operations/set-up-repository.ts';
import { environmentsWith } from '../../testing/environments-with.ts';
import { clientOf } from '../../testing/fake-github/client.ts';
import type { FakeGitHub } from '../../testing/fake-github/fake-github.ts';
import { openRepository, type RepositoryOptions, SETUP_PERMISSIONS } from '../../testing/github-repository.ts';
import { type Dependencies, run } from './run.ts';

const reporter = new PlainReporter({ write: () => {} });
const READ = { actions: 'read', administration: 'read', variables: 'read' } as const;

const lines = (checks: readonly Check[], status: Check['status']): string[] =>
  checks.filter((check) => check.status === status).map(({ id, subject, detail }) => `${id} ${subject}: ${detail}`);

describe('doctor: GitHub', () => {
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
    assert.match(await only('fail', { github: wrong }), /^github\.reachable .*Set GITHUB_TOKEN/);
    const { fake: other } = await openRepository({ name: 'example/other' });
    const elsewhere = clientOf(fake, fake.addToken({ permissions: SETUP_PERMISSIONS, repositories: [other.name] }));
    await other.close();
    assert.match(await only('fail', { github: elsewhere }), /^github\.reachable .*GITHUB_REPOSITORY/);
    fake.faults.next({ kind: 'unavailable', times: 9, on: ['get /repos/{owner}/{repo}'] });
    assert.match(await only('unknown'), /^github\.reachable .*no usable answer/);
  });

  it('is unknown without a token, and where emulated accounts are meant', async () => {
    await open();
    assert.match(await only('unknown', { github: { unseen: 'GITHUB_TOKEN is not set' } }), /GITHUB_TOKEN is not set/);
  });
});

describe('doctor: the configuration', () => {
  /** A root like this repository's. */
  async function examine(change: (root: string) => void, local = false) {
    const root = mkdtempSync(join(tmpdir(), 'gitops-doctor-'));
    try {
      mkdirSync(join(root, '.github'));
      for (const name of ['cdk.json', '.github/CODEOWNERS']) cpSync(join(REPOSITORY_ROOT, name), join(root, name));
      for (const name of ['dev.json', 'staging.json', 'prod.json', 'reviewers', 'waivers']) {
        cpSync(join(REPOSITORY_ROOT, 'environments', name), join(root, 'environments', name), { recursive: true });
      }
      change(root);
      return await examineConfiguration({ root, local, today: new Date('2026-11-23') });
    } finally {
      rmSync(root, { recursive: true });
    }
  }

  it('names the placeholders it is shipped with; --local needs none replaced', async () => {
    const { checks, environments } = await examine(() => {});
    assert.equal(environments?.length, 3);
    const found = lines(checks, 'fail').join('\n');
    for (const file of [
      'cdk.json',
      '.github/CODEOWNERS',
      'environments/reviewers/github.json',
      'environments/dev.json',
    ]) {
      assert.ok(found.includes(`configuration.placeholder ${file}`), file);
    }
    const local = await examine(() => {}, true);
    assert.deepEqual(lines(local.checks, 'fail'), []);
    assert.match(lines(local.checks, 'unknown').join(), /^configuration\.placeholder .*--local/);
  });

  it('says what is wrong in environments, reviewers and waivers, in the loaders’ own words', async () => {
    const write = (name: string, text: string) => (root: string) =>
      writeFileSync(join(root, 'environments', name), text);
    const table: readonly [(root: string) => void, RegExp][] = [
      [write('dev.json', '{'), /configuration\.environments .*dev\.json/s],
      [write('reviewers/github.json', '{"approvers": []}'), /configuration\.reviewers .*a list of 1 to 6/s],
      [write('waivers/drift.json', '{"waivers": 1}'), /configuration\.waivers .*waivers: found 1/s],
    ];
    for (const [change, finding] of table) {
      const { checks } = await examine(change, true);
      const found = lines(checks, 'fail');
      assert.equal(found.length, 1, found.join('\n'));
      assert.match(found[0] ?? '', finding);
    }
  });
});

describe('doctor', () => {
  const environments = environmentsWith();
  const machine: MachineFacts = {
    node: '20.19.0',
    wantedNode: '>=20.19.0',
    packages: {},
    git: observed('2'),
    python: undefined,
  };
  const fine = (id: string): Check => ({ id, subject: id, status: 'pass', expected: 1, actual: 1, detail: '' });
  const deps = (other: Partial<Dependencies> = {}): Dependencies => ({
    reporter,
    readMachine: async () => machine,
    examineConfiguration: async () => ({ checks: [fine('configuration.environments')], environments }),
    choose: (all) => all,
    examineAccounts: async () => [{ title: 'account 1', checks: [fine('role.trust')] }],
    examineGitHub: async () => ({ title: 'GitHub a/b', checks: [fine('github.plan')] }),
    ...other,
  });

  it('ends 0 where nothing is missing, and lists what nobody can tell', async () => {
    const unseen: Check = {
      ...fine('github.settings'),
      status: 'unknown',
      actual: null,
      detail: 'GITHUB_TOKEN is not set',
    };
    const { exitCode, text, document } = await run(
      deps({ examineGitHub: async () => ({ title: 'GitHub a/b', checks: [unseen] }) }),
    );
    assert.equal(exitCode, 0);
    assert.match(text, /UNKNOWN {2}github\.settings\n .*GITHUB_TOKEN is not set/);
    assert.deepEqual(
      (document['parts'] as { title: string; ok: boolean }[]).map(({ title, ok }) => [title, ok]),
      [
        ['this machine', true],
        ['configuration', true],
        ['account 1', true],
        ['GitHub a/b', true],
      ],
    );
  });

  it('ends 1 where something is missing, wherever it is', async () => {
    const lacking = { ...fine('role.trust'), status: 'fail' as const, detail: 'npm run bootstrap' };
    const parts: Partial<Dependencies>[] = [
      { readMachine: async () => ({ ...machine, git: missing }) },
      { examineConfiguration: async () => ({ checks: [lacking], environments }) },
      { examineAccounts: async () => [{ title: 'account 1', checks: [lacking] }] },
      { examineGitHub: async () => ({ title: 'GitHub a/b', checks: [lacking] }) },
    ];
    for (const part of parts) assert.equal((await run(deps(part))).exitCode, 1);
  });

  it('looks at nothing behind a configuration that is wrong, and says so', async () => {
    const broken = { ...fine('configuration.environments'), status: 'fail' as const };
    const notCalled = () => assert.fail('looked');
    const { exitCode, text } = await run(
      deps({
        examineConfiguration: async () => ({ checks: [broken], environments: undefined }),
        examineAccounts: notCalled,
        examineGitHub: notCalled,
      }),
    );
    assert.equal(exitCode, 1);
    assert.match(text, /UNKNOWN {2}configuration\.needed/);
  });

  it('hands on what --env named', async () => {
    const seen: string[][] = [];
    const names = (all: readonly EnvironmentConfig[]) => all.map(({ name }) => name);
    await run(
      deps({
        choose: (all) => all.slice(0, 1),
        examineAccounts: async (all, chosen) => {
          seen.push(names(all), names(chosen));
          return [];
        },
      }),
    );
    assert.deepEqual(seen, [['dev', 'staging', 'prod'], ['dev']]);
    const choose = () => {
      throw new UsageError('No environment "qa".');
    };
    await assert.rejects(run(deps({ choose })), UsageError);
  });

  it('runs as a process, against GitHub as GITHUB_API_URL says, without credentials of AWS', async () => {
    const { fake, token } = await openRepository();
    try {
      const env = {
        PATH: process.env['PATH'],
        HOME: tmpdir(),
        AWS_EC2_METADATA_DISABLED: 'true',
        GITHUB_API_URL: fake.endpoint,
      };
      const argv = [
        '--import',
        'tsx',
        'scripts/commands/doctor/main.ts',
        '--json',
        '--env',
        'dev',
        '--repo',
        fake.name,
      ];
      const ended = await promisify(execFile)(process.execPath, argv, {
        cwd: REPOSITORY_ROOT,
        env: { ...env, GITHUB_TOKEN: token },
      }).catch((error: { code: number; stdout: string }) => error);
      assert.equal((ended as { code?: number }).code, 1);
      const { ok, parts } = JSON.parse(ended.stdout) as { ok: boolean; parts: { title: string; checks: Check[] }[] };
      assert.equal(ok, false);
      assert.deepEqual(
        parts.map(({ title }) => title),
        ['this machine', 'configuration', 'account 123456789012 (dev)', `GitHub ${fake.name}`],
      );
      const found = parts.flatMap(({ checks }) => lines(checks, 'fail')).join('\n');
      assert.match(found, /account\.reachable 123456789012: AWS takes no call from here/);
      assert.match(found, /github\.environment environment dev: Make it/);
    } finally {
      await fake.close();
    }
  });
});
