import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loadEnvironments } from '../../../environments/load.ts';
import { createAwsClients } from '../../adapters/aws-clients.ts';
import type { Target } from '../../adapters/target.ts';
import { type Check, judge } from '../../core/check.ts';
import type { Reporter, Task } from '../../core/progress.ts';
import type { ValidateOptions } from '../../operations/validate-environment.ts';
import { type Dependencies, run } from './run.ts';

const task: Task = { update: () => {}, done: () => {}, fail: () => {}, child: () => task };
const reporter: Reporter = { task: () => task, info: () => {}, warn: () => {} };
const targets: Target[] = loadEnvironments({ variables: {} })
  .filter(({ name }) => name === 'dev' || name === 'prod')
  .map((environment) => ({ environment, account: environment.account, region: environment.region, unanswerable: [] }));

const check = (status: Check['status']): Check => ({
  id: 'function.memory',
  subject: 'order-processing',
  status,
  expected: 512,
  actual: 1024,
  detail: 'Put it back.',
});

function dependencies(statusOf: (environment: string) => Check['status']) {
  const asked: ValidateOptions[] = [];
  const deps: Dependencies = {
    reporter,
    clientsFor: createAwsClients,
    readBaseline: async ({ environment, account }) => ({
      environment: environment.name,
      source: account,
      takenAt: '2026-11-23T12:00:00.000Z',
      deadLetters: 1,
      alarming: [],
      unread: [],
    }),
    validate: async (options) => {
      asked.push(options);
      const checks = [check(statusOf(options.target.environment.name))];
      return { checks, verdict: judge(checks, options.target.unanswerable) };
    },
  };
  return { deps, asked };
}

test('every environment valid: exit 0, each with the baseline its deployment took', async () => {
  const { deps, asked } = dependencies(() => 'pass');
  const result = await run({ targets }, deps);
  assert.deepEqual([result.exitCode, result.cause], [0, undefined]);
  assert.deepEqual(
    asked.map(({ target, baseline }) => [target.environment.name, baseline?.environment]),
    [
      ['dev', 'dev'],
      ['prod', 'prod'],
    ],
  );
});

test('one environment not valid: exit 1, and the finding is in text, summary and document', async () => {
  const { deps } = dependencies((name) => (name === 'prod' ? 'fail' : 'pass'));
  const { exitCode, text, summary, document, cause } = await run({ targets }, deps);
  assert.equal(exitCode, 1);
  assert.match(
    text,
    /prod: NOT VALID[\s\S]*function\.memory[\s\S]*order-processing[\s\S]*512[\s\S]*1024[\s\S]*Put it back/,
  );
  assert.match(summary ?? '', /❌ prod/);
  assert.deepEqual(cause, {
    code: 'CHECKS_NOT_PASSED',
    message:
      'prod: NOT VALID, 0 of 1 checks passed, 1 failed\n' +
      '  FAILED function.memory of order-processing: Put it back.\n' +
      'Then again: npm run validate -- --env prod',
  });
  const environments = document['environments'] as { environment: string; ok: boolean; checks: Check[] }[];
  assert.deepEqual(
    environments.map(({ environment, ok, checks }) => [environment, ok, checks.length]),
    [
      ['dev', true, 1],
      ['prod', false, 1],
    ],
  );
});

test('an unknown check that the target does not excuse: exit 1', async () => {
  const { deps } = dependencies(() => 'unknown');
  const { exitCode, cause } = await run({ targets }, deps);
  assert.equal(exitCode, 1);
  assert.match(cause?.message ?? '', /UNKNOWN function\.memory of order-processing.*[\s\S]*--env dev --env prod$/);
});
