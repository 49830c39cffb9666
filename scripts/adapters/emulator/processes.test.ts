import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { after, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { endGroup, identify, isRunning, type ProcessIdentity } from './processes.ts';

const started: ChildProcess[] = [];
after(() => {
  for (const { pid } of started) {
    try {
      process.kill(-(pid as number), 'SIGKILL');
    } catch {
      // Ended by its test.
    }
  }
});

/** A shell script as leader of its own process group. It writes the pids to look at, one a line. */
async function startGroup(
  script: string,
): Promise<{ identity: ProcessIdentity; pids: number[]; leader: ChildProcess }> {
  const leader = spawn('sh', ['-c', script], { detached: true, stdio: ['ignore', 'pipe', 'ignore'] });
  started.push(leader);
  const identity = await identify(leader.pid as number);
  assert.ok(identity);
  const [output] = (await once(leader.stdout as NodeJS.ReadableStream, 'data')) as [Buffer];
  return { identity, leader, pids: output.toString().trim().split('\n').map(Number) };
}

async function isGone(pid: number): Promise<boolean> {
  for (let wait = 0; wait < 100; wait += 1) {
    if ((await identify(pid)) === undefined) return true;
    await sleep(20);
  }
  return false;
}

test('a process is known by pid and start', async () => {
  const own = await identify(process.pid);
  assert.ok(own);
  assert.equal(await isRunning(own), true);
  assert.equal(await isRunning({ ...own, startedAt: 'another' }), false);
  assert.equal(await identify(2 ** 30), undefined);
});

test('a group ends with its children', async () => {
  const { identity, pids } = await startGroup('sleep 60 & echo $!; wait');
  assert.equal(await endGroup(identity, 2_000), true);
  assert.equal(await isGone(identity.pid), true);
  assert.equal(await isGone(pids[0] as number), true);
  assert.equal(await endGroup(identity, 0), false, 'nothing left to end');
});

test('a process that ignores the polite signal is ended by force', async () => {
  const { identity } = await startGroup('trap "" TERM; echo 1; while :; do sleep 1; done');
  await endGroup(identity, 100);
  assert.equal(await isGone(identity.pid), true);
});

test('a pid that another program has now is left alone', async () => {
  const { identity } = await startGroup('echo 1; sleep 60');
  assert.equal(await endGroup({ pid: identity.pid, startedAt: 'earlier' }, 0), false);
  assert.equal(await isRunning(identity), true);
});

test('children that a dead leader left behind are ended', async () => {
  const { identity, pids, leader } = await startGroup('sleep 60 >/dev/null & echo $!; wait');
  leader.kill('SIGKILL');
  await once(leader, 'exit');
  assert.equal(await isRunning(identity), false);
  assert.equal(await endGroup(identity, 2_000), true);
  assert.equal(await isGone(pids[0] as number), true);
});
