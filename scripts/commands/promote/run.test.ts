/** `promote`: which environments, and what the end says. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { loadEnvironments } from '../../../environments/load.ts';
import type { Target } from '../../adapters/target.ts';
import { EXIT, UsageError } from '../../core/errors.ts';
import { describeRelease } from '../../core/release/release.ts';
import type { PromoteInput, Promotion } from '../../operations/promote.ts';
import { type Dependencies, type PromoteCommandInput, run } from './run.ts';

const environments = loadEnvironments({ variables: {} });
const release = describeRelease({
  commit: 'a'.repeat(40),
  committedAt: null,
  dirty: true,
  createdAt: new Date(0),
  environments: [],
  toolchain: {},
  files: [{ path: 'dev/manifest.json', sha256: 'b'.repeat(64) }],
});
const nothing = { details: [], stacks: [], counts: null, checks: [], rollback: null };

function world(promotion: Partial<Promotion> = {}) {
  const seen: PromoteInput[] = [];
  const deps: Dependencies = {
    resolveTargets: async (chosen) =>
      chosen.map((environment): Target => ({ environment, account: '1', region: 'r', unanswerable: [] })),
    withRelease: (_targets, use) => use({ release, folder: '/private/copy' }),
    promote: async (input) => {
      seen.push(input);
      const criticalPath = { steps: [], milliseconds: 0 };
      return { release, environments: [], exitCode: EXIT.done, criticalPath, ...promotion };
    },
  };
  const start = (more: Partial<PromoteCommandInput> = {}) =>
    run(
      {
        environments,
        chosen: environments,
        selection: { only: undefined, until: undefined },
        options: { retry: false, overrideFreeze: null, enforceFreeze: false },
        predecessorValidated: false,
        by: 'ada',
        waitSeconds: 0,
        signal: new AbortController().signal,
        ...more,
      },
      deps,
    );
  const names = () => seen[0]?.targets.map(({ environment }) => environment.name);
  return { seen, start, names };
}

describe('promote: which environments', () => {
  const select = async (more: Partial<PromoteCommandInput>) => {
    const { start, names } = world();
    await start(more);
    return names();
  };

  it('all; one with --only; one and what comes before it with --until; those of --env', async () => {
    assert.deepEqual(await select({}), ['dev', 'staging', 'prod']);
    assert.deepEqual(await select({ selection: { only: 'staging', until: undefined } }), ['staging']);
    assert.deepEqual(await select({ selection: { only: undefined, until: 'staging' } }), ['dev', 'staging']);
    assert.deepEqual(await select({ chosen: environments.slice(1) }), ['staging', 'prod']);
  });

  it('refuses what contradicts itself, and names nobody knows', async () => {
    const { start, seen } = world();
    await assert.rejects(start({ selection: { only: 'dev', until: 'prod' } }), UsageError);
    await assert.rejects(
      start({ chosen: environments.slice(1), selection: { only: 'dev', until: undefined } }),
      UsageError,
    );
    await assert.rejects(start({ selection: { only: 'qa', until: undefined } }), /There are: dev, staging, prod/);
    assert.deepEqual(seen, []);
  });
});

describe('promote: what it says', () => {
  it('gives release, stacks, outcomes, what stands in the way, what was left, and the critical path', async () => {
    const to = { id: 'c'.repeat(64), digest: 'd'.repeat(64), commit: 'e'.repeat(40), committedAt: null, dirty: false };
    const { start } = world({
      exitCode: EXIT.failed,
      environments: [
        {
          ...nothing,
          environment: 'dev',
          outcome: 'rolled-back',
          exitCode: EXIT.failed,
          message: 'It is back.',
          details: ['fail: function.memory of order-intake-dev'],
          stacks: [{ stack: 'trading-vpc-dev', status: 'updated', seconds: 1.25 }],
          rollback: { to, ok: true, leftovers: [{ name: 'extra', remove: true, removed: true, reason: 'no data' }] },
        },
        { ...nothing, environment: 'staging', outcome: 'not-started', exitCode: EXIT.done, message: 'Waits for dev.' },
      ],
      criticalPath: {
        steps: [
          { id: 'dev: prepare', milliseconds: 500, waitedMilliseconds: 0 },
          { id: 'dev: validate', milliseconds: 2_000, waitedMilliseconds: 100 },
        ],
        milliseconds: 2_600,
      },
    });
    const { exitCode, text, document, summary, cause } = await start();
    assert.equal(exitCode, EXIT.failed);
    assert.match(text, /Release [0-9a-f]{12} \(a{12}, dirty/);
    assert.match(text, /│ dev +│ trading-vpc-dev │ updated │ 1\.\d/);
    assert.match(text, /dev: rolled-back\. It is back\.\nstaging: not-started\. Waits for dev\./);
    assert.match(text, /dev: fail: function\.memory of order-intake-dev\ndev: extra was removed: no data/);
    assert.match(text, /Took 2\.6s\. Critical path: dev: prepare 0\.5s → dev: validate 2\.0s/);
    assert.match(summary ?? '', /\| staging \| not-started \| Waits for dev\. \|/);
    assert.deepEqual(Object.keys(document), ['release', 'environments', 'criticalPath']);
    assert.deepEqual(cause, {
      code: 'RELEASE_ROLLED_BACK',
      message:
        'dev: rolled-back. It is back.\n' +
        '  fail: function.memory of order-intake-dev\n' +
        'Mend what failed and promote that; --retry promotes the same release again.\n' +
        'Not started: staging.',
    });
  });

  it('stopped by a guard or an error, it gives that one’s code, source and words, and how many details there are', async () => {
    const error = { code: 'UNEXPECTED', source: 'internal', message: 'socket hang up' } as const;
    const stopped = { ...nothing, ...error, environment: 'dev', outcome: 'stopped', exitCode: EXIT.failed } as const;
    const refused = { outcome: 'refused', exitCode: EXIT.guarded, message: 'prod is frozen. Promote after.' } as const;
    const frozen = { ...nothing, ...refused, environment: 'prod', code: 'FROZEN' };
    const held = await world({ exitCode: EXIT.guarded, environments: [frozen] }).start();
    assert.equal(held.exitCode, EXIT.guarded);
    assert.deepEqual(held.cause, { code: 'FROZEN', message: 'prod: refused. prod is frozen. Promote after.' });
    const both = await world({ exitCode: EXIT.failed, environments: [frozen, stopped] }).start();
    assert.deepEqual([both.cause?.code, both.cause?.source], ['UNEXPECTED', 'internal']);
    assert.match(both.cause?.message ?? '', /^prod: refused\. .*\ndev: stopped\. socket hang up$/);
    const details = ['a', 'b', 'c', 'd', 'e', 'f'].map((name) => `fail: ${name}`);
    const failed = { ...nothing, environment: 'dev', outcome: 'failed', exitCode: EXIT.failed } as const;
    const many = await world({ exitCode: 1, environments: [{ ...failed, message: 'fail: a.', details }] }).start();
    assert.match(
      many.cause?.message ?? '',
      /^dev: failed\. fail: a\.\n {2}fail: b\n.*c\n.*d\n {2}and 2 more\nMend what/,
    );
  });

  it('hands the private copy on, so that nothing can change under it', async () => {
    const { start, seen } = world();
    await start();
    assert.equal(seen[0]?.folder, '/private/copy');
  });
});
