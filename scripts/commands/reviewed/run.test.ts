/** From what pull requests' runs kept to what an approver reads, with the real client and the real comparison. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { strToU8, zipSync } from 'fflate';
import type { EnvironmentConfig } from '../../../environments/environment-config.ts';
import { loadEnvironments } from '../../../environments/load.ts';
import { listMergedBetween } from '../../adapters/github/merged-between.ts';
import { findReviewedPlan, PLAN_WORKFLOW, planArtifact } from '../../adapters/github/reviewed-plan.ts';
import { EMPTY_LEDGER, type Ledger } from '../../core/ledger/ledger.ts';
import { makePlan } from '../../core/plan/make-plan.ts';
import type { Plan } from '../../core/plan/plan.ts';
import type { Format } from '../../core/plan/render/format.ts';
import { renderJson } from '../../core/plan/render/json.ts';
import { clientOf } from '../../testing/fake-github/client.ts';
import { FakeGitHub, type PlacedPullRequest } from '../../testing/fake-github/fake-github.ts';
import { ledgerAfter, promoted } from '../../testing/ledger-samples.ts';
import { environment, stack, template } from '../../testing/plan-samples.ts';
import { run } from './run.ts';

const prod = loadEnvironments({ variables: {} }).find(({ name }) => name === 'prod') as EnvironmentConfig;
const PERMISSIONS = { actions: 'read', contents: 'read', pull_requests: 'read' } as const;

let fake: FakeGitHub;
let base: string;
const warnings: string[] = [];
beforeEach(async () => {
  fake = await FakeGitHub.start();
  base = fake.addCommit('what prod has');
  warnings.length = 0;
});
afterEach(() => fake.close());

/** Queues of these names are created. */
function planOf(queues: readonly string[], commit = 'c'.repeat(40)): Plan {
  const next = template(Object.fromEntries(queues.map((name) => [name, { Type: 'AWS::SQS::Queue' }])));
  const { account, region } = prod;
  const release = { id: 'a'.repeat(64), digest: queues.join().padEnd(64, 'd'), commit, dirty: false };
  const stacks = [stack(template({}), next, { changeSet: { Changes: [] } })];
  return makePlan(environment(stacks, { environment: 'prod', account, region, release }), { allowDestructive: false });
}

/** A pull request that had shown these queues, merged. @returns the commit */
function merge(queues: readonly string[], placed: PlacedPullRequest = {}): string {
  const number = fake.addPullRequest(placed);
  const headSha = fake.repository.issues.at(-1)?.pull?.head.sha ?? '';
  const workflow = `.github/workflows/${PLAN_WORKFLOW}`;
  const kept = fake.addRun({ workflow, event: 'pull_request', ref: 'refs/heads/change', headSha, actor: 'ann' });
  fake.keepArtifact(kept, planArtifact('prod'), zipSync({ 'prod.json': strToU8(renderJson([planOf(queues)], [])) }));
  return fake.merge(number);
}

/** Of an environment in which the release of this commit was validated. */
function ledgerOf(commit: string): Ledger {
  const ledger = ledgerAfter(promoted(1));
  const [validated] = ledger.validated.releases;
  assert.ok(validated);
  const releases = [{ ...validated, release: { ...validated.release, commit } }];
  return { ...ledger, validated: { ...ledger.validated, releases } };
}

interface Asked {
  readonly plans?: readonly Plan[];
  readonly ledger?: Ledger;
  readonly format?: Format;
  readonly permissions?: Parameters<FakeGitHub['addToken']>[0];
  readonly environments?: readonly EnvironmentConfig[];
}

function ask(plan: Plan, { ledger = ledgerOf(base), format = 'table', permissions, ...more }: Asked = {}) {
  const github = clientOf(fake, fake.addToken(permissions ?? { permissions: PERMISSIONS }));
  const task = { update() {}, done() {}, fail() {}, child: () => task };
  return run(
    { environments: [prod], plans: [plan], format, ...more },
    {
      readLedger: async () => ledger,
      listMerged: (from, to) => listMergedBetween(github, from, to),
      findPlan: (request, name) => findReviewedPlan(github, request, name),
      reporter: { task: () => task, info() {}, warn: (text) => void warnings.push(text) },
    },
  );
}

