/** Each failure says what is wrong and what to change, naming the permission. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { explainFailure, type FailedCall, type GitHubCallError } from './failure.ts';

const cause = new Error('the cause');
const explain = (facts: Partial<FailedCall>): GitHubCallError =>
  explainFailure({
    method: 'POST',
    address: '/repos/{owner}/{repo}/issues/{issue_number}/comments',
    repository: 'example/trading-platform',
    message: 'Resource not accessible by integration',
    headers: {},
    cause,
    ...facts,
  });

describe('a missing permission', () => {
  it('is named as GitHub names it, and where it is granted', () => {
    const error = explain({
      status: 403,
      headers: { 'x-accepted-github-permissions': 'issues=write; pull_requests=write' },
    });
    assert.equal(error.code, 'GITHUB_FORBIDDEN');
    assert.equal(error.exitCode, 1);
    assert.equal(error.cause, cause);
    assert.match(error.message, /it lacks issues: write or pull-requests: write/);
    assert.match(error.message, /add `issues: write` under `permissions:` of the job/);
    assert.match(error.message, /example\/trading-platform/);
  });

  const table = [
    ['POST', '/repos/{owner}/{repo}/issues/{issue_number}/comments', 'pull-requests: write'],
    ['DELETE', '/repos/{owner}/{repo}/issues/comments/{comment_id}', 'pull-requests: write'],
    ['GET', '/repos/{owner}/{repo}/issues/{issue_number}/comments', 'pull-requests: read'],
    ['PATCH', '/repos/{owner}/{repo}/issues/{issue_number}', 'issues: write'],
    ['GET', '/repos/{owner}/{repo}/issues', 'issues: read'],
    ['GET', '/repos/{owner}/{repo}/pulls/{pull_number}/files', 'pull-requests: read'],
    ['GET', '/repos/{owner}/{repo}/compare/{basehead}', 'contents: read'],
  ] as const;
  for (const [method, address, permission] of table) {
    it(`is known without the header: ${method} ${address}`, () => {
      const { message } = explain({ status: 403, method, address });
      assert.ok(message.includes(`it lacks ${permission}`), message);
      assert.ok(message.includes(`add \`${permission}\` under`), message);
    });
  }

  it('that no workflow token can have is said to need another token', () => {
    const { message } = explain({
      status: 403,
      method: 'PUT',
      address: '/repos/{owner}/{repo}/environments/{environment_name}',
    });
    assert.match(message, /No workflow token can have it: use a fine-grained token .* with administration: write/);
  });
});

describe('other failures', () => {
  it('401: the token', () => {
    const error = explain({ status: 401, message: 'Bad credentials' });
    assert.deepEqual([error.kind, error.source], ['token-refused', 'user']);
    assert.match(error.message, /Set GITHUB_TOKEN/);
  });

  it('404: perhaps hidden', () => {
    const error = explain({ status: 404, message: 'Not Found' });
    assert.equal(error.kind, 'not-found');
    assert.match(error.message, /It also says so of what the token may not see/);
  });

  it('a rate limit: until when', () => {
    const reset = { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '1767225600' };
    const hourly = explain({ status: 403, message: 'API rate limit exceeded for installation ID 1.', headers: reset });
    assert.equal(hourly.kind, 'rate-limited');
    assert.match(hourly.message, /It ends at 2026-01-01T00:00:00\.000Z/);
    const secondary = explain({ status: 429, message: 'secondary rate limit', headers: { 'retry-after': '90' } });
    assert.match(secondary.message, /Try again in 90 s/);
    assert.equal(secondary.outcomeUnknown, false);
  });

  it('422: what GitHub says of what we sent', () => {
    const error = explain({ status: 422, message: 'Validation Failed: body is too long\nmore' });
    assert.deepEqual([error.kind, error.source], ['invalid', 'internal']);
    assert.match(error.message, /body is too long$/);
  });

  it('403 for another reason names no permission', () => {
    const { message } = explain({ status: 403, message: 'Repository was archived so is read-only.' });
    assert.doesNotMatch(message, /lacks/);
  });

  for (const status of [500, 502, 503, undefined]) {
    it(`${status ?? 'no answer'}: nobody knows whether it was done`, () => {
      const error = explain({ status, message: 'socket hang up' });
      assert.equal(error.outcomeUnknown, true);
      assert.equal(error.code, 'GITHUB_UNAVAILABLE');
    });
  }
});
