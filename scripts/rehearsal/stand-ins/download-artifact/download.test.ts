/** Which artifacts are brought where, and what is refused. */
import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, beforeEach, describe, it } from 'node:test';
import { keepArtifact, listArtifacts } from '../shared/artifacts.ts';
import { type RecordedStep, recordedStep } from '../testing/recorded-step.ts';
import { download } from './download.ts';
import { selectArtifacts } from './select.ts';

const root = mkdtempSync(join(tmpdir(), 'download-'));
after(() => rmSync(root, { recursive: true, force: true }));
let store = '';
let workspace = '';
beforeEach(() => {
  store = join(mkdtempSync(join(root, 'run-')), 'artifacts');
  workspace = mkdtempSync(join(root, 'workspace-'));
});

async function keep(name: string, ...paths: readonly string[]): Promise<void> {
  const file = join(root, 'file');
  for (const _ of paths) writeFileSync(file, `of ${name}`, { mode: 0o755 });
  await keepArtifact(store, { name, files: new Map(paths.map((path) => [path, file])) });
}

/** With the defaults of action.yml. */
function job(inputs: Record<string, string>): RecordedStep {
  const defaults = { 'merge-multiple': 'false', 'skip-decompress': 'false', 'digest-mismatch': 'error' };
  return recordedStep({ ...defaults, ...inputs }, { REHEARSAL_ARTIFACTS: store, GITHUB_WORKSPACE: workspace });
}

const files = (folder = workspace): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort();

describe('what is downloaded', () => {
  it('is one artifact by name, into the folder itself', async () => {
    await keep('release', 'release.json', 'dev/manifest.json');
    const step = job({ name: 'release', path: 'cdk.out' });
    await download(step);
    assert.deepEqual(files(), ['cdk.out/dev/manifest.json', 'cdk.out/release.json']);
    assert.deepEqual(step.outputs, { 'download-path': join(workspace, 'cdk.out') });
    assert.equal(statSync(join(workspace, 'cdk.out', 'release.json')).mode & 0o777, 0o644);
  });

  it('is everything without a name, in a folder each', async () => {
    await keep('plan-dev', 'dev.json');
    await keep('plan-prod', 'prod.json');
    await download(job({}));
    assert.deepEqual(files(), ['plan-dev/dev.json', 'plan-prod/prod.json']);
  });

  it('is what a pattern matches, in one folder where it is merged', async () => {
    await keep('plan-dev', 'dev.json');
    await keep('plan-prod', 'prod.json');
    await keep('release', 'release.json');
    await download(job({ pattern: 'plan-*', path: 'plans', 'merge-multiple': 'true' }));
    assert.deepEqual(files(), ['plans/dev.json', 'plans/prod.json']);
  });

  it('has no folder of its own where a pattern matches one artifact only', async () => {
    await keep('plan-dev', 'dev.json');
    await keep('release', 'release.json');
    await download(job({ pattern: 'plan-*', path: 'plans' }));
    assert.deepEqual(files(), ['plans/dev.json']);
  });

  it('is nothing where a pattern matches nothing, and that is no failure', async () => {
    await keep('release', 'release.json');
    const step = job({ pattern: 'plan-*', path: 'plans' });
    await download(step);
    assert.deepEqual(files(), []);
    assert.match(step.said.join(), /0 artifact\(s\) downloaded/);
  });

  it('is nothing in a run without artifacts', async () => {
    await download(job({}));
    assert.deepEqual(files(), []);
  });

  it('goes over what is there, and leaves the rest', async () => {
    await keep('release', 'a');
    writeFileSync(join(workspace, 'a'), 'older');
    writeFileSync(join(workspace, 'b'), 'other');
    await download(job({ name: 'release' }));
    assert.equal(readFileSync(join(workspace, 'a'), 'utf8'), 'of release');
    assert.deepEqual(files(), ['a', 'b']);
  });

  it('is told by number too', async () => {
    await keep('one', 'a');
    await keep('two', 'b');
    const id = (await listArtifacts(store)).find(({ name }) => name === 'two')?.id;
    const step = job({ 'artifact-ids': `${id}, 1` });
    await download(step);
    assert.deepEqual(files(), ['b']);
    assert.match(step.warnings.join(), /no artifact of the number 1/);
  });

  it('may go to the home folder', async () => {
    const step = job({ path: '~/x' });
    await download(step);
    assert.equal(step.outputs['download-path'], join(homedir(), 'x'));
  });
});

it('what a name is not the beginning of is not matched', () => {
  const all = ['plan-dev', 'plan-dev-eu', 'xplan-dev'].map((name, id) => ({
    id,
    name,
    digest: '',
    files: 1,
    bytes: 1,
  }));
  const wanted = { name: '', ids: '', merge: true, folder: '/w' };
  const matched = (pattern: string): string[] =>
    selectArtifacts({ ...wanted, pattern }, all).downloads.map(({ artifact }) => artifact.name);
  assert.deepEqual(matched('plan-*'), ['plan-dev', 'plan-dev-eu']);
  assert.deepEqual(matched('plan-dev'), ['plan-dev']);
  assert.deepEqual(matched('{plan-dev,xplan*}'), ['plan-dev', 'xplan-dev']);
});

describe('an artifact that is not what was uploaded', () => {
  const breakIt = async (): Promise<void> => {
    await keep('release', 'release.json');
    writeFileSync(join(store, 'release', 'release.json'), 'another');
  };

  it('fails the step', async () => {
    await breakIt();
    await assert.rejects(download(job({ name: 'release' })), /by its digest: release/);
  });

  it('is a warning with digest-mismatch: warn', async () => {
    await breakIt();
    const step = job({ name: 'release', 'digest-mismatch': 'warn' });
    await download(step);
    assert.match(step.warnings.join(), /by its digest: release/);
  });

  it('passes in silence with digest-mismatch: ignore', async () => {
    await breakIt();
    const step = job({ name: 'release', 'digest-mismatch': 'ignore' });
    await download(step);
    assert.doesNotMatch([...step.warnings, ...step.said].join(), /digest/);
  });
});

describe('download-artifact refuses', () => {
  it('a name the run does not have, and says which it has', async () => {
    await keep('plan-dev', 'a');
    await assert.rejects(download(job({ name: 'release' })), /no artifact "release"; it has: plan-dev/);
  });

  it('a name while its upload is under way', async () => {
    await keep('release', 'a');
    rmSync(join(store, '.index', 'release.json'));
    await assert.rejects(download(job({ name: 'release' })), /no artifact "release"; it has: none/);
  });

  for (const [name, inputs, message] of [
    ['a name and numbers', { name: 'release', 'artifact-ids': '1' }, /Only one of the inputs name and artifact-ids/],
    ['numbers that are none', { 'artifact-ids': 'release' }, /"release", no number/],
    ['no number', { 'artifact-ids': ' , ' }, /names no artifact/],
    ['numbers of no artifact', { 'artifact-ids': '1,2' }, /none of the artifacts 1, 2/],
    ['another word for a mismatch', { 'digest-mismatch': 'fail' }, /"fail"; allowed: ignore, info, warn, error/],
    ['another word for true', { 'merge-multiple': 'yes' }, /merge-multiple is "yes"/],
    ['artifacts of another run', { 'github-token': 't', 'run-id': '1' }, /does not play github-token/],
    ['the archive itself', { 'skip-decompress': 'true' }, /does not play skip-decompress/],
  ] as const) {
    it(name, async () => {
      await assert.rejects(download(job({ ...inputs })), message);
    });
  }
});
