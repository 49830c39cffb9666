import assert from 'node:assert/strict';
import { it } from 'node:test';
import { inEnvironment, onMain, onPullRequest, subjectsOf, workflowRef } from './github-trust.ts';

const name = 'owner/name';
const ids = { owner: '12', repository: '345' };

it('gives the subject in the plain form alone while the ids are not known', () => {
  assert.deepEqual(subjectsOf({ name }, [onMain]), ['repo:owner/name:ref:refs/heads/main']);
});

it('gives both forms of every subject once they are', () => {
  assert.deepEqual(subjectsOf({ name, ids }, [inEnvironment('dev'), onPullRequest]), [
    'repo:owner/name:environment:dev',
    'repo:owner/name:pull_request',
    'repo:owner@12/name@345:environment:dev',
    'repo:owner@12/name@345:pull_request',
  ]);
});

it('names a workflow file on main', () => {
  assert.equal(workflowRef({ name, ids }, 'deploy.yml'), 'owner/name/.github/workflows/deploy.yml@refs/heads/main');
});
