/** Which node runs, what is said of it, and what is refused. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { type RecordedStep, recordedStep } from '../testing/recorded-step.ts';
import { compareVersions, versionAsked } from './node-version.ts';
import { setUpNode } from './set-up-node.ts';

const root = mkdtempSync(join(tmpdir(), 'setup-node-'));
after(() => rmSync(root, { recursive: true, force: true }));

const major = process.version.slice(1).split('.')[0] as string;
/** Fewest words a workflow of this repository says. */
const quiet = { 'package-manager-cache': 'false' };

function job(inputs: Record<string, string>, files: Record<string, string> = {}): RecordedStep {
  const workspace = mkdtempSync(join(root, 'workspace-'));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(workspace, name), text);
  return recordedStep(inputs, { GITHUB_WORKSPACE: workspace });
}

describe('the node of a job', () => {
  it("is the machine's, and that is said where another one is asked for", async () => {
    const step = job({ ...quiet, 'node-version-file': '.nvmrc' }, { '.nvmrc': '4\n' });
    await setUpNode(step);
    assert.match(step.notices.join(), /^Node 4 is asked for\. .* machine's v\d+\.\d+\.\d+, another one\.$/);
    assert.deepEqual(step.outputs, { 'node-version': process.version });
  });

  it('needs no notice where it is the one asked for', async () => {
    const step = job({ ...quiet, 'node-version': `${major}.x` });
    await setUpNode(step);
    assert.deepEqual(step.notices, []);
    assert.match(step.said.join(), new RegExp(`Node ${major}\\.x is asked for, and this machine has`));
  });

  it('may be another one than a range asks for', async () => {
    const step = job({ ...quiet, 'node-version': '>=20.19' });
    await setUpNode(step);
    assert.match(step.notices.join(), /may be another one/);
  });

  it('is asked for by node-version where the file is given too', async () => {
    const step = job({ ...quiet, 'node-version': major, 'node-version-file': '.nvmrc' });
    await setUpNode(step);
    assert.match(step.warnings.join(), /only the first counts/);
  });

  for (const [text, version] of [
    ['24\n', '24'],
    ['v24.1.0', '24.1.0'],
    ['lts/*', 'lts/*'],
    ['python 3.12\nnodejs 22.3.0\n', '22.3.0'],
    ['{"engines":{"node":">=20"}}', '>=20'],
    ['{"engines":{"node":">=20"},"volta":{"node":"20.1.0"}}', '20.1.0'],
    ['{"devEngines":{"runtime":[{"name":"bun"},{"name":"node","version":"^24"}]}}', '^24'],
    ['{"name":"x"}', undefined],
  ] as const) {
    it(`is read from ${JSON.stringify(text)}`, () => assert.equal(versionAsked(text), version));
  }

  for (const [asked, verdict] of [
    ['20', 'same'],
    ['v20.20', 'same'],
    ['20.x', 'same'],
    ['20.20.2', 'same'],
    ['2', 'different'],
    ['24', 'different'],
    ['20.20.3', 'different'],
    ['lts/*', 'unknown'],
    ['>=20', 'unknown'],
  ] as const) {
    it(`v20.20.2 for ${asked}: ${verdict}`, () => assert.equal(compareVersions(asked, 'v20.20.2'), verdict));
  }
});

describe('setup-node refuses', () => {
  it('a version file that is not there', async () => {
    await assert.rejects(setUpNode(job({ ...quiet, 'node-version-file': '.nvmrc' })), /\.nvmrc, which is not there/);
  });

  it('a cache it does not know', async () => {
    await assert.rejects(setUpNode(job({ cache: 'bun' })), /cache is "bun"; allowed: npm, pnpm, yarn/);
  });

  it('a cache without a lock file', async () => {
    await assert.rejects(setUpNode(job({ cache: 'npm' })), /needs a lock file in .*package-lock\.json/);
  });

  it('a cache without a lock file that package.json asks for', async () => {
    const files = { 'package.json': '{"packageManager":"npm@11.0.0"}' };
    await assert.rejects(setUpNode(job({}, files)), /needs a lock file/);
    await setUpNode(job(quiet, files));
  });

  it('what the stand-in does not play', async () => {
    await assert.rejects(setUpNode(job({ 'registry-url': 'https://npm.example' })), /does not play registry-url/);
  });
});

describe('a cache', () => {
  it('is never hit, and said not to be kept', async () => {
    const step = job({ cache: 'npm' }, { 'package-lock.json': '{}' });
    await setUpNode(step);
    assert.equal(step.outputs['cache-hit'], 'false');
    assert.match(step.said.join(), /not cached/);
  });
});
