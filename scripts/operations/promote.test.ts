/** The order of a promotion: who waits for whom, what never starts, and what the end says. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { EnvironmentConfig } from '../../environments/environment-config.ts';
import { loadEnvironments } from '../../environments/load.ts';
import { systemClock } from '../adapters/system-clock.ts';
import type { Target } from '../adapters/target.ts';
import { EXIT, type ExitCode, GitOpsError } from '../core/errors.ts';
import { EMPTY_LEDGER } from '../core/ledger/ledger.ts';
import type { Reporter, Task } from '../core/progress.ts';
import { describeRelease } from '../core/release/release.ts';
import { promote } from './promote.ts';
import type { PromoteEnvironmentInput } from './promote-environment.ts';
import type { EnvironmentPromotion, PromotionOutcome } from './promotion-result.ts';
import type { Site } from './site.ts';

const [dev, staging, prod] = loadEnvironments({ variables: {} });
if (dev === undefined || staging === undefined || prod === undefined) throw new Error('three environments');
const like = (config: EnvironmentConfig, name: string): EnvironmentConfig => ({ ...config, name });
/** Two branches from staging on. */
const environments = [dev, staging, prod, like(prod, 'prod-eu')];
const release = describeRelease({
  commit: 'a'.repeat(40),
  committedAt: null,
  dirty: false,
  createdAt: new Date(0),
  environments: [],
  toolchain: {},
  files: [{ path: 'dev/manifest.json', sha256: 'b'.repeat(64) }],
});

const silent: Task = { update: () => {}, done: () => {}, fail: () => {}, child: () => silent };
const reporter: Reporter = { task: () => silent, info: () => {}, warn: () => {} };

type Ending = PromotionOutcome | Error | (() => Promise<PromotionOutcome>);
const exitCodes: Partial<Record<PromotionOutcome, ExitCode>> = {
  validated: EXIT.done,
  'nothing-to-do': EXIT.done,
  superseded: EXIT.done,
  refused: EXIT.guarded,
};

function world(endings: Readonly<Record<string, Ending>> = {}) {
  const begun: string[] = [];
  const warmed: string[] = [];
  const predecessors = new Map<string, PromoteEnvironmentInput['predecessor']>();
  const promoteOne = async (
    { site, predecessor }: PromoteEnvironmentInput,
    deps: { warmUp?: () => void },
  ): Promise<EnvironmentPromotion> => {
    const { name } = site.target.environment;
    begun.push(name);
    predecessors.set(name, predecessor);
    deps.warmUp?.();
    const ending = endings[name] ?? 'validated';
    if (ending instanceof Error) throw ending;
    const outcome = typeof ending === 'string' ? ending : await ending();
    const exitCode = exitCodes[outcome] ?? EXIT.failed;
    const nothing = { details: [], stacks: [], counts: null, checks: [], rollback: null };
    return { environment: name, outcome, exitCode, message: outcome, ...nothing };
  };
  const start = (
    chosen: readonly EnvironmentConfig[] = environments,
    more: { local?: boolean; vouched?: boolean; signal?: AbortSignal } = {},
  ) =>
    promote(
      {
        release,
        folder: '/r',
        targets: chosen.map((environment) => targetOf(environment, more.local ?? true)),
        environments,
        options: { retry: false, overrideFreeze: null, enforceFreeze: false },
        predecessorValidated: more.vouched ?? false,
        by: 'ada',
        waitSeconds: 0,
        signal: more.signal ?? new AbortController().signal,
      },
      {
        promoteOne,
        reporter,
        clock: systemClock,
        openSite: async (target) => ({ target, ledger: { read: async () => EMPTY_LEDGER } }) as unknown as Site,
        targetOf: async (environment) => targetOf(environment, more.local ?? true),
        warmUp: (targets) => warmed.push(...targets.map(({ environment }) => environment.name)),
        onExit: () => () => {},
        toolkitFor: () => assert.fail('nothing is deployed here'),
        baselines: { keep: async () => {}, read: async () => undefined },
      },
    );
  return { begun, warmed, predecessors, start };
}

