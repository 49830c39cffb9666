/** From plan files to the one comment in GitHub, with the real renderer and the real client. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { upsertComment } from '../../adapters/github/upsert-comment.ts';
import { REPOSITORY_ROOT } from '../../adapters/repository-root.ts';
import { makePlan } from '../../core/plan/make-plan.ts';
import { renderJson } from '../../core/plan/render/json.ts';
import { clientOf } from '../../testing/fake-github/client.ts';
import { FakeGitHub, JOB_BOT } from '../../testing/fake-github/fake-github.ts';
import { environment, largePlan, stack, template } from '../../testing/plan-samples.ts';
import { readPlanFiles } from './read-plan-files.ts';
import { type CommentOptions, run } from './run.ts';

const ENVIRONMENTS = ['dev', 'staging', 'prod'];
let fake: FakeGitHub;
let folder: string;
let issue: number;
const warnings: string[] = [];

beforeEach(async () => {
  fake = await FakeGitHub.start();
  issue = fake.addPullRequest();
  folder = mkdtempSync(join(tmpdir(), 'gitops-comment-'));
  warnings.length = 0;
});
afterEach(async () => {
  rmSync(folder, { recursive: true, force: true });
  await fake.close();
});

function write(path: string, text: string): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), text);
}

/** What the job of that environment leaves: the queue of one name. */
function plan(name: string, queue = 'orders'): void {
  const next = template({ Queue: { Type: 'AWS::SQS::Queue', Properties: { QueueName: queue } } });
  const made = makePlan(environment([stack(undefined, next)], { environment: name }), { allowDestructive: false });
  write(`${name}/${name}.json`, renderJson([made], []));
}

const comment = (more: Partial<CommentOptions> = {}) => {
  const task = { update() {}, done() {}, fail() {}, child: () => task };
  return run(
    { folder, environments: ENVIRONMENTS, pullRequest: issue, run: {}, ...more },
    {
      readPlanFiles,
      upsertComment: (request) => upsertComment(clientOf(fake), request),
      now: () => new Date('2026-01-01T00:00:00Z'),
      reporter: { task: () => task, info() {}, warn: (text) => void warnings.push(text) },
    },
  );
};
const shown = (): string =>
  fake
    .comments(issue, JOB_BOT)
    .map(({ body }) => body)
    .join('\n');

