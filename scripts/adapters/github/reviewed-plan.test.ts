/** The plan a merged pull request had shown: found in the right run, and each way in which it can't be is told apart. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { strToU8, zipSync } from 'fflate';
import { clientOf } from '../../testing/fake-github/client.ts';
import { FakeGitHub, type PlacedPullRequest } from '../../testing/fake-github/fake-github.ts';
import type { FakeRun } from '../../testing/fake-github/world.ts';
import { REPOSITORY_ROOT } from '../repository-root.ts';
import { listMergedBetween } from './merged-between.ts';
import type { PullRequest } from './pull-request.ts';
import { findReviewedPlan, PLAN_WORKFLOW, planArtifact } from './reviewed-plan.ts';

const DOWNLOAD = 'get /repos/{owner}/{repo}/actions/artifacts/{artifact_id}/{archive_format}';
const ACTIONS = { actions: 'read', pull_requests: 'read', contents: 'read' } as const;

let fake: FakeGitHub;
beforeEach(async () => {
  fake = await FakeGitHub.start();
});
afterEach(() => fake.close());

const archive = (text: string, name = 'prod.json'): Uint8Array => zipSync({ [name]: strToU8(text) });

function runFor(headSha: string, more: { workflow?: string; event?: string; headRepository?: string } = {}): FakeRun {
  const { workflow = PLAN_WORKFLOW, event = 'pull_request', ...rest } = more;
  const path = `.github/workflows/${workflow}`;
  return fake.addRun({ workflow: path, event, ref: 'refs/heads/change', headSha, actor: 'ann', ...rest });
}

/** A request, what its runs do before the merge, and what is found after it. */
async function found(
  act: (headSha: string) => void,
  { placed = {}, later = () => {} }: { placed?: PlacedPullRequest; later?: (headSha: string) => void } = {},
) {
  const number = fake.addPullRequest(placed);
  const headSha = fake.repository.issues.find((issue) => issue.number === number)?.pull?.head.sha ?? '';
  act(headSha);
  const request = await mergedAs(number);
  later(headSha);
  const github = clientOf(fake, fake.addToken({ permissions: ACTIONS }));
  return await findReviewedPlan(github, request, 'prod');
}

/** Merges it. @returns what the list of merges says of it */
async function mergedAs(number: number): Promise<PullRequest> {
  const base = fake.addCommit();
  const { pullRequests } = await listMergedBetween(clientOf(fake), base, fake.merge(number));
  return pullRequests[0] ?? assert.fail('it was merged');
}

const keep = (headSha: string, content: Uint8Array, name = planArtifact('prod')): FakeRun => {
  const run = runFor(headSha);
  fake.keepArtifact(run, name, content);
  return run;
};

describe('the plan of a merged pull request', () => {
  it('is what the run for its last commit kept', async () => {
    assert.deepEqual(await found((sha) => void keep(sha, archive('{"plans":[]}'))), { text: '{"plans":[]}' });
  });

  it('is fetched from storage without the token, which storage would refuse', async () => {
    await found((sha) => void keep(sha, archive('{}')));
    assert.equal(fake.journal.of(DOWNLOAD)[0]?.answer, 302);
  });

  it('is that of the last run that kept one: a label plans again, and a newer push ends a run', async () => {
    const answer = await found((sha) => {
      keep(sha, archive('first'));
      keep(sha, archive('second'));
      runFor(sha);
    });
    assert.deepEqual(answer, { text: 'second' });
  });

  it('is not what was planned after the merge: nobody was shown that', async () => {
    const later = (sha: string): void => void keep(sha, archive('later'));
    assert.deepEqual(await found((sha) => void keep(sha, archive('shown')), { later }), { text: 'shown' });
    assert.match(JSON.stringify(await found(() => {}, { later })), /before the merge/);
  });

  it('is not what another workflow, event, commit or environment kept, nor a fork of the same commit', async () => {
    const answer = await found((sha) => {
      for (const run of [
        runFor(sha, { workflow: 'promote.yml' }),
        runFor(sha, { event: 'push' }),
        runFor('a'.repeat(40)),
        runFor(sha, { headRepository: 'mallory/trading-platform' }),
      ]) {
        fake.keepArtifact(run, planArtifact('prod'), archive('wrong'));
      }
      keep(sha, archive('wrong', 'dev.json'), planArtifact('dev'));
    });
    assert.deepEqual(answer, { missing: 'no run for its last commit kept a plan of prod before the merge' });
  });

  it('that fails once on the way is asked for again', async () => {
    fake.faults.next({ kind: 'bad-gateway', on: [DOWNLOAD] });
    assert.deepEqual(await found((sha) => void keep(sha, archive('{}'))), { text: '{}' });
  });
});

describe('it is missing, and the reason is said,', () => {
  it('of a fork: nothing is asked', async () => {
    const answer = await found((sha) => void keep(sha, archive('{}')), { placed: { headRepository: 'mallory/x' } });
    assert.match(JSON.stringify(answer), /"missing":"it came from a fork/);
    assert.deepEqual(fake.journal.of(DOWNLOAD), []);
  });

  it('where there is no run', async () => {
    keep('b'.repeat(40), archive('{}'));
    assert.deepEqual(await found(() => {}), { missing: 'no run for its last commit is to be found' });
  });

  for (const [what, spoil] of [
    ['listed as expired', () => {}],
    ['expired between list and download: 410', (expire: () => void) => fake.before(DOWNLOAD, expire)],
  ] as const) {
    it(what, async () => {
      const answer = await found((sha) => {
        keep(sha, archive('{}'));
        const expire = (): void => {
          for (const artifact of fake.repository.artifacts) artifact.expired = true;
        };
        spoil(expire);
        if (what.startsWith('listed')) expire();
      });
      assert.deepEqual(answer, { missing: 'the artifact with its plan has expired or was deleted' });
    });
  }

  it('deleted between list and download: 404', async () => {
    fake.before(DOWNLOAD, () => void fake.repository.artifacts.splice(0));
    assert.match(JSON.stringify(await found((sha) => void keep(sha, archive('{}')))), /expired or was deleted/);
  });

  it('too large to be fetched', async () => {
    const answer = await found((sha) => {
      fake.keepArtifact(runFor(sha), planArtifact('prod'), archive('{}'), 5 * 2 ** 20);
    });
    assert.match(JSON.stringify(answer), /kept as 5242880 bytes, more than is read/);
    assert.deepEqual(fake.journal.of(DOWNLOAD), []);
  });

  it('no archive', async () => {
    assert.match(JSON.stringify(await found((sha) => void keep(sha, strToU8('no zip at all')))), /can't be unpacked/);
  });
});

it('a token without the permission is an error that says what to grant', async () => {
  const number = fake.addPullRequest();
  const { head } = fake.repository.issues.at(-1)?.pull ?? assert.fail();
  keep(head.sha, archive('{}'));
  const github = clientOf(fake, fake.addToken({ permissions: { pull_requests: 'read' } }));
  await assert.rejects(findReviewedPlan(github, await mergedAs(number), 'prod'), {
    code: 'GITHUB_FORBIDDEN',
    message: /actions: read/,
  });
});

it('the workflow keeps what is looked for', () => {
  const workflow = readFileSync(join(REPOSITORY_ROOT, '.github/workflows', PLAN_WORKFLOW), 'utf8');
  assert.match(workflow, /^on:\n {2}pull_request:/m);
  const expression = ['$', '{{ matrix.leg.environment }}'].join('');
  assert.ok(workflow.includes(`name: ${planArtifact(expression)}\n          path: plans\n`));
});
