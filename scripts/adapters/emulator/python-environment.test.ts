import assert from 'node:assert/strict';
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { ensurePython, PythonUnavailableError } from './python-environment.ts';

interface Sandbox {
  readonly dir: string;
  readonly stateDir: string;
  readonly requirements: string;
  /** What the interpreters were called with, one call a line. */
  readonly calls: () => Promise<string[]>;
  /** Makes a stand-in for Python: answers its version, makes venvs, and installs as told. */
  readonly interpreter: (version: string, install?: string) => Promise<string>;
}

async function sandbox(t: TestContext): Promise<Sandbox> {
  const dir = await mkdtemp(join(tmpdir(), 'python-environment-'));
  t.after(() => rm(dir, { recursive: true, force: true }));
  const log = join(dir, 'calls');
  await writeFile(log, '');
  const requirements = join(dir, 'requirements.txt');
  await writeFile(requirements, 'one==1.0\n');
  return {
    dir,
    stateDir: join(dir, 'state'),
    requirements,
    calls: async () => (await readFile(log, 'utf8')).split('\n').filter((line) => line !== ''),
    interpreter: async (version, install = 'touch "$(dirname "$0")/aws"') => {
      const path = join(dir, `python-${version}`);
      await writeFile(
        path,
        `#!/bin/sh
case "$1 $2" in
  "-c "*) echo ${version} ;;
  "-m venv") echo "venv" >> ${log}; mkdir -p "$3/bin"; cp "$0" "$3/bin/python" ;;
  "-m pip") echo "$*" >> ${log}; ${install} ;;
esac
`,
      );
      await chmod(path, 0o755);
      return path;
    },
  };
}

test('makes the environment once, every package held to its hash', async (t) => {
  const { stateDir, requirements, calls, interpreter } = await sandbox(t);
  const lines: string[] = [];
  const options = {
    stateDir,
    requirements,
    interpreters: [await interpreter('3.10.0')],
    log: (l: string) => lines.push(l),
  };
  const { python, aws } = await ensurePython(options);
  assert.equal(python, join(stateDir, 'python/bin/python'));
  assert.equal(aws, join(stateDir, 'python/bin/aws'));
  const [venv, install, ...more] = await calls();
  assert.equal(venv, 'venv');
  assert.match(install ?? '', new RegExp(`--require-hashes --requirement ${requirements}$`));
  assert.deepEqual(more, []);

  await ensurePython(options);
  assert.equal((await calls()).length, 2, 'current: nothing to do');
  assert.equal(lines.length, 1);

  await writeFile(requirements, 'one==1.1\n');
  await ensurePython(options);
  assert.equal((await calls()).length, 4, 'other requirements: made again');
});

test('an interrupted installation is made again', async (t) => {
  const { stateDir, requirements, interpreter } = await sandbox(t);
  const interpreters = [await interpreter('3.12.1')];
  await mkdir(join(stateDir, 'python/bin'), { recursive: true });
  await writeFile(join(stateDir, 'python/bin/left-over'), '');
  const { aws } = await ensurePython({ stateDir, requirements, interpreters });
  await readFile(aws);
  await assert.rejects(readFile(join(stateDir, 'python/bin/left-over')), { code: 'ENOENT' });
});

test('called twice at once it is made once', async (t) => {
  const { stateDir, requirements, calls, interpreter } = await sandbox(t);
  const interpreters = [await interpreter('3.13.0', 'sleep 0.2; touch "$(dirname "$0")/aws"')];
  await Promise.all([1, 2, 3].map(() => ensurePython({ stateDir, requirements, interpreters })));
  assert.equal((await calls()).length, 2);
});

test('the lock of a process that died blocks nobody', async (t) => {
  const { stateDir, requirements, interpreter } = await sandbox(t);
  await mkdir(stateDir);
  await writeFile(join(stateDir, 'python.lock'), JSON.stringify({ pid: process.pid, startedAt: 'earlier' }));
  await ensurePython({ stateDir, requirements, interpreters: [await interpreter('3.11.0')] });
});

test('without Python it says which one is needed and how to name it', async (t) => {
  const { dir, stateDir, requirements } = await sandbox(t);
  await assert.rejects(ensurePython({ stateDir, requirements, interpreters: [join(dir, 'no-python')] }), (error) => {
    assert.ok(error instanceof PythonUnavailableError);
    assert.equal(error.source, 'user');
    assert.match(error.message, /need Python 3\.10 or newer; tried .*no-python\..*GITOPS_PYTHON/);
    return true;
  });
});

test('a Python that is too old is named with its version, and a newer one is taken before it', async (t) => {
  const { stateDir, requirements, interpreter } = await sandbox(t);
  const [old, recent] = [await interpreter('3.9.18'), await interpreter('3.14.0')];
  await assert.rejects(
    ensurePython({ stateDir, requirements, interpreters: [old] }),
    /found .*python-3\.9\.18 is 3\.9\.18/,
  );
  await ensurePython({ stateDir, requirements, interpreters: [old, recent] });
});

test('an installation that fails tells what pip said, and is not taken for done', async (t) => {
  const { stateDir, requirements, interpreter } = await sandbox(t);
  const interpreters = [await interpreter('3.11.0', 'echo "THESE PACKAGES DO NOT MATCH THE HASHES" >&2; exit 1')];
  await assert.rejects(ensurePython({ stateDir, requirements, interpreters }), /DO NOT MATCH THE HASHES/);
  await ensurePython({ stateDir, requirements, interpreters: [await interpreter('3.11.0')] });
});
