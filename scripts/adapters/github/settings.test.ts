import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { readGitHubSettings, readRunFacts } from './settings.ts';

const variables = { GITHUB_TOKEN: 't', GITHUB_REPOSITORY: 'example/trading-platform' };

describe('where GitHub is', () => {
  it('is its public API unless a variable says otherwise', () => {
    assert.deepEqual(readGitHubSettings(variables), {
      token: 't',
      repository: 'example/trading-platform',
      baseUrl: 'https://api.github.com',
    });
    const { baseUrl } = readGitHubSettings({ ...variables, GITHUB_API_URL: 'https://git.example.com/api/v3/' });
    assert.equal(baseUrl, 'https://git.example.com/api/v3');
  });

  it('names every variable that is missing', () => {
    assert.throws(() => readGitHubSettings({}), /GITHUB_TOKEN, GITHUB_REPOSITORY/);
  });

  it('refuses what is no repository', () => {
    for (const GITHUB_REPOSITORY of ['trading-platform', 'a/b/c', 'a b/c']) {
      assert.throws(() => readGitHubSettings({ ...variables, GITHUB_REPOSITORY }), { code: 'USAGE' });
    }
  });
});

describe('the run', () => {
  it('knows its pull request, number and page', () => {
    const facts = readRunFacts({
      ...variables,
      GITHUB_REF: 'refs/pull/12/merge',
      GITHUB_RUN_NUMBER: '128',
      GITHUB_RUN_ID: '99',
      GITHUB_SERVER_URL: 'https://github.com',
    });
    const runUrl = 'https://github.com/example/trading-platform/actions/runs/99';
    assert.deepEqual(facts, { pullRequest: 12, runNumber: 128, runUrl });
  });

  it('knows nothing outside of Actions, and no pull request on a branch', () => {
    assert.deepEqual(readRunFacts({}), {});
    assert.deepEqual(readRunFacts({ GITHUB_REF: 'refs/heads/pull/12/x' }), {});
  });
});
