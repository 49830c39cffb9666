/** `deploy`: order, where it stops, what it says. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { loadEnvironments } from '../../../environments/load.ts';
import { PlainReporter } from '../../adapters/reporter/plain.ts';
import type { Target } from '../../adapters/target.ts';
import type { StackResult } from '../../core/deployment/stack-result.ts';
import { describeRelease } from '../../core/release/release.ts';
import { type Dependencies, run } from './run.ts';

const environments = loadEnvironments({ variables: {} });
const targets: readonly Target[] = environments.map((environment) => ({
  environment,
  account: environment.account,
  region: environment.region,
  unanswerable: [],
}));
const release = describeRelease({
  commit: 'a'.repeat(40),
  committedAt: null,
  dirty: false,
  createdAt: new Date(0),
  environments: [],
  toolchain: {},
  files: [{ path: 'dev/manifest.json', sha256: 'b'.repeat(64) }],
});

/** Deploys every environment with a stack of the status named for it. */
function world(statuses: Readonly<Record<string, StackResult['status'] | Error>> = {}) {
  const calls: string[] = [];
  const lines: string[] = [];
  const deps: Dependencies = {
    readRelease: async (folder) => {
      calls.push(`read ${folder}`);
      return release;
    },
    makeRelease: async ({ folder }) => {
      calls.push(`make ${folder}`);
      return { release, notes: '' };
    },
    deployEnvironment: async ({ target }) => {
      const { name } = target.environment;
      calls.push(`deploy ${name}`);
      const status = statuses[name] ?? 'created';
      if (status instanceof Error) throw status;
      const reason = status === 'failed' ? 'Bad (AWS::X) CREATE_FAILED: no' : undefined;
      return {
        environment: name,
        releaseId: release.id,
        digest: 'd',
        stacks: [{ stack: `a-${name}`, status, reason, seconds: 1.25 }],
        ok: status === 'created',
        seconds: 2,
      };
    },
    reporter: new PlainReporter({ write: (text) => lines.push(text) }, () => 0),
  };
  const start = (synth = false) => run({ root: '/r', folder: '/r/cdk.out', targets, synth, environments }, deps);
  return { calls, lines, start };
}

describe('deploy', () => {
  it('takes one release to the environments in order, and says that nothing is validated yet', async () => {
    const { calls, start } = world();
    const { exitCode, text, document } = await start();
    assert.equal(exitCode, 0);
    assert.deepEqual(calls, ['read /r/cdk.out', 'deploy dev', 'deploy staging', 'deploy prod']);
    assert.match(text, /│ dev +│ a-dev +│ created │ 1\.\d/);
    assert.match(text, /is deployed, not validated: npm run validate/);
    assert.deepEqual(document['untouched'], []);
  });

  it('makes the release first when asked to', async () => {
    const { calls, start } = world();
    await start(true);
    assert.equal(calls[0], 'make /r/cdk.out');
    assert.ok(!calls.some((call) => call.startsWith('read')));
  });

  it('stops at the first environment that fails, ends 1, gives the reason and what was not started', async () => {
    const { calls, lines, start } = world({ staging: 'failed' });
    const { exitCode, text, document, cause } = await start();
    assert.equal(exitCode, 1);
    assert.deepEqual(calls.slice(1), ['deploy dev', 'deploy staging']);
    assert.match(text, /a-staging: Bad \(AWS::X\) CREATE_FAILED: no/);
    assert.match(text, /Not started: prod/);
    assert.deepEqual(document['untouched'], ['prod']);
    assert.equal(cause?.code, 'DEPLOYMENT_FAILED');
    assert.match(
      cause.message,
      /^staging: [0-9a-f]{12} \(a{12}\S*\) failed: it did not deploy: a-staging: Bad \(AWS::X\) CREATE_FAILED: no\nNot started: prod\.\nMend that, then again: npm run deploy -- --env staging$/,
    );
    assert.match(lines.join(''), /✗ deploying staging: 1 failed/);
  });

  it('ends the task of what throws, and passes the error on', async () => {
    const { lines, start } = world({ dev: new Error('no toolkit') });
    await assert.rejects(start(), /no toolkit/);
    assert.match(lines.join(''), /✗ deploying dev: stopped/);
  });
});