describe('what was reviewed', () => {
  it('in several merges together is what is about to be made', async () => {
    merge(['One']);
    const { exitCode, document, summary } = await ask(planOf(['One', 'Two'], merge(['Two'])));
    assert.deepEqual([exitCode, document['answer'], document['complete']], [0, 'equal', true]);
    assert.match(summary ?? '', /^### ✅ Equal to what was reviewed\n/);
    assert.deepEqual(warnings, []);
  });

  it('and is not: it ends 0 all the same, and the approver reads the difference', async () => {
    const head = merge(['One', 'Old']);
    const { exitCode, document, summary } = await ask(planOf(['One', 'New'], head));
    assert.deepEqual([exitCode, document['answer']], [0, 'different']);
    assert.match(summary ?? '', /In addition.*create `New`.*No longer.*create `Old`/s);
  });

  it('before the release that is validated does not count', async () => {
    base = merge(['Before']);
    const { document } = await ask(planOf(['One'], merge(['One'])));
    assert.equal((document['pullRequests'] as unknown[]).length, 1);
    assert.equal(document['answer'], 'equal');
  });

  it('is unknown of a fork, of an expired artifact, and past the pull requests, each with its reason', async () => {
    merge(['One']);
    merge(['Two']);
    for (const artifact of fake.repository.artifacts.slice(-1)) artifact.expired = true;
    merge(['Three'], { headRepository: 'mallory/trading-platform' });
    const { document, text } = await ask(planOf(['One'], fake.addCommit('pushed by hand')));
    assert.deepEqual([document['answer'], document['complete']], ['equal', false]);
    assert.match(text, /expired or was deleted/);
    assert.match(text, /came from a fork/);
    assert.match(text, /pushed by hand/);
    assert.deepEqual(warnings, [
      'What 2 of 3 pull requests had shown is not known.',
      '1 commit came without a pull request.',
    ]);
  });

  it('is not asked for where nothing was validated before', async () => {
    const { exitCode, document } = await ask(planOf(['One']), { ledger: EMPTY_LEDGER });
    assert.deepEqual([exitCode, document['answer']], [0, 'unknown']);
    assert.match(warnings.join(), /No release was validated here before/);
    assert.deepEqual(fake.journal.entries, []);
  });

  it('by a release older than what is there is told to take work back', async () => {
    const before = base;
    base = merge(['One']);
    await ask(planOf([], before));
    assert.match(warnings.join(), /older than the one that is validated/);
  });
});

describe('GitHub', () => {
  it('that knows the commit not, or does not answer, leaves it unknown: information stops nothing', async () => {
    const unknown = await ask(planOf(['One'], 'f'.repeat(40)));
    assert.deepEqual([unknown.exitCode, unknown.document['answer']], [0, 'unknown']);
    assert.match(warnings.join(), /not known what was merged\. GitHub finds nothing/);
  });

  it('that refuses the runs is said of each pull request, with the permission that is missing', async () => {
    const head = merge(['One']);
    const permissions = { permissions: { contents: 'read', pull_requests: 'read' } } as const;
    const { exitCode, document, text } = await ask(planOf(['One'], head), { permissions });
    assert.deepEqual([exitCode, document['answer']], [0, 'unknown']);
    assert.match(text, /actions: read/);
  });
});

describe('reviewed', () => {
  it('writes a table, Markdown and JSON', async () => {
    const head = merge(['One']);
    const texts = await Promise.all(
      (['table', 'markdown', 'json'] as const).map(
        async (format) => (await ask(planOf(['One'], head), { format })).text,
      ),
    );
    assert.match(texts[0] ?? '', /│ #\d+ +│ Number/);
    assert.match(texts[1] ?? '', /^### ✅/);
    assert.equal((JSON.parse(texts[2] ?? '') as { answer: string }).answer, 'equal');
  });

  it('is of one environment, and of a plan of it', async () => {
    for (const environments of [[], [prod, prod]]) {
      await assert.rejects(ask(planOf([]), { environments }), { code: 'USAGE' });
    }
    await assert.rejects(ask({ ...planOf([]), environment: 'dev' }), { code: 'USAGE', message: /not of prod/ });
  });

  it('as a process says which variables are missing', async () => {
    const main = fileURLToPath(new URL('./main.ts', import.meta.url));
    const child = spawn(process.execPath, ['--import', 'tsx', main, '--env', 'prod', '--plan', 'none.json'], {
      env: { PATH: process.env['PATH'] },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let stderr = '';
    child.stderr.on('data', (chunk) => {
      stderr += chunk;
    });
    assert.equal(await new Promise((resolve) => child.on('close', resolve)), 2);
    assert.match(stderr, /GITHUB_TOKEN, GITHUB_REPOSITORY/);
  });
});
