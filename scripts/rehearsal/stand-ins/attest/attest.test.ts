/** What would be attested, and what is refused before that. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, beforeEach, describe, it } from 'node:test';
import { type RecordedStep, recordedStep } from '../testing/recorded-step.ts';
import { attest } from './attest.ts';
import { MOST_SUBJECTS } from './subjects.ts';

const root = mkdtempSync(join(tmpdir(), 'attest-'));
const home = process.cwd();
after(() => {
  process.chdir(home);
  rmSync(root, { recursive: true, force: true });
});
beforeEach(() => {
  process.chdir(mkdtempSync(join(root, 'workspace-')));
  mkdirSync('cdk.out');
  writeFileSync('cdk.out/release.json', '{}');
});

const job = (inputs: Record<string, string>, variables: Record<string, string | undefined> = {}): RecordedStep =>
  recordedStep(
    { 'github-token': 't', 'push-to-registry': 'false', ...inputs },
    {
      RUNNER_TEMP: join(root, 'temp'),
      ACTIONS_ID_TOKEN_REQUEST_URL: 'http://127.0.0.1:1/?x=1',
      REHEARSAL_PERMISSIONS: '{"id-token":"write","attestations":"write"}',
      ...variables,
    },
  );
const release = { 'subject-path': 'cdk.out/release.json' };
const digest = `sha256:${createHash('sha256').update('{}').digest('hex')}`;

describe('what would be attested', () => {
  it('is a file, by its digest; nothing is signed, and that is said', async () => {
    const step = job(release);
    await attest(step);
    assert.deepEqual(step.said, [`Would attest release.json, ${digest}`]);
    assert.match(step.notices.join(), /Nothing is signed/);
    assert.deepEqual(Object.keys(step.outputs), ['bundle-path']);
    const bundle: unknown = JSON.parse(readFileSync(step.outputs['bundle-path'] ?? '', 'utf8'));
    assert.deepEqual(bundle, { signed: false, subjects: [{ name: 'release.json', digest }] });
  });

  it('is every file of a pattern', async () => {
    writeFileSync('cdk.out/b.json', '1');
    const step = job({ 'subject-path': 'cdk.out/*.json' });
    await attest(step);
    assert.equal(step.said.length, 2);
  });

  it('is a digest with its name', async () => {
    const step = job({ 'subject-digest': digest, 'subject-name': 'release' });
    await attest(step);
    assert.deepEqual(step.said, [`Would attest release, ${digest}`]);
  });

  it('says where the permission is not known', async () => {
    const step = job(release, { REHEARSAL_PERMISSIONS: undefined });
    await attest(step);
    assert.match(step.said.join(), /not known here/);
  });
});

describe('attest refuses', () => {
  for (const [what, inputs, variables, message] of [
    ['a job without id-token: write', release, { ACTIONS_ID_TOKEN_REQUEST_URL: undefined }, /id-token: write/],
    ['a job without attestations: write', release, { REHEARSAL_PERMISSIONS: '{}' }, /\(403\).*attestations: write/],
    ['nothing to attest', {}, {}, /One of the inputs subject-path/],
    ['a path and a digest', { ...release, 'subject-digest': digest }, {}, /Only one of the inputs/],
    ['a path without a file', { 'subject-path': 'cdk.out/nothing' }, {}, /no file to attest at cdk\.out\/nothing/],
    ['a digest without a name', { 'subject-digest': digest }, {}, /needs subject-name/],
    ['a digest without algorithm', { 'subject-digest': 'abc', 'subject-name': 'x' }, {}, /its form is algorithm:hex/],
    ['another algorithm', { 'subject-digest': 'md5:abc', 'subject-name': 'x' }, {}, /one of sha224, sha256/],
    ['too short a digest', { 'subject-digest': 'sha256:abc', 'subject-name': 'x' }, {}, /has 64 hexadecimal digits/],
    ['no token', { ...release, 'github-token': '' }, {}, /github-token is needed/],
    ['what is not played', { ...release, 'sbom-path': 's.json' }, {}, /does not play sbom-path/],
  ] as const) {
    it(what, async () => {
      await assert.rejects(attest(job({ ...inputs }, { ...variables })), message);
    });
  }

  it('too many files', async () => {
    mkdirSync('many');
    for (let index = 0; index <= MOST_SUBJECTS; index += 1) writeFileSync(`many/${index}`, '');
    await assert.rejects(attest(job({ 'subject-path': 'many/*' })), /1025 files to attest at many\/\*; allowed: 1024/);
  });
});