describe('the comment', () => {
  it('shows all environments, and counts the versions it replaced', async () => {
    for (const name of ENVIRONMENTS) plan(name);
    const first = await comment();
    assert.equal(first.exitCode, 0);
    assert.match(first.text, /^Commented: https:\/\/.+#issuecomment-\d+$/);
    assert.match(shown(), /\| stack \| `dev` \| `staging` \| `prod` \|/);
    assert.doesNotMatch(shown(), /replaces/);
    await comment();
    assert.match((await comment()).text, /^Updated the comment:/);
    assert.match(shown(), /replaces 2 earlier versions/);
    assert.equal(fake.comments(issue).length, 1);
  });

  it('names environments without a plan, and warns of them', async () => {
    plan('dev');
    write('prod/prod.json', JSON.stringify({ ok: false, error: { message: 'No credentials.' } }));
    const { document } = await comment();
    assert.match(shown(), /`prod` has no plan: `No credentials\.`/);
    assert.deepEqual(warnings, ['staging has no plan: its job left no plan', 'prod has no plan: No credentials.']);
    assert.equal((document['counts'] as { ok: boolean }).ok, false);
  });

  it('is on the pull request of the run, links it, and yields to a later run', async () => {
    for (const name of ENVIRONMENTS) plan(name);
    const later = { pullRequest: issue, runNumber: 9, runUrl: 'https://github.com/example/repository/actions/runs/9' };
    await comment({ pullRequest: undefined, run: later });
    assert.match(shown(), /\[run\]\(https:\/\/github\.com\/example\/repository\/actions\/runs\/9\)/);
    assert.match((await comment({ run: { runNumber: 8 } })).text, /^Left as it is, a later run has written already/);
  });

  it('is accepted by GitHub however much there is to say; the summary holds more', async () => {
    write('dev.json', renderJson([{ ...largePlan('dev', 30, 70, 'v'.repeat(500)) }], []));
    const { summary = '' } = await comment({ environments: ['dev'] });
    const [only] = fake.comments(issue, JOB_BOT);
    assert.ok((only?.body.length ?? 0) > 1_000 && (only?.body.length ?? 0) <= 65_536, `${only?.body.length}`);
    assert.ok(summary.length > (only?.body.length ?? 0));
  });

  it('shows an environment that the pull request brings and nobody could plan, and one that it takes away', async () => {
    for (const name of ['dev', 'prod']) plan(name);
    await comment({ matrix: ['dev', 'prod', 'prod-eu'] });
    assert.match(shown(), /^### ❌ .*2 environments without a plan/m);
    assert.match(shown(), /`prod-eu` has no plan: `it is new .*npm run bootstrap -- --env prod-eu/);
    assert.match(shown(), /`staging` has no plan: `the pull request takes it away/);
  });

  it('shows the plan of one that it brings where there is a role to plan it with', async () => {
    for (const name of [...ENVIRONMENTS, 'prod-eu']) plan(name);
    await comment({ matrix: [...ENVIRONMENTS, 'prod-eu'] });
    assert.match(shown(), /\| stack \| `dev` \| `staging` \| `prod` \| `prod-eu` \|/);
    assert.match(shown(), /^### ✅/m);
  });

  it('is written also where no job left anything: a workflow then has no folder', async () => {
    await comment({ folder: join(folder, 'none'), matrix: ENVIRONMENTS });
    assert.match(shown(), /^### ❌ No plan was made: 3 environments without a plan/m);
    for (const name of ENVIRONMENTS) assert.match(shown(), new RegExp(`\`${name}\` has no plan`));
    assert.doesNotMatch(shown(), /No resource changes|nothing stands/);
  });

  it('takes the place of an older one where the build failed: no environment is planned, and why', async () => {
    for (const name of ENVIRONMENTS) plan(name);
    await comment();
    assert.match(shown(), /^### ✅/m);
    await comment({ folder: join(folder, 'none'), matrix: [], commit: 'b'.repeat(40) });
    assert.match(shown(), /^### ❌ No plan was made: 3 environments without a plan/m);
    for (const name of ENVIRONMENTS) {
      assert.match(shown(), new RegExp(`\`${name}\` has no plan: \`the job that builds the release failed`));
    }
    assert.doesNotMatch(shown(), /✅|takes it away/);
    assert.equal(fake.comments(issue).length, 1);
  });

  it('needs a pull request, and plans', async () => {
    await assert.rejects(comment({ pullRequest: undefined }), { code: 'USAGE', message: /--pull-request/ });
    await assert.rejects(comment({ folder: join(folder, 'none') }), { code: 'USAGE', message: /No folder/ });
    assert.deepEqual(fake.journal.mutations(), []);
  });
});

describe('files', () => {
  it('that are links are not read: they could show anything of this machine', async () => {
    plan('dev');
    write('secret', JSON.stringify({ ok: false, error: { message: 'the secret' } }));
    symlinkSync(join(folder, 'secret'), join(folder, 'prod.json'));
    symlinkSync(folder, join(folder, 'again'));
    const read = await readPlanFiles(folder);
    assert.deepEqual(
      read?.map(({ path }) => path),
      ['dev/dev.json'],
    );
  });
});

async function commentAsProcess(...more: readonly string[]): Promise<void> {
  const main = fileURLToPath(new URL('./main.ts', import.meta.url));
  const child = spawn(
    process.execPath,
    ['--import', 'tsx', main, '--json', '--env', 'dev', '--plans', folder, ...more],
    {
      env: {
        PATH: process.env['PATH'],
        GITHUB_TOKEN: fake.addToken({ permissions: { pull_requests: 'write' } }),
        GITHUB_REPOSITORY: fake.name,
        GITHUB_API_URL: fake.endpoint,
        GITHUB_REF: `refs/pull/${issue}/merge`,
      },
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  let stdout = '';
  child.stdout.on('data', (chunk) => {
    stdout += chunk;
  });
  assert.equal(await new Promise((resolve) => child.on('close', resolve)), 0);
  const { ok, comment: made } = JSON.parse(stdout) as { ok: boolean; comment: { outcome: string } };
  assert.deepEqual([ok, made.outcome], [true, 'created']);
}

it('npm run comment works as a process, on the variables of a run', async () => {
  plan('dev');
  await commentAsProcess();
  assert.match(shown(), /\| stack \| `dev` \|/);
});

it('npm run comment takes the matrix of a build that failed, which is empty', async () => {
  await commentAsProcess('--matrix', '');
  assert.match(shown(), /`dev` has no plan: `the job that builds the release failed/);
});

it('the workflow says which environments the pull request has, so that a new one can not be missing silently', () => {
  const workflow = readFileSync(join(REPOSITORY_ROOT, '.github/workflows/pull-request.yml'), 'utf8');
  assert.match(workflow, /npm run --silent comment -- .*--matrix "\$ENVIRONMENTS"/);
  assert.match(workflow, /ENVIRONMENTS: \$\{\{ needs\.build\.outputs\.environments \}\}/);
  assert.match(workflow, /environments: \$\{\{ steps\.matrix\.outputs\.environments \}\}/);
});
