import assert from 'node:assert/strict';
import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import type { Reporter, Task } from '../../core/progress.ts';
import { type EmulatedAccount, writeAccount } from './account-state.ts';
import {
  EmulatorFailedError,
  PortInUseError,
  readAccounts,
  runningAccount,
  type StartAccountsOptions,
  startAccounts,
  stopAccounts,
} from './accounts.ts';
import { identify, isRunning } from './processes.ts';
import { ensurePython } from './python-environment.ts';

const { python } = await ensurePython();

const DEV = { account: '220000000001', names: ['dev', 'qa'] };
const PROD = { account: '220000000002', names: ['prod'] };

const task: Task = { update: () => {}, done: () => {}, fail: () => {}, child: () => task };
const reporter: Reporter = { task: () => task, info: () => {}, warn: () => {} };

interface Sandbox {
  readonly stateDir: string;
  readonly basePort: number;
  readonly start: (options?: Partial<StartAccountsOptions>) => Promise<readonly EmulatedAccount[]>;
  readonly stop: () => ReturnType<typeof stopAccounts>;
}

async function sandbox(t: TestContext): Promise<Sandbox> {
  const stateDir = await mkdtemp(join(tmpdir(), 'accounts-'));
  // Ten apart, below the ephemeral ports: tests that run at the same time draw others.
  const basePort = randomInt(1_200, 1_900) * 10;
  const stop = (): ReturnType<typeof stopAccounts> => stopAccounts({ stateDir, reporter });
  t.after(async () => {
    await stop();
    await rm(stateDir, { recursive: true, force: true });
  });
  const start: Sandbox['start'] = (options) =>
    startAccounts({ environments: [DEV, PROD], stateDir, basePort, reporter, python, ...options });
  return { stateDir, basePort, start, stop };
}

const health = async ({ endpoint }: { endpoint: string }): Promise<number> =>
  (await fetch(`${endpoint}/_ministack/health`)).status;

test('accounts start side by side, are used again, and stop without leaving anything', async (t) => {
  const { stateDir, basePort, start, stop } = await sandbox(t);
  const first = await start();
  assert.deepEqual(
    first.map(({ account, endpoint, environments }) => ({ account, endpoint, environments })),
    [
      { account: DEV.account, endpoint: `http://127.0.0.1:${basePort}`, environments: ['dev', 'qa'] },
      { account: PROD.account, endpoint: `http://127.0.0.1:${basePort + 1}`, environments: ['prod'] },
    ],
  );
  assert.deepEqual(await Promise.all(first.map(health)), [200, 200]);
  assert.deepEqual(await readAccounts(stateDir), first);

  const again = await start({ environments: [PROD, { ...DEV, names: ['dev'] }], basePort: basePort + 5 });
  assert.deepEqual(
    again.map(({ pid }) => pid),
    [first[1]?.pid, first[0]?.pid],
  );
  assert.deepEqual((await runningAccount(DEV.account, stateDir))?.environments, ['dev'], 'environments follow');

  const { stopped } = await stop();
  assert.equal(stopped.length, 2);
  assert.deepEqual(await Promise.all(first.map(isRunning)), [false, false]);
  assert.deepEqual(await readAccounts(stateDir), []);
  assert.deepEqual(
    (await readdir(join(stateDir, 'accounts'))).filter((name) => !name.endsWith('.log')),
    [],
    'nothing but logs',
  );
  assert.deepEqual(await stop(), { stopped: [], stale: [] });
});

test('an account that comes later takes a port that none of ours has', async (t) => {
  const { basePort, start } = await sandbox(t);
  await start({ environments: [DEV] });
  const [, prod] = await start({ environments: [DEV, PROD] });
  assert.equal(prod?.port, basePort + 1);
  const [other] = await start({ environments: [{ account: '220000000003', names: ['x'] }] });
  assert.equal(other?.port, basePort + 2, 'the first two ports are in use by accounts not asked for now');
});

test('only the loopback address is listened on', async (t) => {
  const { start } = await sandbox(t);
  const [account] = await start({ environments: [DEV] });
  assert.ok(account);
  await assert.rejects(fetch(`http://127.0.0.2:${account.port}/_ministack/health`));
});

test('a port in use is named, with how to choose others, and nothing is left running', async (t) => {
  const { stateDir, basePort, start } = await sandbox(t);
  const server = createServer().listen(basePort + 1, '127.0.0.1');
  t.after(() => server.close());
  await once(server, 'listening');
  await assert.rejects(start(), (error) => {
    assert.ok(error instanceof PortInUseError);
    assert.match(error.message, new RegExp(`Port ${basePort + 1} .*GITOPS_BASE_PORT=\\d+ npm start`));
    return true;
  });
  assert.deepEqual(await readAccounts(stateDir), []);
  await assert.rejects(fetch(`http://127.0.0.1:${basePort}/`), 'the other account is ended');
});

test('a process that dies while starting is told with the end of its log', async (t) => {
  const { stateDir, start } = await sandbox(t);
  const startModule = join(stateDir, 'dying.py');
  await writeFile(startModule, 'import sys\nprint("no such table")\nsys.exit(3)\n');
  await assert.rejects(start({ startModule }), (error) => {
    assert.ok(error instanceof EmulatorFailedError);
    assert.match(error.message, /ended while starting \(exit code 3\)[\s\S]*no such table/);
    return true;
  });
  assert.deepEqual(await readAccounts(stateDir), []);
});

test('an interpreter that is not there is told, too', async (t) => {
  const { start } = await sandbox(t);
  await assert.rejects(start({ python: '/no/such/python' }), /could not be started: .*ENOENT/);
});

test('an interrupted start leaves nothing running', async (t) => {
  const { stateDir, start } = await sandbox(t);
  const startModule = join(stateDir, 'silent.py');
  await writeFile(startModule, 'import time\ntime.sleep(60)\n');
  const controller = new AbortController();
  const starting = start({ startModule, signal: controller.signal });
  while ((await readAccounts(stateDir)).length < 2) await new Promise((resolve) => setTimeout(resolve, 20));
  const pids = (await readAccounts(stateDir)).map(({ pid }) => pid);
  controller.abort(new Error('interrupted'));
  await assert.rejects(starting, /interrupted/);
  assert.deepEqual(await Promise.all(pids.map(identify)), [undefined, undefined]);
});

test('an account whose process died is started again', async (t) => {
  const { start, stop } = await sandbox(t);
  const [dead] = await start({ environments: [DEV] });
  assert.ok(dead);
  process.kill(dead.pid, 'SIGKILL');
  while (await isRunning(dead)) await new Promise((resolve) => setTimeout(resolve, 20));
  const [alive] = await start({ environments: [DEV] });
  assert.notEqual(alive?.pid, dead.pid);
  assert.equal((await stop()).stopped.length, 1);
});

test('state files of another time are forgotten, and no stranger is ended for them', async (t) => {
  const { stateDir, stop } = await sandbox(t);
  const stale = {
    account: DEV.account,
    endpoint: 'http://127.0.0.1:1',
    port: 1,
    // This very process: were it taken for the emulator, the test would end here.
    pid: process.pid,
    startedAt: 'earlier',
    instance: 'x',
    environments: ['dev'],
  };
  await writeAccount(stale, stateDir);
  await writeFile(join(stateDir, 'accounts', `${PROD.account}.json`), '{ half of');
  assert.deepEqual(await stop(), { stopped: [], stale: [stale] });
  assert.deepEqual(await readAccounts(stateDir), []);
});
