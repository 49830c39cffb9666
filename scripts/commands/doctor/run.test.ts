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
    for (const part of parts) {
      const { exitCode, cause } = await run(deps(part));
      assert.equal(exitCode, 1);
      assert.match(cause?.message ?? '', /: NOT VALID, .*\n {2}FAILED \S+ of [\s\S]*\nThen again: npm run doctor$/);
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
