/** `drift`: what it refuses, what it does in which order, and its exit codes. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { loadEnvironments } from '../../../environments/load.ts';
import { EmulatedAccountDownError } from '../../adapters/emulator/local-target.ts';
import { NoReleaseStoreError } from '../../adapters/release-store/store.ts';
import { PlainReporter } from '../../adapters/reporter/plain.ts';
import type { Target } from '../../adapters/target.ts';
import type { StackResult } from '../../core/deployment/stack-result.ts';
import type { DriftCheck } from '../../core/drift/drift-check.ts';
import { assembleReport, type DriftReport } from '../../core/drift/report.ts';
import { EXIT, GitOpsError } from '../../core/errors.ts';
import { NotLookedAgainError } from '../../operations/fix-drift.ts';
import { type Dependencies, type DriftOptions, ProductionNotConfirmedError, run } from './run.ts';

const environments = loadEnvironments({ variables: {} });
const NO_OPTIONS: DriftOptions = {
  fix: false,
  yesProduction: false,
  wait: 0,
  publishMetrics: false,
  reportIssue: false,
};

function report(environment: string, status: DriftCheck['status']): DriftReport {
  const check: DriftCheck = {
    id: 'declared.property',
    detector: 'live',
    property: '/MemorySize',
    subject: `order-processing-${environment}`,
    resource: { type: 'AWS::Lambda::Function', id: `order-processing-${environment}` },
    expected: 512,
    actual: 256,
    status,
    detail: '',
  };
  return assembleReport({
    environment,
    stage: 'development',
    local: false,
    checks: [check],
    resources: [{ ...check.resource, stack: 's', logicalId: 'F', type: 'AWS::Lambda::Function', id: check.subject }],
    waivers: [],
    now: new Date(0),
    excused: [],
    notes: [],
  });
}

/** Environments drift until they are fixed, unless that fails. */
function world(
  drifted: readonly string[],
  fixes = true,
  issueFailure?: string,
  unreadable?: string,
  down: readonly string[] = [],
  emulator?: NonNullable<Target['emulator']>,
  /** Refuses to mend dev. */
  refusal?: Error,
) {
  const left = new Set(drifted);
  const calls: string[] = [];
  const deps: Dependencies = {
    resolveTargets: async (chosen) =>
      chosen.map((environment) => {
        const { account, region, name } = environment;
        if (down.includes(name)) throw new EmulatedAccountDownError(name, account);
        return { environment, account, region, unanswerable: [], ...(emulator && { emulator }) };
      }),
    detect: async ({ environment: { name } }) => {
      calls.push(`detect ${name}`);
      if (unreadable === name) throw new NoReleaseStoreError(undefined);
      return report(name, left.has(name) ? 'fail' : 'pass');
    },
    fix: async ({ target, look }) => {
      const { name } = target.environment;
      calls.push(`fix ${name}`);
      if (refusal !== undefined && name === 'dev') throw refusal;
      if (fixes) left.delete(name);
      const stack: StackResult = { stack: 's', status: fixes ? 'updated' : 'failed', reason: 'no', seconds: 1 };
      return { stacks: [stack], after: await look() };
    },
    publishMetrics: async (_target, { environment, drifted: count, unchecked }) =>
      void calls.push(`metric ${environment} ${count} ${unchecked}`),
    reportIssue: async ({ environment, wanted: { state } }) => {
      if (issueFailure !== undefined) throw new Error(issueFailure);
      calls.push(`issue ${environment} ${state}`);
      return { outcome: state === 'open' ? 'opened' : 'none' };
    },
    reporter: new PlainReporter({ write: () => true }, () => 0),
  };
  const start = (options: Partial<DriftOptions>, { local = false, only = ['dev', 'staging'] } = {}) =>
    run(
      {
        options: { ...NO_OPTIONS, ...options },
        local,
        chosen: environments.filter(({ name }) => only.includes(name)),
        by: 'ada',
        signal: new AbortController().signal,
      },
      deps,
    );
  return { calls, start };
}

