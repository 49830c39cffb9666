/** What is checked before a deployment, and that the release is as it was afterwards. */
import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { loadEnvironments } from '../../environments/load.ts';
import { hashDirectory } from '../adapters/release/hash-directory.ts';
import { ReleaseMismatchError, verifyRelease } from '../adapters/release/release-directory.ts';
import type { Target } from '../adapters/target.ts';
import type { StackResult } from '../core/deployment/stack-result.ts';
import type { Task } from '../core/progress.ts';
import type { Release } from '../core/release/release.ts';
import { parameter, writeTestRelease } from '../testing/assembly.ts';
import { DirtyReleaseError, deployEnvironment, ReleaseDoesNotFitError } from './deploy-environment.ts';

const PLACE = { account: '123456789012', region: 'us-east-1' };
const STACKS = { 'a-dev': { resources: { P: parameter('/a', '1') } } };
const EMULATOR = { endpoint: 'http://127.0.0.1:1', credentials: { accessKeyId: '', secretAccessKey: '' } };

const task: Task = { update: () => {}, done: () => {}, fail: () => {}, child: () => task };

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gitops-deploy-test-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

function target(changes: Partial<Target> & { readonly stage?: 'production' } = {}): Target {
  const { stage = 'development', ...rest } = changes;
  const [dev] = loadEnvironments({ variables: {} });
  assert.ok(dev);
  return { environment: { ...dev, stage }, ...PLACE, unanswerable: [], ...rest };
}

/** Deploys with a toolkit that does `work` on the assembly it is given. */
async function deploy(release: Release, to: Target, work?: (assembly: string) => Promise<readonly StackResult[]>) {
  const given: string[] = [];
  const toolkit = {
    deploy: async (assembly: string): Promise<readonly StackResult[]> => {
      given.push(assembly);
      return (await work?.(assembly)) ?? [{ stack: 'a-dev', status: 'created', seconds: 1 }];
    },
  };
  const result = await deployEnvironment({ release, folder, target: to, task, warn: () => {} }, { toolkit }).catch(
    (error: unknown) => error,
  );
  return { result, given };
}

describe('deployEnvironment', () => {
  it('deploys a copy with the very bytes of the release, and takes it away', async () => {
    const release = await writeTestRelease(folder, PLACE, STACKS);
    let deployed: unknown;
    const { result, given } = await deploy(release, target(), async (assembly) => {
      deployed = await hashDirectory(assembly);
      // As the toolkit does.
      await writeFile(join(assembly, 'read.1.lock'), '');
      return [{ stack: 'a-dev', status: 'updated', seconds: 1 }];
    });
    assert.deepEqual(deployed, await hashDirectory(join(folder, 'dev')));
    const { ok, digest, releaseId } = result as { ok: boolean; digest: string; releaseId: string };
    assert.deepEqual([ok, releaseId, digest], [true, release.id, release.environments['dev']?.digest]);
    await verifyRelease(folder, release);
    assert.ok(!(await readdir(join(folder, 'dev'))).includes('read.1.lock'));
    await assert.rejects(readdir(given[0] ?? ''), { code: 'ENOENT' });
  });

  it('is not fooled by a release that changes after it was checked', async () => {
    const release = await writeTestRelease(folder, PLACE, STACKS);
    const template = 'a-dev.template.json';
    const original = await readFile(join(folder, 'dev', template), 'utf8');
    let seen = '';
    await deploy(release, target(), async (assembly) => {
      await writeFile(join(folder, 'dev', template), '{}');
      seen = await readFile(join(assembly, template), 'utf8');
      return [];
    });
    assert.equal(seen, original);
  });

  for (const status of ['failed', 'skipped'] as const) {
    it(`is not ok when a stack ${status}`, async () => {
      const release = await writeTestRelease(folder, PLACE, STACKS);
      const { result } = await deploy(release, target(), async () => [{ stack: 'a-dev', status, seconds: 0 }]);
      assert.equal((result as { ok: boolean }).ok, false);
    });
  }

  it('touches nothing when a file differs from the release, and names it', async () => {
    const release = await writeTestRelease(folder, PLACE, STACKS);
    await writeFile(join(folder, 'dev', 'a-dev.template.json'), '{}');
    const { result, given } = await deploy(release, target());
    assert.ok(result instanceof ReleaseMismatchError);
    assert.match(result.message, /changed: dev\/a-dev\.template\.json/);
    assert.deepEqual(given, []);
  });

  it('touches nothing when the environment is elsewhere now, or not in the release', async () => {
    const release = await writeTestRelease(folder, PLACE, STACKS);
    const [, staging] = loadEnvironments({ variables: {} });
    assert.ok(staging);
    for (const elsewhere of [
      target({ account: '999999999999' }),
      target({ region: 'eu-west-1' }),
      target({ environment: staging }),
    ]) {
      const { result, given } = await deploy(release, elsewhere);
      assert.ok(result instanceof ReleaseDoesNotFitError);
      assert.deepEqual(given, []);
    }
  });

  it('keeps a release of uncommitted changes out of production, but not out of an emulated one', async () => {
    const release = await writeTestRelease(folder, PLACE, STACKS, { dirty: true, stage: 'production' });
    const refused = await deploy(release, target({ stage: 'production' }));
    assert.ok(refused.result instanceof DirtyReleaseError);
    assert.equal(refused.result.exitCode, 3);
    assert.deepEqual(refused.given, []);
    const emulated = await deploy(release, target({ stage: 'production', emulator: EMULATOR }));
    assert.equal((emulated.result as { ok: boolean }).ok, true);
    const development = await deploy(release, target());
    assert.equal((development.result as { ok: boolean }).ok, true);
  });
});
