/** What becomes an artifact, under which paths, and what is refused. */
import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, beforeEach, describe, it } from 'node:test';
import { listArtifacts } from '../shared/artifacts.ts';
import { type RecordedStep, recordedStep } from '../testing/recorded-step.ts';
import { upload } from './upload.ts';

const root = mkdtempSync(join(tmpdir(), 'upload-'));
const home = process.cwd();
after(() => {
  process.chdir(home);
  rmSync(root, { recursive: true, force: true });
});
let store = '';
/** Each test works in a workspace of its own, as a job does. */
beforeEach(() => {
  store = join(mkdtempSync(join(root, 'run-')), 'artifacts');
  process.chdir(mkdtempSync(join(root, 'workspace-')));
});

function put(...files: readonly string[]): void {
  for (const file of files) {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, `content of ${file}`);
  }
}

/** With the defaults of action.yml. */
function job(inputs: Record<string, string>, variables: Record<string, string> = {}): RecordedStep {
  const defaults = {
    name: 'artifact',
    'if-no-files-found': 'warn',
    'compression-level': '6',
    overwrite: 'false',
    'include-hidden-files': 'false',
    archive: 'true',
  };
  const github = { GITHUB_REPOSITORY: 'acme/trading', GITHUB_RUN_ID: '7' };
  return recordedStep({ ...defaults, ...inputs }, { REHEARSAL_ARTIFACTS: store, ...github, ...variables });
}