describe('drift', () => {
  test('looks and touches nothing: 0 in sync, 1 drifted', async () => {
    const clean = world([]);
    assert.equal((await clean.start({})).exitCode, 0);
    const { calls, start } = world(['staging']);
    const { exitCode, text, document, summary, cause } = await start({});
    assert.equal(exitCode, 1);
    assert.deepEqual(calls, ['detect dev', 'detect staging']);
    assert.match(text, /dev: in sync, 1 of 1 resources checked/);
    assert.match(text, /DRIFTED {2}order-processing-staging/);
    assert.match(summary ?? '', /❌ staging: DRIFTED/);
    assert.deepEqual(cause, {
      code: 'DRIFTED',
      message:
        'staging: DRIFTED, 1 resource differs, 1 of 1 resources checked\n' +
        '  order-processing-staging (AWS::Lambda::Function): /MemorySize\n' +
        'Mend: npm run drift -- --env staging --fix. Values and each remedy are in the report.',
    });
    const { environments: documents } = document as { environments: { environment: string; ok: boolean }[] };
    assert.deepEqual(
      documents.map(({ environment, ok }) => [environment, ok]),
      [
        ['dev', true],
        ['staging', false],
      ],
    );
  });

  test('--fix refused in one environment keeps no other from it; alone, it ends as the guard says', async () => {
    const held = new GitOpsError('Somebody deploys there.', { code: 'LOCKED', source: 'user', exitCode: EXIT.guarded });
    const locked = (only?: string[]) => {
      const { start, calls } = world(['dev', 'staging'], true, undefined, undefined, [], undefined, held);
      return { calls, ended: start({ fix: true }, only && { only }) };
    };
    const { calls, ended } = locked();
    const { exitCode, text } = await ended;
    assert.equal(exitCode, 1);
    assert.match(text, /Mending dev failed: Somebody deploys there\./);
    assert.match(text, /dev: DRIFTED/);
    assert.match(text, /staging: in sync/);
    assert.ok(calls.includes('fix staging'));
    await assert.rejects(locked(['dev']).ended, { code: 'LOCKED' });
  });

  test('--fix after which nobody could look again tells what was deployed, claims nothing, and keeps no other from it', async () => {
    const [dev] = environments;
    const target = { environment: dev, account: dev?.account, region: dev?.region, unanswerable: [] } as Target;
    const stack: StackResult = { stack: 'trading-lambda-dev', status: 'failed', reason: 'no room', seconds: 1 };
    const blind = (cause: unknown, only?: string[]) => {
      const refusal = new NotLookedAgainError(target, [stack], cause);
      const { start, calls } = world(['dev', 'staging'], true, undefined, undefined, [], undefined, refusal);
      return { calls, ended: start({ fix: true, publishMetrics: true, reportIssue: true }, only && { only }) };
    };
    const { calls, ended } = blind(new Error('throttled'));
    const { exitCode, text, cause, document } = await ended;
    assert.deepEqual([exitCode, cause?.code], [1, 'DRIFT_NOT_MENDED']);
    assert.match(cause?.message ?? '', /^trading-lambda-dev: no room\ndev: nothing could be checked.*\n.*throttled/);
    assert.match(text, /Before[\s\S]*DRIFTED[\s\S]*dev: deployed again, and what that mended is not known/);
    const [first] = (document as { environments: { result: string; fixed: object }[] }).environments;
    assert.deepEqual([first?.result, Object.keys(first?.fixed ?? {})], ['unknown', ['before', 'stacks']]);
    // Neither the drift of before nor zeros: the alarm and the issue stand as they are.
    assert.deepEqual(calls.slice(2), [
      'fix dev',
      'fix staging',
      'detect staging',
      'metric staging 0 0',
      'issue staging closed',
    ]);
    assert.equal((await blind(new Error('throttled'), ['dev']).ended).exitCode, 1);
    await assert.rejects(blind(new TypeError('a defect')).ended, TypeError);
  });

  test('--fix that a service fails in one environment keeps no other from it', async () => {
    const { start } = world(['dev', 'staging'], true, undefined, undefined, [], undefined, new Error('Rate exceeded'));
    const { exitCode, text } = await start({ fix: true });
    assert.equal(exitCode, 1);
    assert.match(text, /staging: in sync[\s\S]*Mending dev failed: Error: Rate exceeded/);
  });

  test('an environment that can’t be read is unknown, named, and fails; the others are reported', async () => {
    const { start } = world(['staging'], true, undefined, 'dev');
    const { exitCode, text, document } = await start({});
    assert.equal(exitCode, 1);
    assert.match(text, /UNKNOWN {2}release.readable\n {2}of {7}dev\n {2}because {2}.*bootstrap/);
    assert.match(text, /DRIFTED {2}order-processing-staging/);
    const { environments: documents } = document as { environments: { result: string; ok: boolean }[] };
    assert.deepEqual(
      documents.map(({ result, ok }) => [result, ok]),
      [
        ['unknown', false],
        ['drifted', false],
      ],
    );
    // Neither zeros for the alarms nor an issue: nobody knows.
    const alone = world([], true, undefined, 'dev');
    const { exitCode: code, cause } = await alone.start({ publishMetrics: true, reportIssue: true }, { only: ['dev'] });
    assert.deepEqual([code, cause?.code], [1, 'DRIFT_UNKNOWN']);
    assert.match(
      cause?.message ?? '',
      /^dev: nothing could be checked.*\n {2}unknown release\.readable of dev: .*bootstrap/,
    );
    assert.deepEqual(alone.calls, ['detect dev']);
  });

  test('an account that can’t be reached is unknown, named, and fails; when none can be, that is the failure', async () => {
    const { start } = world([], true, undefined, undefined, ['dev']);
    const { exitCode, text } = await start({});
    assert.equal(exitCode, 1);
    assert.match(text, /^dev: nothing could be checked[\s\S]*because {2}.*npm start[\s\S]*staging: in sync/);
    await assert.rejects(start({}, { only: ['dev'] }), { code: 'EMULATED_ACCOUNT_DOWN' });
  });

  test('--fix mends what drifted and nothing else, and shows before and after', async () => {
    const { calls, start } = world(['staging']);
    const { exitCode, text } = await start({ fix: true });
    assert.equal(exitCode, 0);
    assert.deepEqual(calls, ['detect dev', 'detect staging', 'fix staging', 'detect staging']);
    assert.match(text, /Before[\s\S]*DRIFTED[\s\S]*After[\s\S]*staging: 1 of 1 mended/);
  });

  test('--fix that fails ends 1, with the stack’s reason and what is still there', async () => {
    const { start } = world(['dev'], false);
    const { exitCode, text, cause } = await start({ fix: true });
    assert.equal(exitCode, 1);
    assert.equal(cause?.code, 'DRIFT_NOT_MENDED');
    assert.match(cause.message, /^s: no\ndev: DRIFTED/);
    assert.match(text, /s: no/);
    assert.match(text, /still there order-processing-dev/);
  });

  test('--fix refuses a production stage before it looks, unless told', async () => {
    const { calls, start } = world(['prod']);
    await assert.rejects(start({ fix: true }, { only: ['dev', 'prod'] }), (error: unknown) => {
      assert.ok(error instanceof ProductionNotConfirmedError);
      assert.equal(error.exitCode, 3);
      return true;
    });
    assert.deepEqual(calls, []);
    assert.equal((await start({ fix: true, yesProduction: true }, { only: ['prod'] })).exitCode, 0);
  });

  test('metrics and issues tell how it stands in the end, zeros included', async () => {
    const { calls, start } = world(['dev']);
    await start({ publishMetrics: true, reportIssue: true });
    assert.deepEqual(calls.slice(2), [
      'metric dev 1 0',
      'issue dev open',
      'metric staging 0 0',
      'issue staging closed',
    ]);
  });

  test('a metric or issue that can’t be told fails the command, and the report is shown all the same', async () => {
    const { calls, start } = world([], true, 'no token');
    const { exitCode, text, cause } = await start({ publishMetrics: true, reportIssue: true });
    assert.equal(exitCode, 1);
    assert.equal(cause?.code, 'DRIFT_NOT_TOLD');
    assert.match(cause.message, /^Reporting the issue of dev failed: no token\n/);
    assert.match(text, /dev: in sync[\s\S]*Reporting the issue of dev failed: no token/);
    assert.ok(calls.includes('metric staging 0 0'));
  });

  const emulator = { endpoint: 'http://127.0.0.1:1', credentials: { accessKeyId: 'a', secretAccessKey: 'b' } };

  test('metrics and issues are not for emulated accounts', async () => {
    for (const option of [{ publishMetrics: true }, { reportIssue: true }]) {
      const { start, calls } = world(['dev'], true, undefined, undefined, [], emulator);
      await assert.rejects(start(option, { local: true }), { code: 'USAGE' });
      assert.deepEqual(calls, []);
    }
  });

  test('an emulated account that takes sessions of its roles alone stands for AWS', async () => {
    const guarded = { ...emulator, signedBy: 'environment' } as const;
    const { start, calls } = world(['dev'], true, undefined, undefined, [], guarded);
    await start({ publishMetrics: true, reportIssue: true }, { local: true });
    assert.ok(calls.includes('issue dev open'), calls.join('\n'));
  });
});
