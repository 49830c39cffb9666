/** `sub` as GitHub's page gives it, for each kind of job and in both forms. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { defaultAudienceOf, payloadOf, subOf, workflowRefOf } from './claims.ts';
import { sampleJob } from './sample-job.ts';

const ids = { owner: '12', repository: '74' };
const main = { repository: 'octo-org/octo-repo', event: 'push', ref: 'refs/heads/main' } as const;
const pull = { ...main, event: 'pull_request', ref: 'refs/pull/7/merge' } as const;

describe('subOf', () => {
  const rows: readonly (readonly [string, string, Parameters<typeof subOf>[0]])[] = [
    ['a push', 'repo:octo-org/octo-repo:ref:refs/heads/main', main],
    ['a tag', 'repo:octo-org/octo-repo:ref:refs/tags/v1', { ...main, ref: 'refs/tags/v1' }],
    ['a schedule', 'repo:octo-org/octo-repo:ref:refs/heads/main', { ...main, event: 'schedule' }],
    ['a pull request', 'repo:octo-org/octo-repo:pull_request', pull],
    ['an environment', 'repo:octo-org/octo-repo:environment:prod', { ...main, environment: 'prod' }],
    ['an environment of a pull request', 'repo:octo-org/octo-repo:environment:prod', { ...pull, environment: 'prod' }],
    ['a colon in a name', 'repo:octo-org/octo-repo:environment:a%3Ab', { ...main, environment: 'a:b' }],
    ['ids', 'repo:octo-org@12/octo-repo@74:ref:refs/heads/main', { ...main, ids }],
    ['ids and an environment', 'repo:octo-org@12/octo-repo@74:environment:prod', { ...main, ids, environment: 'prod' }],
    ['ids and a pull request', 'repo:octo-org@12/octo-repo@74:pull_request', { ...pull, ids }],
  ];
  for (const [what, expected, job] of rows) it(`names ${what}`, () => assert.equal(subOf(job), expected));
});

describe('payloadOf', () => {
  it('sends the ids as claims of their own in both forms, and in `sub` where they belong', () => {
    const plain = payloadOf(sampleJob({ idsInSubject: false }));
    const withIds = payloadOf(sampleJob({ idsInSubject: true }));
    assert.equal(plain['sub'], 'repo:octo-org/octo-repo:environment:dev');
    assert.equal(withIds['sub'], 'repo:octo-org@12/octo-repo@74:environment:dev');
    for (const { repository_id, repository_owner_id } of [plain, withIds]) {
      assert.deepEqual([repository_id, repository_owner_id], ['74', '12']);
    }
  });

  it('tells the file a job is written in from the one its run began with', () => {
    const { workflow_ref, job_workflow_ref } = payloadOf(sampleJob());
    assert.equal(workflow_ref, 'octo-org/octo-repo/.github/workflows/promote.yml@refs/heads/main');
    assert.equal(job_workflow_ref, 'octo-org/octo-repo/.github/workflows/deploy.yml@refs/heads/main');
  });

  it('says nothing of an environment where there is none', () => {
    assert.equal('environment' in payloadOf(sampleJob({ environment: undefined })), false);
    assert.equal(payloadOf(sampleJob())['environment'], 'dev');
  });
});

it('an audience nobody asked for is the owner of the repository', () => {
  assert.equal(defaultAudienceOf(main), 'https://github.com/octo-org');
  assert.equal(workflowRefOf('o/r', 'a.yml', 'refs/heads/b'), 'o/r/.github/workflows/a.yml@refs/heads/b');
});
