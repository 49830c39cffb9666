/** npm as a rehearsed job has it: what is linked, what is left out, and that all else is npm itself. */
import assert from 'node:assert/strict';
import { type SpawnSyncReturns, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { accessSync, constants, existsSync, lstatSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { after, describe, it } from 'node:test';
import { findProgram } from './find-program.ts';
import { lacksOfInstalled } from './installed-packages.ts';
import { planCommand } from './plan-command.ts';

const bin = import.meta.dirname;
const root = mkdtempSync(join(tmpdir(), 'npm-'));
after(() => rmSync(root, { recursive: true, force: true }));

/** A real npm that says what it was called with. */
const real = join(root, 'real');
mkdirSync(real);
writeFileSync(join(real, 'npm'), '#!/bin/sh\necho "npm $@"\nexit $CODE\n', { mode: 0o755 });

const manifest = { dependencies: { zod: '4.6.7' } };
const lock = { packages: { '': manifest, 'node_modules/zod': {} } };

/** A project beside an installation. */
function project(files: { manifest?: object; lock?: object; installedLock?: object; whole?: boolean } = {}): {
  folder: string;
  installed: string;
} {
  const home = mkdtempSync(join(root, 'home-'));
  const [folder, installed] = [join(home, 'project'), join(home, 'installed', 'node_modules')];
  mkdirSync(folder);
  mkdirSync(join(installed, 'zod'), { recursive: true });
  mkdirSync(join(installed, '.cache'));
  writeFileSync(join(installed, 'zod', 'index.js'), '');
  writeFileSync(join(folder, 'package.json'), JSON.stringify(files.manifest ?? manifest));
  writeFileSync(join(folder, 'package-lock.json'), JSON.stringify(files.lock ?? lock));
  writeFileSync(join(installed, '..', 'package-lock.json'), JSON.stringify(files.installedLock ?? lock));
  if (files.whole !== false) writeFileSync(join(installed, '.package-lock.json'), '{}');
  return { folder, installed };
}

const variablesOf = (installed: string): Record<string, string | undefined> => ({
  ...process.env,
  PATH: [bin, real, process.env['PATH']].join(delimiter),
  CODE: '0',
  REHEARSAL_NODE: process.execPath,
  REHEARSAL_LOADER: import.meta.resolve('tsx'),
  REHEARSAL_STAND_INS: join(bin, '..'),
  REHEARSAL_NODE_MODULES: installed,
});

function npm(
  { folder, installed }: { folder: string; installed: string },
  words: readonly string[],
  more: Record<string, string> = {},
): SpawnSyncReturns<string> {
  return spawnSync('npm', words, { cwd: folder, env: { ...variablesOf(installed), ...more }, encoding: 'utf8' });
}

describe('npm ci', () => {
  it('links the installed packages where the lock file is theirs', () => {
    const place = project();
    const { status, stdout, stderr } = npm(place, ['ci']);
    assert.deepEqual([status, stdout], [0, '']);
    assert.match(stderr, /1 installed packages linked/);
    assert.ok(existsSync(join(place.folder, 'node_modules', 'zod', 'index.js')));
    assert.ok(!lstatSync(join(place.folder, 'node_modules')).isSymbolicLink());
    assert.ok(!existsSync(join(place.folder, 'node_modules', '.cache')));
  });

  it('is npm itself where the lock file is another one', () => {
    const place = project({ installedLock: { packages: {} } });
    const { stdout, stderr } = npm(place, ['ci']);
    assert.equal(stdout, 'npm ci\n');
    assert.match(stderr, /not the one of the installed packages: npm ci installs them/);
    assert.ok(!existsSync(join(place.folder, 'node_modules')));
  });

  for (const [what, files, reason] of [
    ['package.json has gone on', { manifest: { dependencies: { zod: '5.0.0' } } }, /package\.json asks for other/],
    ['nothing is installed', { whole: false }, /No packages are installed/],
  ] as const) {
    it(`does not link where ${what}`, async () => {
      const { folder, installed } = project(files);
      assert.match((await lacksOfInstalled(folder, installed)) ?? '', reason);
    });
  }

  it('with options is npm itself', () => {
    assert.deepEqual(planCommand(['ci', '--omit=dev'], {}), { action: 'hand', words: ['ci', '--omit=dev'] });
  });
});

describe('npm test', () => {
  for (const words of [['test'], ['t'], ['run', 'test'], ['test', '--', '--long']]) {
    it(`checks only, and says so: npm ${words.join(' ')}`, () => {
      const { action, words: given, note } = planCommand(words, {});
      assert.deepEqual([action, given], ['hand', ['run', 'check']]);
      assert.match(note ?? '', /tests themselves are not rehearsed/);
    });
  }

  it('runs the tests where that is asked for', () => {
    const { words, note } = planCommand(['test'], { REHEARSAL_WITH_TESTS: '1' });
    assert.deepEqual([words, note], [['test'], undefined]);
  });

  it('calls npm run check', () => {
    const { stdout, stderr } = npm(project(), ['test']);
    assert.equal(stdout, 'npm run check\n');
    assert.match(stderr, /not rehearsed/);
  });
});

describe('everything else', () => {
  it('is npm itself, word for word, with its exit code', () => {
    const words = ['run', 'diff', '--', '--env', 'a b', '--retry=', '$HOME'];
    const { status, stdout } = npm(project(), words, { CODE: '3' });
    assert.deepEqual([status, stdout], [3, `npm ${words.join(' ')}\n`]);
  });

  it('is ended by the signal that ends the stand-in', { timeout: 60_000 }, async () => {
    const place = project();
    const slow = join(root, 'slow');
    mkdirSync(slow);
    writeFileSync(
      join(slow, 'npm'),
      '#!/bin/sh\ntrap "echo ended; exit 7" TERM\necho ready\nwhile :; do sleep 0.05; done\n',
      {
        mode: 0o755,
      },
    );
    const env = { ...variablesOf(place.installed), PATH: [bin, slow, process.env['PATH']].join(delimiter) };
    const child = spawn('npm', ['run', 'promote'], { cwd: place.folder, env, stdio: ['ignore', 'pipe', 'inherit'] });
    let output = '';
    child.stdout.on('data', (data: Buffer) => {
      output += data;
      if (output === 'ready\n') child.kill('SIGTERM');
    });
    assert.deepEqual(await once(child, 'close'), [7, null]);
    assert.equal(output, 'ready\nended\n');
  });

  it('says where there is no npm', () => {
    assert.throws(() => findProgram('npm', [join(root, 'nowhere')]), /no npm on the PATH of this job: .*nowhere/);
    assert.equal(findProgram('npm', ['', join(root, 'nowhere'), real]), join(real, 'npm'));
  });
});

it('is executable', () => accessSync(join(bin, 'npm'), constants.X_OK));
