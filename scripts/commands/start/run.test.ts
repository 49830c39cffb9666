/** `start`: what runs beside what, and what a failure on one side does to the other. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { loadEnvironments } from '../../../environments/load.ts';
import type { EmulatedAccount } from '../../adapters/emulator/accounts.ts';
import { PlainReporter } from '../../adapters/reporter/plain.ts';
import { GitOpsError } from '../../core/errors.ts';
import { describeRelease } from '../../core/release/release.ts';
import type { Promotion } from '../../operations/promote.ts';
import { type Dependencies, run } from './run.ts';

const environments = loadEnvironments({ variables: {} });
const release = describeRelease({
  commit: 'c'.repeat(40),
  committedAt: null,
  dirty: false,
  createdAt: new Date(0),
  toolchain: {},
  environments: [{ name: 'dev', account: '123456789012', region: 'us-east-1', stage: 'development', stacks: [] }],
  files: [{ path: 'dev/manifest.json', sha256: 'a'.repeat(64) }],
});
const failure = (code: string): GitOpsError => new GitOpsError(code, { code, source: 'user', exitCode: 1 });
const promotion = (exitCode: 0 | 1): Promotion => ({
  release,
  exitCode,
  environments: [
    {
      environment: 'dev',
      outcome: exitCode === 0 ? 'validated' : 'failed',
      exitCode,
      message: 'So it is.',
      details: [],
      stacks: [],
      counts: null,
      checks: [],
      rollback: null,
    },
  ],
  criticalPath: { steps: [], milliseconds: 0 },
});

function start(over: Partial<Dependencies> = {}) {
  const calls: string[] = [];
  const deps: Dependencies = {
    reporter: new PlainReporter({ write: () => {} }, () => 0),
    startAccounts: async (chosen) => {
      calls.push('accounts');
      return chosen.map(({ account }) => ({ account }) as EmulatedAccount);
    },
    endFallenAccounts: async () => void calls.push('look for fallen accounts'),
    resolveTargets: async (chosen) =>
      chosen.map((environment) => ({
        environment,
        account: environment.account,
        region: environment.region,
        unanswerable: [],
      })),
    bootstrapAccount: async ({ home }) => {
      calls.push(`bootstrap ${home.account}`);
      return { account: home.account, stacks: [], ok: true };
    },
    withRelease: async (_signal, use) => use({ release, folder: '/release' }),
    promote: async ({ targets }) => {
      calls.push(`promote ${targets.map(({ environment }) => environment.name).join(' ')}`);
      return promotion(0);
    },
    orderApiUrl: async () => null,
    ...over,
  };
  const signal = new AbortController().signal;
  return { calls, result: run({ root: '/r', environments, chosen: environments, by: 'me', signal }, deps) };
}

describe('start', () => {
  it('promotes when all accounts are prepared, and not before', async () => {
    const { calls, result } = start();
    assert.equal((await result).exitCode, 0);
    assert.equal(calls.at(-1), 'promote dev staging prod');
    assert.equal(calls.filter((call) => call.startsWith('bootstrap')).length, 3);
  });

  it('ends the synth when the accounts do not come up, and tells the accounts’ error', async () => {
    let aborted = false;
    const { calls, result } = start({
      startAccounts: () => Promise.reject(failure('PORT_IN_USE')),
      withRelease: (signal) =>
        new Promise((_, reject) => {
          signal.addEventListener('abort', () => {
            aborted = true;
            reject(signal.reason);
          });
        }),
    });
    await assert.rejects(result, { code: 'PORT_IN_USE' });
    assert.ok(aborted);
    assert.deepEqual(calls, []);
  });

  it('promotes nothing where an account could not be prepared, and names it', async () => {
    const stack = { stack: 'PipelineStack', region: 'us-east-1', status: 'failed', reason: 'no', seconds: 1 } as const;
    const { calls, result } = start({
      bootstrapAccount: async ({ home }) => ({ account: home.account, stacks: [stack], ok: false }),
    });
    await assert.rejects(result, { code: 'ACCOUNTS_NOT_PREPARED', message: /123456789012: PipelineStack: no/ });
    assert.ok(!calls.some((call) => call.startsWith('promote')));
  });

  it('looks whether an account died when a promotion fails', async () => {
    const fallen = failure('EMULATOR_FAILED');
    const { result } = start({ promote: async () => promotion(1), endFallenAccounts: () => Promise.reject(fallen) });
    await assert.rejects(result, fallen);
  });

  it('ends as the promotion ended', async () => {
    const { calls, result } = start({ promote: async () => promotion(1) });
    const { exitCode, cause } = await result;
    assert.equal(exitCode, 1);
    assert.match(cause?.message ?? '', /^dev: failed\. So it is\.\n/);
    assert.equal(calls.at(-1), 'look for fallen accounts');
  });

  it('a release that could not be made is the error to tell', async () => {
    const { result } = start({ withRelease: () => Promise.reject(failure('SYNTH_FAILED')) });
    await assert.rejects(result, { code: 'SYNTH_FAILED' });
  });
});