const kept = (name: string): string[] =>
  readdirSync(join(store, name), { recursive: true, encoding: 'utf8', withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(join(store, name).length + 1))
    .sort();

describe('an artifact', () => {
  it("holds a folder's files, without the folder's own name", async () => {
    put('cdk.out/release.json', 'cdk.out/dev/manifest.json');
    const step = job({ name: 'release', path: 'cdk.out' });
    await upload(step);
    assert.deepEqual(kept('release'), ['dev/manifest.json', 'release.json']);
    const [artifact] = await listArtifacts(store);
    assert.equal(artifact?.files, 2);
    assert.equal(`sha256:${step.outputs['artifact-digest']}`, artifact?.digest);
    assert.equal(
      step.outputs['artifact-url'],
      `https://github.com/acme/trading/actions/runs/7/artifacts/${step.outputs['artifact-id']}`,
    );
  });

  it('holds a single file under its last name', async () => {
    put('plans/deep/dev.json');
    await upload(job({ path: 'plans/deep/dev.json' }));
    assert.deepEqual(kept('artifact'), ['dev.json']);
  });

  it('keeps the folders below a pattern', async () => {
    put('out/a/x.json', 'out/b/y.json', 'out/b/z.txt');
    await upload(job({ path: 'out/*/*.json' }));
    assert.deepEqual(kept('artifact'), ['a/x.json', 'b/y.json']);
  });

  it('begins at the deepest folder above all paths', async () => {
    put('one/two/a.txt', 'one/three/b.txt', 'four/c.txt');
    await upload(job({ name: 'deep', path: 'one/two\none/three' }));
    assert.deepEqual(kept('deep'), ['three/b.txt', 'two/a.txt']);
    await upload(job({ name: 'wide', path: 'one/two\nfour' }));
    assert.deepEqual(kept('wide'), ['four/c.txt', 'one/two/a.txt']);
  });

  it('leaves out what a pattern excludes', async () => {
    put('out/a.txt', 'out/skip/b.txt');
    await upload(job({ path: 'out\n!out/skip' }));
    assert.deepEqual(kept('artifact'), ['a.txt']);
  });

  it('leaves hidden files and folders out', async () => {
    put('out/a', 'out/.env', 'out/.cache/b');
    await upload(job({ path: 'out' }));
    assert.deepEqual(kept('artifact'), ['a']);
  });

  it('takes hidden files where it is told to', async () => {
    put('out/a', 'out/.env');
    await upload(job({ path: 'out', 'include-hidden-files': 'true' }));
    assert.deepEqual(kept('artifact'), ['.env', 'a']);
  });

  it('loses what a file may be besides read and written', async () => {
    put('out/run.sh');
    chmodSync('out/run.sh', 0o755);
    await upload(job({ path: 'out' }));
    assert.equal(statSync(join(store, 'artifact', 'run.sh')).mode & 0o777, 0o644);
  });

  it('makes room where it is told to', async () => {
    put('out/a');
    await upload(job({ path: 'out' }));
    put('out/b');
    await upload(job({ path: 'out', overwrite: 'true' }));
    assert.deepEqual(kept('artifact'), ['a', 'b']);
  });

  it('is there whole or not at all, and leaves nothing else', async () => {
    put('out/a');
    await upload(job({ path: 'out' }));
    assert.deepEqual(readdirSync(store).sort(), ['.index', 'artifact']);
    assert.deepEqual(readdirSync(join(store, '.index')), ['artifact.json']);
  });

  it('of one name is made by one of several jobs', async () => {
    put('out/a');
    const uploads = await Promise.allSettled(Array.from({ length: 5 }, () => upload(job({ path: 'out' }))));
    assert.equal(uploads.filter(({ status }) => status === 'fulfilled').length, 1);
    assert.equal((await listArtifacts(store)).length, 1);
  });

  for (const [given, limit, days, warned] of [
    ['', '', undefined, false],
    ['0', '', undefined, false],
    ['14', '', 14, false],
    ['90', '0', 90, false],
    ['91', '0', 90, true],
    ['90', '30', 30, true],
    ['90', '400', 90, false],
  ] as const) {
    it(`asked to stay ${given || 'no'} days where ${limit || 'none'} is the limit stays ${days ?? 'the default'}`, async () => {
      put('out/a');
      const step = job({ path: 'out', 'retention-days': given }, { GITHUB_RETENTION_DAYS: limit });
      await upload(step);
      assert.equal((await listArtifacts(store))[0]?.retentionDays, days);
      assert.equal(step.warnings.length > 0, warned);
    });
  }
});

describe('no file at all', () => {
  it('is an error with if-no-files-found: error', async () => {
    await assert.rejects(upload(job({ path: 'nowhere', 'if-no-files-found': 'error' })), /no file at nowhere/);
  });

  it('is a warning by default', async () => {
    mkdirSync('empty');
    const step = job({ path: 'empty' });
    await upload(step);
    assert.match(step.warnings.join(), /no file at empty/);
    assert.deepEqual(await listArtifacts(store), []);
  });

  it('is a line of the log with if-no-files-found: ignore', async () => {
    const step = job({ path: 'nowhere', 'if-no-files-found': 'ignore' });
    await upload(step);
    assert.deepEqual(step.warnings, []);
    assert.match(step.said.join(), /no file at nowhere/);
  });

  it('is what a folder of hidden files comes to', async () => {
    put('.gitops/state.json');
    await assert.rejects(upload(job({ path: '.gitops', 'if-no-files-found': 'error' })), /no file at \.gitops/);
  });
});

describe('upload-artifact refuses', () => {
  it('a second artifact of one name, and keeps the first', async () => {
    put('out/a');
    await upload(job({ name: 'plan-dev', path: 'out' }));
    put('out/a', 'out/b');
    await assert.rejects(upload(job({ name: 'plan-dev', path: 'out' })), /\(409\) Conflict: .* "plan-dev" already/);
    assert.deepEqual(kept('plan-dev'), ['a']);
    assert.deepEqual(readdirSync(store).sort(), ['.index', 'plan-dev']);
  });

  for (const character of ['"', ':', '<', '>', '|', '*', '?', '\r', '\n', '\\', '/']) {
    it(`a name with ${JSON.stringify(character)}`, async () => {
      put('out/a');
      await assert.rejects(upload(job({ name: `plan${character}dev`, path: 'out' })), /forbidden: double quote, colon/);
    });
  }

  it('an empty name', async () => {
    put('out/a');
    await assert.rejects(upload(job({ name: '', path: 'out' })), /name of the artifact is empty/);
  });

  it('a path with a forbidden character', async () => {
    put('out/12:30.json');
    await assert.rejects(upload(job({ path: 'out' })), /path of a file in the artifact is "12:30\.json", with a colon/);
  });

  for (const [name, value, message] of [
    ['path', '', /path is needed/],
    ['if-no-files-found', 'fail', /"fail"; allowed: warn, error, ignore/],
    ['retention-days', 'long', /"long"; allowed: 0 to 90/],
    ['retention-days', '-1', /"-1"; allowed: 0 to 90/],
    ['compression-level', '10', /"10"; allowed: 0 to 9/],
    ['compression-level', 'best', /"best"; allowed: 0 to 9/],
    ['overwrite', 'yes', /overwrite is "yes"; allowed: true, false/],
    ['include-hidden-files', '1', /include-hidden-files is "1"/],
    ['archive', 'false', /does not play archive/],
  ] as const) {
    it(`${name}: ${JSON.stringify(value)}`, async () => {
      put('out/a');
      await assert.rejects(upload(job({ path: 'out', [name]: value })), message);
    });
  }

  it('a name the stand-in has no folder for', async () => {
    put('out/a');
    await assert.rejects(upload(job({ name: '..', path: 'out' })), /keeps no artifact named "\.\."/);
  });
});

it('files that differ in case only are told', async () => {
  put('out/README', 'out/readme');
  const step = job({ path: 'out' });
  await upload(step);
  if (readdirSync('out').length === 2) assert.match(step.said.join(), /upper and lower case only/);
  assert.equal(readFileSync(join(store, 'artifact', 'readme'), 'utf8'), 'content of out/readme');
});
