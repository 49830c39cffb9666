/** The whole set-up looked at: what ends it with which code, and the verb as a process. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { tmpdir } from 'node:os';
import { describe, it } from 'node:test';
import { promisify } from 'node:util';
import type { EnvironmentConfig } from '../../../environments/environment-config.ts';
import { PlainReporter } from '../../adapters/reporter/plain.ts';
import { REPOSITORY_ROOT } from '../../adapters/repository-root.ts';
import type { Check } from '../../core/check.ts';
import type { MachineFacts } from '../../core/doctor/machine.ts';
import { UsageError } from '../../core/errors.ts';
import { missing, observed } from '../../core/validation/observation.ts';
import { environmentsWith } from '../../testing/environments-with.ts';
import { openRepository } from '../../testing/github-repository.ts';
import { type Dependencies, run } from './run.ts';

const reporter = new PlainReporter({ write: () => {} });

const lines = (checks: readonly Check[], status: Check['status']): string[] =>
  checks.filter((check) => check.status === status).map(({ id, subject, detail }) => `${id} ${subject}: ${detail}`);

interface Concluded {
  readonly title: string;
  readonly conclusion: string;
  readonly headline: string;
  readonly counts: Readonly<Record<Check['status'], number>>;
}

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

  it('calls a set-up complete where every check has its answer, and only there', async () => {
    const { exitCode, text, summary, document } = await run(deps());
    assert.equal(exitCode, 0);
    assert.match(text, /^the set-up: nothing is missing, 5 of 5 checks passed\n/);
    assert.match(summary ?? '', /^\*\*✅ the set-up: nothing is missing/);
    assert.equal(document['conclusion'], 'complete');
  });

  // What nobody asked for by name and nobody can see is no failure (exit 0: people have credentials of one account at a
  // time), and was once called valid for that: it is neither.
  it('ends 0 where nothing was found missing, and calls what nobody can tell unknown, not valid', async () => {
    const unseen: Check = {
      ...fine('github.settings'),
      status: 'unknown',
      actual: null,
      detail: 'GITHUB_TOKEN is not set',
    };
    const told: string[] = [];
    const { exitCode, text, summary, document } = await run(
      deps({
        reporter: new PlainReporter({ write: (line) => void told.push(line) }),
        examineGitHub: async () => ({ title: 'GitHub a/b', checks: [unseen] }),
      }),
    );
    assert.equal(exitCode, 0);
    assert.match(text, /UNKNOWN {2}github\.settings\n .*GITHUB_TOKEN is not set/);
    assert.match(text, /^the set-up: nothing found missing, 1 unknown, 4 of 5 checks passed\n/);
    assert.match(text, /^GitHub a\/b: nothing found missing, 1 unknown, 0 of 1 checks passed$/m);
    assert.match(summary ?? '', /^\*\*❔ the set-up: nothing found missing, 1 unknown, /);
    assert.match(summary ?? '', /^### ❔ GitHub a\/b: nothing found missing, 1 unknown, /m);
    assert.match(told.join(''), /nothing found missing, 1 unknown/);
    assert.doesNotMatch([text, summary, JSON.stringify(document)].join('\n'), /valid/i);
    const { conclusion, headline, counts, parts } = document as unknown as Concluded & { parts: Concluded[] };
    assert.deepEqual([conclusion, counts], ['unknown', { pass: 4, fail: 0, unknown: 1 }]);
    assert.match(headline, /^nothing found missing, 1 unknown/);
    assert.deepEqual(
      parts.map((part) => [part.title, part.conclusion]),
      [
        ['this machine', 'complete'],
        ['configuration', 'complete'],
        ['account 1', 'complete'],
        ['GitHub a/b', 'unknown'],
      ],
    );
    assert.match(parts.at(-1)?.headline ?? '', /^nothing found missing, 1 unknown/);
  });

  it('ends 1 where something is missing, wherever it is', async () => {
    const lacking = { ...fine('role.trust'), status: 'fail' as const, detail: 'npm run bootstrap' };
    const parts: Partial<Dependencies>[] = [
      { readMachine: async () => ({ ...machine, git: missing }) },
      { examineConfiguration: async () => ({ checks: [lacking], environments }) },
      { examineAccounts: async () => [{ title: 'account 1', checks: [lacking] }] },
      { examineGitHub: async () => ({ title: 'GitHub a/b', checks: [lacking] }) },
    ];
    for (const part of parts) {
      const { exitCode, cause } = await run(deps(part));
      assert.equal(exitCode, 1);
      assert.match(
        cause?.message ?? '',
        /: something is missing, .*\n {2}FAILED \S+ of [\s\S]*\nThen again: npm run doctor$/,
      );
    }
    const { cause } = await run(deps(parts.at(-1)));
    assert.match(cause?.message ?? '', /^GitHub a\/b: .*\n {2}FAILED role\.trust of role\.trust: npm run bootstrap\n/);
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

  /** As a process, without credentials of AWS. */
  async function doctor(variables: Readonly<Record<string, string>>, ...args: readonly string[]) {
    const env = { PATH: process.env['PATH'], HOME: tmpdir(), AWS_EC2_METADATA_DISABLED: 'true', ...variables };
    const argv = ['--import', 'tsx', 'scripts/commands/doctor/main.ts', '--json', '--env', 'dev', ...args];
    const ended: { code?: number; stdout: string } = await promisify(execFile)(process.execPath, argv, {
      cwd: REPOSITORY_ROOT,
      env,
    }).catch((error: { code: number; stdout: string }) => error);
    const document = JSON.parse(ended.stdout) as { ok: boolean; parts: (Concluded & { checks: Check[] })[] };
    return { code: ended.code, ...document };
  }

  it('fails for a repository that --repo names and no token can look at; one it finds by itself is unknown', async () => {
    const named = (await doctor({}, '--repo', 'acme/trading')).parts.at(-1);
    assert.deepEqual([named?.title, named?.conclusion], ['GitHub acme/trading', 'missing']);
    const remedy = lines(named?.checks ?? [], 'fail').join('\n');
    assert.match(remedy, /^github\.token acme\/trading: Set GITHUB_TOKEN to a fine-grained token.*administration, /);
    const found = (await doctor({ GITHUB_REPOSITORY: 'acme/trading' })).parts.at(-1);
    assert.deepEqual([found?.title, found?.conclusion], ['GitHub acme/trading', 'unknown']);
  });

  it('runs as a process, against GitHub as GITHUB_API_URL says, without credentials of AWS', async () => {
    const { fake, token } = await openRepository();
    try {
      const variables = { GITHUB_API_URL: fake.endpoint, GITHUB_TOKEN: token };
      const { code, ok, parts } = await doctor(variables, '--repo', fake.name);
      assert.equal(code, 1);
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
