/** Making a release: put into place as a whole or not at all. The CDK app is replaced by one that writes little. */
import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { loadEnvironments } from '../../environments/load.ts';
import { type SynthesizeInput, SynthFailedError } from '../adapters/cdk-app/synthesize.ts';
import { readRelease, verifyRelease } from '../adapters/release/release-directory.ts';
import { parameter, writeAssembly } from '../testing/assembly.ts';
import { type Dependencies, makeRelease } from './make-release.ts';

const environments = loadEnvironments({ variables: {} });

let root = '';
let folder = '';
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'gitops-make-'));
  folder = join(root, 'cdk.out');
});
afterEach(() => rm(root, { recursive: true, force: true }));

/** An app whose templates hold `value`. */
const app =
  (value: string): Dependencies['synthesize'] =>
  async ({ outdir }: SynthesizeInput) => {
    for (const environment of environments) {
      const resources = { P: parameter('/p', value) };
      await writeAssembly(join(outdir, environment.name), environment, {
        [`b-${environment.name}`]: { resources },
        [`a-${environment.name}`]: { resources, dependencies: [`b-${environment.name}`] },
      });
    }
    return 'a note of the CDK';
  };

const dependencies = (synthesize: Dependencies['synthesize']): Dependencies => ({
  synthesize,
  describeCommit: async () => ({ commit: 'a'.repeat(40), committedAt: null, dirty: false }),
  readToolchain: async () => ({ node: '20' }),
  now: () => new Date('2026-11-23T00:00:00Z'),
});

const make = (synthesize: Dependencies['synthesize'], signal?: AbortSignal) =>
  makeRelease({ root, folder, environments, signal }, dependencies(synthesize));

describe('makeRelease', () => {
  it('describes what the app made: stacks in deploy order, place, stage, digests', async () => {
    const { release, notes } = await make(app('1'));
    assert.equal(notes, 'a note of the CDK');
    assert.deepEqual(release.environments['prod']?.stacks, ['b-prod', 'a-prod']);
    assert.equal(release.environments['prod']?.stage, 'production');
    assert.deepEqual(await readRelease(folder), release);
    await verifyRelease(folder, release);
  });

  it('gives the same content the same id, and other content another', async () => {
    const first = await make(app('1'));
    const same = await make(app('1'));
    const other = await make(app('2'));
    assert.equal(same.release.id, first.release.id);
    assert.notEqual(other.release.id, first.release.id);
  });

  it('replaces the earlier release as a whole', async () => {
    await make(app('1'));
    await writeFile(join(folder, 'left-over'), '');
    await make(app('2'));
    assert.ok(!(await readdir(folder)).includes('left-over'));
    assert.deepEqual(await readdir(root), ['cdk.out']);
  });

  it('leaves the earlier release untouched when the app fails, and nothing beside it', async () => {
    const { release } = await make(app('1'));
    const failing: Dependencies['synthesize'] = async (input) => {
      await app('2')(input);
      throw new SynthFailedError('a guardrail', 1);
    };
    await assert.rejects(make(failing), SynthFailedError);
    await verifyRelease(folder, release);
    assert.deepEqual(await readdir(root), ['cdk.out']);
  });

  it('leaves the earlier release untouched when interrupted at the end', async () => {
    const { release } = await make(app('1'));
    const controller = new AbortController();
    const interrupted: Dependencies['synthesize'] = async (input) => {
      controller.abort(new Error('enough'));
      return await app('2')(input);
    };
    await assert.rejects(make(interrupted, controller.signal), /enough/);
    assert.deepEqual(await readRelease(folder), release);
  });

  it('removes what a killed synth left behind, and not what another one is making', async () => {
    const dead = `cdk.out.making-${2 ** 22 + 1}-abc`;
    const alive = `cdk.out.making-${process.ppid}-abc`;
    for (const name of [dead, alive]) await mkdir(join(root, name));
    await make(app('1'));
    assert.deepEqual((await readdir(root)).sort(), ['cdk.out', alive].sort());
  });

  it('asks the app for all environments', async () => {
    let seen: SynthesizeInput | undefined;
    await make(async (input) => {
      seen = input;
      return await app('1')(input);
    });
    assert.deepEqual(seen?.context, { env: 'all' });
    assert.equal((await readFile(join(folder, 'release.json'), 'utf8')).includes(seen?.outdir ?? ''), false);
  });
});
