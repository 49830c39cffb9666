/** `synth`: what it shows of a release, and that the real app makes the same release anywhere. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { loadEnvironments } from '../../../environments/load.ts';
import { COMPONENTS } from '../../../environments/naming.ts';
import { SynthFailedError } from '../../adapters/cdk-app/synthesize.ts';
import { readRelease, verifyRelease } from '../../adapters/release/release-directory.ts';
import { PlainReporter } from '../../adapters/reporter/plain.ts';
import { REPOSITORY_ROOT } from '../../adapters/repository-root.ts';
import type { Release } from '../../core/release/release.ts';
import { parameter, writeTestRelease } from '../../testing/assembly.ts';
import { run } from './run.ts';

const environments = loadEnvironments();

let folder = '';
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gitops-synth-'));
});
after(() => rm(folder, { recursive: true, force: true }));

describe('synth', () => {
  /** Runs the verb over a release that was made already. */
  async function runOver(release: Release | Error, notes = '') {
    const lines: string[] = [];
    const reporter = new PlainReporter({ write: (text) => lines.push(text) }, () => 0);
    const result = run(
      { root: REPOSITORY_ROOT, folder: 'cdk.out', environments, shown: environments },
      {
        reporter,
        makeRelease: async () => {
          if (release instanceof Error) throw release;
          return { release, notes };
        },
      },
    );
    return { result, lines };
  }

  it('shows environments, stacks, digests and id; its document leaves the list of files out', async () => {
    const place = { account: '123456789012', region: 'us-east-1' };
    const release = await writeTestRelease(join(folder, 'small'), place, {
      'a-dev': { resources: { P: parameter('/p', '1') } },
    });
    const { result, lines } = await runOver(release, 'a note');
    const { text: shown, document, exitCode } = await result;
    assert.equal(exitCode, 0);
    assert.match(shown, /│ dev +│ development │ 123456789012 │ us-east-1 │ 1 +│ [0-9a-f]{12} │/);
    assert.ok(shown.includes(`Release ${release.id.slice(0, 12)} (ffffffffffff)`));
    assert.doesNotMatch(shown, /uncommitted/);
    const { files: _, ...described } = release;
    assert.deepEqual(document, { release: described, folder: 'cdk.out' });
    assert.ok(lines.some((line) => line.includes('a note')));
    const dirty = await runOver({ ...release, dirty: true });
    assert.match(
      (await dirty.result).text,
      /dirty: made of uncommitted changes\)\nMade of uncommitted changes: a production/,
    );
  });

  it('ends its task and passes the error on when the app fails', async () => {
    const { result, lines } = await runOver(new SynthFailedError('a guardrail', 1));
    await assert.rejects(result, SynthFailedError);
    assert.match(lines.join(''), /✗ .*: no release was made; an earlier one is as it was/);
  });
});

describe('npm run synth', () => {
  const main = fileURLToPath(new URL('./main.ts', import.meta.url));
  const synth = async (target: string, variables: Record<string, string>) => {
    const child = spawn(process.execPath, ['--import', 'tsx', main, '--json', '--release', target], {
      env: { PATH: process.env['PATH'], ...variables },
    });
    const closed = once(child, 'close');
    const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
    await closed;
    return { stdout, stderr, exitCode: child.exitCode };
  };

  it('makes a release of this repository that verifies, without credentials', async () => {
    const target = join(folder, 'real');
    // That it passes the guardrails is the concern of other tests, and takes seconds.
    const { stdout, stderr, exitCode } = await synth(target, { CDK_VALIDATION: 'false' });
    assert.equal(exitCode, 0, stderr);
    const { ok, release } = JSON.parse(stdout);
    assert.equal(ok, true);
    assert.deepEqual(
      Object.keys(release.environments),
      environments.map(({ name }) => name),
    );
    const written = await readRelease(target);
    assert.equal(written.id, release.id);
    await verifyRelease(target, written);
    for (const { stacks } of Object.values(written.environments)) {
      assert.equal(stacks.length, COMPONENTS.length);
      assert.match(stacks.at(-1) ?? '', /^trading-monitoring-/);
    }
  });

  it('ends 2 on a wrong configuration, names file and path, and leaves the earlier release as it was', async () => {
    const target = join(folder, 'real');
    const before = await readRelease(target);
    const { stdout, stderr, exitCode } = await synth(target, { CDK_DEV_ACCOUNT: '12' });
    assert.equal(exitCode, 2);
    assert.match(stderr, /environments\/dev\.json/);
    assert.doesNotMatch(stderr, /\n\s+at /);
    assert.equal(JSON.parse(stdout).error.problems[0].path, 'account');
    assert.deepEqual(await readRelease(target), before);
  });
});
