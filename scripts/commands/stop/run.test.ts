import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { EmulatedAccount, StopAccountsOptions, StoppedAccounts } from '../../adapters/emulator/accounts.ts';
import type { Reporter, Task } from '../../core/progress.ts';
import { run } from './run.ts';

const task: Task = { update: () => {}, done: () => {}, fail: () => {}, child: () => task };
const reporter: Reporter = { task: () => task, info: () => {}, warn: () => {} };
const account = (id: string, environments: readonly string[]): EmulatedAccount => ({
  account: id,
  endpoint: 'http://127.0.0.1:4566',
  port: 4566,
  pid: 1,
  startedAt: 'x',
  instance: 'y',
  environments: [...environments],
});

function recording(answer: StoppedAccounts): {
  readonly calls: StopAccountsOptions[];
  readonly stopAccounts: (options: StopAccountsOptions) => Promise<StoppedAccounts>;
} {
  const calls: StopAccountsOptions[] = [];
  return {
    calls,
    stopAccounts: async (options) => {
      calls.push(options);
      return answer;
    },
  };
}

test('every account is named, those that ended and those that were gone', async () => {
  const { calls, stopAccounts } = recording({
    stopped: [account('111111111111', ['dev', 'qa'])],
    stale: [account('222222222222', ['prod'])],
  });
  const result = await run({ names: [] }, { stopAccounts, reporter });
  assert.equal(calls[0]?.names, undefined, 'without --env: all');
  assert.equal(result.exitCode, 0);
  assert.equal(
    result.text,
    'stopped 111111111111 (dev, qa) at http://127.0.0.1:4566\n' +
      'was not running: 222222222222 (prod) at http://127.0.0.1:4566',
  );
  assert.deepEqual(result.document['stopped'], [
    { account: '111111111111', endpoint: 'http://127.0.0.1:4566', environments: ['dev', 'qa'] },
  ]);
});

test('--env narrows it, all does not', async () => {
  const { calls, stopAccounts } = recording({ stopped: [], stale: [] });
  await run({ names: ['prod'] }, { stopAccounts, reporter });
  await run({ names: ['all'] }, { stopAccounts, reporter });
  assert.deepEqual(
    calls.map(({ names }) => names),
    [['prod'], undefined],
  );
});

test('nothing running is said and no failure', async () => {
  const { stopAccounts } = recording({ stopped: [], stale: [] });
  const result = await run({ names: [] }, { stopAccounts, reporter });
  assert.equal(result.exitCode, 0);
  assert.equal(result.text, 'No emulated account was running.');
});
