import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { identify } from '../adapters/emulator/processes.ts';
import { PlainReporter } from '../adapters/reporter/plain.ts';
import { ClaimUnreadableError, claimRehearsal, RehearsalRunsError } from './claim.ts';

const reporter = new PlainReporter({ write: () => true }, () => 0);
let stateDir: string;
let file: string;
beforeEach(async () => {
  stateDir = await mkdtemp(join(tmpdir(), 'claim-'));
  file = join(stateDir, 'rehearsal.json');
});
afterEach(() => rm(stateDir, { recursive: true, force: true }));
const claim = (root = join(stateDir, 'rehearsal-new')) => claimRehearsal(stateDir, root, reporter);

describe('a rehearsal', () => {
  it('says that it runs, and lets go', async () => {
    const release = await claim();
    assert.equal(JSON.parse(await readFile(file, 'utf8')).pid, process.pid);
    await release();
    assert.equal(existsSync(file), false);
  });

  it('is refused while another runs, which is left alone', async () => {
    const other = spawn(process.execPath, ['-e', 'setTimeout(() => {}, 60_000)'], { stdio: 'ignore' });
    const root = join(stateDir, 'rehearsal-other');
    await mkdir(root);
    const { startedAt } = (await identify(other.pid as number)) ?? { startedAt: '' };
    await writeFile(file, JSON.stringify({ pid: other.pid, startedAt, root }));
    try {
      await assert.rejects(claim(), RehearsalRunsError);
      assert.ok(existsSync(root));
    } finally {
      other.kill();
    }
  });

  it('removes what a killed one left', async () => {
    const root = join(stateDir, 'rehearsal-dead');
    await mkdir(join(root, 'state'), { recursive: true });
    await writeFile(file, JSON.stringify({ pid: process.pid, startedAt: 'another process of this number', root }));
    await claim();
    assert.equal(existsSync(root), false);
  });

  it('removes no folder that is no rehearsal’s', async () => {
    await writeFile(file, JSON.stringify({ pid: 1, startedAt: '', root: stateDir }));
    await assert.rejects(claim(), ClaimUnreadableError);
    assert.ok(existsSync(stateDir));
  });

  it('names the file that does not tell who ran', async () => {
    await writeFile(file, '');
    await assert.rejects(claim(), (error: Error) => error.message.startsWith(file));
    assert.deepEqual(await readdir(stateDir), ['rehearsal.json'], 'and leaves nothing beside it');
  });

  it('of two that begin at once only one does', async () => {
    const both = await Promise.allSettled([claim(), claim()]);
    const refused = both.filter(({ status }) => status === 'rejected') as PromiseRejectedResult[];
    assert.equal(refused.length, 1);
    assert.ok(refused[0]?.reason instanceof RehearsalRunsError, String(refused[0]?.reason));
  });
});