function targetOf(environment: EnvironmentConfig, local: boolean): Target {
  const { account, region } = environment;
  const credentials = { accessKeyId: account, secretAccessKey: 'local' };
  const emulator = { endpoint: 'http://127.0.0.1:1', credentials };
  return { environment, account, region, unanswerable: [], ...(local && { emulator }) };
}

const outcomes = ({ environments: ended }: Awaited<ReturnType<typeof promote>>) =>
  Object.fromEntries(ended.map(({ environment, outcome }) => [environment, outcome]));

describe('promote', () => {
  it('goes from wave to wave, those of one wave side by side, and loads what takes time once', async () => {
    let both = 0;
    const meet = async (): Promise<PromotionOutcome> => {
      both += 1;
      while (both < 2) await new Promise((resolve) => setImmediate(resolve));
      return 'validated';
    };
    const { begun, warmed, start } = world({ prod: meet, 'prod-eu': meet });
    const result = await start();
    assert.deepEqual(begun, ['dev', 'staging', 'prod', 'prod-eu']);
    assert.equal(result.exitCode, EXIT.done);
    assert.deepEqual(warmed, ['dev', 'staging', 'prod', 'prod-eu']);
  });

  it('starts nothing behind what failed, and lets the other branch go on', async () => {
    const failed = world({ staging: 'rolled-back' });
    assert.deepEqual(outcomes(await failed.start()), {
      dev: 'validated',
      staging: 'rolled-back',
      prod: 'not-started',
      'prod-eu': 'not-started',
    });
    assert.deepEqual(failed.begun, ['dev', 'staging']);
    const branch = world({ prod: 'rolled-back' });
    const result = await branch.start();
    assert.equal(outcomes(result)['prod-eu'], 'validated');
    assert.equal(result.exitCode, EXIT.failed);
  });

  it('goes on behind nothing-to-do, and not behind superseded, which is no failure', async () => {
    assert.equal(outcomes(await world({ dev: 'nothing-to-do' }).start())['prod'], 'validated');
    const superseded = await world({ dev: 'superseded' }).start();
    assert.equal(outcomes(superseded)['staging'], 'not-started');
    assert.equal(superseded.exitCode, EXIT.done);
  });

  it('ends 3 for a guard, 1 when something failed beside it', async () => {
    assert.equal((await world({ prod: 'refused' }).start()).exitCode, EXIT.guarded);
    assert.equal((await world({ prod: 'refused', 'prod-eu': 'failed' }).start()).exitCode, EXIT.failed);
  });

  it('makes an error of one environment its outcome', async () => {
    const locked = new GitOpsError('locked by grace', { code: 'LOCK_HELD', source: 'user', exitCode: EXIT.guarded });
    const { environments: ended, exitCode } = await world({ dev: locked }).start();
    assert.deepEqual(
      [ended[0]?.outcome, ended[0]?.message, ended[0]?.code],
      ['stopped', 'locked by grace', 'LOCK_HELD'],
    );
    assert.equal(exitCode, EXIT.guarded);
  });

  it('rejects with the interruption, not with what it broke', async () => {
    const interrupt = new AbortController();
    const { start, begun } = world({
      dev: async () => {
        interrupt.abort(new Error('SIGINT'));
        throw new Error('half-way');
      },
    });
    await assert.rejects(start(environments, { signal: interrupt.signal }), /SIGINT/);
    assert.deepEqual(begun, ['dev']);
  });

  it('asks the predecessor that is not among its targets', async () => {
    const { predecessors, start } = world();
    await start([staging]);
    assert.equal(predecessors.get('staging')?.name, 'dev');
    assert.equal(await predecessors.get('staging')?.readLedger(), EMPTY_LEDGER);
  });

  it('needs somebody to vouch for a predecessor in an account that it can’t read', async () => {
    const refused = await world().start([staging], { local: false });
    assert.equal(refused.exitCode, EXIT.usage);
    assert.match(
      refused.environments[0]?.message ?? '',
      /staging comes after dev, which is in account .*--predecessor-validated/,
    );
    const vouched = world();
    assert.equal((await vouched.start([staging], { local: false, vouched: true })).exitCode, EXIT.done);
    assert.equal(vouched.predecessors.get('staging'), null);
  });
});
