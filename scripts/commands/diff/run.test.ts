/** The verb `diff`: formats, exit codes, a release that is not of the working tree. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { loadEnvironments } from '../../../environments/load.ts';
import { EXIT } from '../../core/errors.ts';
import { makePlan } from '../../core/plan/make-plan.ts';
import { parsePlanDocument } from '../../core/plan/parse-plan.ts';
import type { Release } from '../../core/release/release.ts';
import { environment, planOne, stack, template } from '../../testing/plan-samples.ts';
import { type Dependencies, type DiffInput, run, staleness } from './run.ts';

const environments = loadEnvironments({ variables: {} });
const release = {
  format: 1,
  id: 'a'.repeat(64),
  commit: 'c'.repeat(40),
  dirty: false,
  createdAt: '2026-11-23T00:00:00.000Z',
  environments: {},
  toolchain: {},
  files: [],
} as unknown as Release;
const topic = (DisplayName: string) => template({ Topic: { Type: 'AWS::SNS::Topic', Properties: { DisplayName } } });
const bucket = template({ Bucket: { Type: 'AWS::S3::Bucket' } });

function setUp(more: Partial<Dependencies> = {}) {
  const warnings: string[] = [];
  const task = { update() {}, done() {}, fail() {}, child: () => task };
  const deps: Dependencies = {
    resolveTargets: async (chosen) =>
      chosen.map((config) => ({
        environment: config,
        account: config.account,
        region: config.region,
        unanswerable: [],
      })),
    readRelease: async () => release,
    plan: async (_, target) =>
      makePlan(
        environment([stack(topic('a'), topic('b'), { changeSet: { Changes: [] } })], {
          environment: target.environment.name,
        }),
        { allowDestructive: false },
      ),
    planAgainstNothing: async (_, name) =>
      makePlan(environment([stack(undefined, topic('b'))], { environment: name }), { allowDestructive: false }),
    describeCommit: async () => ({ commit: release.commit, dirty: false, committedAt: null }),
    readConfigAt: async () => ({ dev: { functions: { memoryMb: 512 } }, other: {} }),
    readConfigNow: async () => ({ dev: { functions: { memoryMb: 1024 } }, other: {} }),
    reporter: { task: () => task, info() {}, warn: (text) => warnings.push(text) },
    now: () => new Date(0),
    ...more,
  };
  return { deps, warnings };
}

const input = (more: Partial<DiffInput> = {}): DiffInput => ({
  environments,
  folder: 'cdk.out',
  format: 'table',
  againstNothing: false,
  ...more,
});

describe('diff', () => {
  it('ends 0 with the same bytes each time when nothing stands against it', async () => {
    const results = await Promise.all([1, 2].map(() => run(input(), setUp().deps)));
    assert.equal(results[0]?.exitCode, EXIT.done);
    assert.deepEqual(results[0], results[1]);
    assert.match(results[0]?.text ?? '', /DisplayName a → b/);
  });

  it('ends 1 when something does', async () => {
    const { deps } = setUp({ plan: async () => planOne(bucket, template({})).plan });
    const { exitCode, text, document, cause } = await run(input(), deps);
    assert.equal(exitCode, EXIT.failed);
    assert.match(text, /✗ .*`Bucket`.*is deleted/);
    assert.equal((document['counts'] as { ok: boolean }).ok, false);
    assert.equal(cause?.code, 'PLAN_REFUSED');
    assert.match(
      cause.message,
      /^dev: 1 reason stands against the plan\n {2}\S+: `Bucket` .* is deleted: .*\n[\s\S]*label allow-destructive, or with --allow-destructive\.$/,
    );
  });

  it('writes JSON that the comment reads, Markdown, and a job summary', async () => {
    const { deps } = setUp();
    const json = await run(input({ format: 'json' }), deps);
    assert.equal(parsePlanDocument(json.text, 'x').plans.length, environments.length);
    const markdown = await run(input({ format: 'markdown' }), deps);
    assert.equal(markdown.text, markdown.summary);
    assert.match(markdown.text, /^### ✅/);
  });

  it('says in words what changed in the configuration, when asked', async () => {
    assert.match((await run(input({ base: 'main' }), setUp().deps)).text, /dev: function memory 512 → 1024 MB, twice/);
    assert.doesNotMatch((await run(input(), setUp().deps)).text, /function memory/);
  });

  it('against nothing asks for no target', async () => {
    const { deps } = setUp({ resolveTargets: () => assert.fail('no credentials are there') });
    assert.match((await run(input({ againstNothing: true }), deps)).text, /\+ stack-dev\/Topic|\+ Topic/);
  });

  it('warns of a release that is not of the working tree, and still plans it', async () => {
    const { deps, warnings } = setUp({
      describeCommit: async () => ({ commit: 'd'.repeat(40), dirty: false, committedAt: null }),
    });
    assert.equal((await run(input(), deps)).exitCode, EXIT.done);
    assert.match(warnings.join(), /not of the commit checked out \(dddddddddddd\).*npm run synth/);
  });
});

describe('a release', () => {
  it('of a clean tree at its commit is not stale; of changes, it may be', () => {
    assert.equal(staleness(release, { commit: release.commit, dirty: false, committedAt: null }), undefined);
    assert.match(
      staleness(release, { commit: release.commit, dirty: true, committedAt: null }) ?? '',
      /what changed in the files since/,
    );
    assert.match(
      staleness({ ...release, dirty: true }, { commit: release.commit, dirty: false, committedAt: null }) ?? '',
      /since then/,
    );
  });
});
