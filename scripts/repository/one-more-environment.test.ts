/** A fourth environment is one JSON file: matrix, waves, roles and the repository's set-up know it with no other edit. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { waves } from '../../environments/waves.ts';
import { pipelineOf } from '../../infra/testing/pipeline-sample.ts';
import { desiredSettings } from '../core/github-settings/desired.ts';
import { legOf, WAVE_JOBS, wavesOfJobs } from '../core/workflow/waves-of-jobs.ts';
import { environmentsWith } from '../testing/environments-with.ts';

const before = environmentsWith();
const environments = environmentsWith({ name: 'prod-eu', after: 'staging', like: 'prod' });
const added = environments.find(({ name }) => name === 'prod-eu');
assert.ok(added);

const settingsOf = (all: typeof before) =>
  desiredSettings({
    environments: all,
    overridden: all,
    reviewers: { pullRequestApprovals: 1, approvers: ['@org/platform'], onCall: ['@org/on-call'], exceptions: [] },
    usedActions: [],
    repository: { private: true, hasReviewers: true },
    actionsApp: undefined,
  });

describe('one more environment', () => {
  it('is in the matrix, with its roles, and in the wave its file says', () => {
    assert.equal(legOf(added)['rollback-environment'], 'prod-eu-rollback');
    assert.deepEqual(
      waves(environments).map((wave) => wave.map(({ name }) => name)),
      [['dev'], ['staging'], ['prod', 'prod-eu']],
    );
  });

  it('has in its account the roles the matrix names, trusted from its own GitHub environments', () => {
    const roles = JSON.stringify(pipelineOf(environments));
    const leg = legOf(added);
    for (const role of [leg['read-role'], leg['deploy-role'], leg['destroy-role']]) {
      assert.ok(roles.includes(`"RoleName":"${role.split('/').at(-1)}"`), role);
    }
    for (const { name } of settingsOf(environments).environments.filter(({ name }) => name.startsWith('prod-eu'))) {
      assert.ok(roles.includes(`:environment:${name}"`), name);
    }
  });

  it('is set up on GitHub, protected as its file says, and nothing of the others changes', () => {
    const names = (all: typeof before) => settingsOf(all).environments.map(({ name }) => name);
    const [settings, earlier] = [settingsOf(environments), settingsOf(before)];
    assert.deepEqual(
      names(environments).filter((name) => !names(before).includes(name)),
      ['prod-eu', 'prod-eu-rollback'],
    );
    const [own, rollback] = settings.environments.filter(({ name }) => name.startsWith('prod-eu'));
    assert.deepEqual([own?.reviewers, own?.selfReview], [['@org/platform'], false]);
    assert.deepEqual([rollback?.reviewers, rollback?.selfReview], [['@org/on-call'], true]);
    assert.ok(settings.knownVariables.includes('CDK_PROD_EU_ACCOUNT'));
    assert.deepEqual(
      settings.environments.filter(({ name }) => !name.startsWith('prod-eu')),
      earlier.environments,
    );
  });

  it('leaves the waves behind it empty, and a sixth wave is refused', () => {
    assert.deepEqual(wavesOfJobs(environments).slice(3), [[], []]);
    const chain = ['four', 'five', 'six'].map((name, index, all) => ({ name, after: all[index - 1] ?? 'prod' }));
    assert.equal(wavesOfJobs(environmentsWith(...chain.slice(0, 2))).length, WAVE_JOBS);
    assert.throws(() => wavesOfJobs(environmentsWith(...chain)), { code: 'TOO_MANY_WAVES' });
  });
});
