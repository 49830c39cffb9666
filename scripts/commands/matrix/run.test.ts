/** A fourth environment is one JSON file: it appears in waves and matrix, and nothing else is edited. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { EnvironmentConfig } from '../../../environments/environment-config.ts';
import { selectEnvironments } from '../../adapters/cli/select-environments.ts';
import { type Leg, WAVE_JOBS } from '../../core/workflow/waves-of-jobs.ts';
import { environmentsWith } from '../../testing/environments-with.ts';
import { run } from './run.ts';

function wavesOf(environments: readonly EnvironmentConfig[]): string[][] {
  const { outputs = {} } = run({ environments, chosen: environments });
  return Array.from({ length: WAVE_JOBS }, (_, index) =>
    (JSON.parse(outputs[`wave-${index + 1}`] ?? 'null') as Leg[]).map(({ environment }) => environment),
  );
}

describe('matrix', () => {
  it('gives each environment to the job of its wave, and an empty list to the jobs that are skipped', () => {
    assert.deepEqual(wavesOf(environmentsWith()), [['dev'], ['staging'], ['prod'], [], []]);
  });

  it('takes up a fourth environment from its file alone', () => {
    const environments = environmentsWith({ name: 'prod-eu', after: 'staging' });
    assert.deepEqual(wavesOf(environments), [['dev'], ['staging'], ['prod', 'prod-eu'], [], []]);
    const { outputs } = run({ environments, chosen: environments });
    const legs = JSON.parse(outputs?.['environments'] ?? '') as Leg[];
    assert.deepEqual(
      legs.find(({ environment }) => environment === 'prod-eu'),
      {
        environment: 'prod-eu',
        account: '234567890123',
        region: 'us-east-2',
        production: false,
        'read-role': 'arn:aws:iam::234567890123:role/gitops-read-prod-eu',
        'deploy-role': 'arn:aws:iam::234567890123:role/gitops-deploy-prod-eu',
        'destroy-role': 'arn:aws:iam::234567890123:role/gitops-destroy-prod-eu',
        'rollback-environment': 'prod-eu-rollback',
      },
    );
  });

  it('refuses a sixth wave, naming the chain and what to change', () => {
    const chain = [
      { name: 'four', after: 'prod' },
      { name: 'five', after: 'four' },
    ];
    assert.deepEqual(wavesOf(environmentsWith(...chain)).at(-1), ['five']);
    const environments = environmentsWith(...chain, { name: 'six', after: 'five' });
    assert.throws(() => run({ environments, chosen: environments }), {
      code: 'TOO_MANY_WAVES',
      exitCode: 2,
      message: /6 waves \(dev → staging → prod → four → five → six\).*promotion\.after/,
    });
  });

  it('narrows the environments, never the waves, to what was asked for', () => {
    const environments = environmentsWith();
    const { outputs } = run({ environments, chosen: environments.filter(({ name }) => name === 'staging') });
    assert.deepEqual(
      (JSON.parse(outputs?.['environments'] ?? '') as Leg[]).map(({ environment }) => environment),
      ['staging'],
    );
    assert.match(outputs?.['wave-3'] ?? '', /"prod"/);
  });

  describe('with --one', () => {
    const environments = environmentsWith();
    const matrix = (typed: readonly string[]) =>
      run({ environments, chosen: selectEnvironments(typed, environments, 'all'), one: typed });

    for (const [what, typed, says] of [
      ['all', ['all'], /One environment at a time.*of dev, staging, prod; given was "all"/],
      ['all beside a name', ['dev', 'all'], /given was "dev", "all"/],
      ['several', ['dev', 'prod'], /given was "dev", "prod"/],
      ['none', [], /none was given/],
    ] as const) {
      it(`refuses ${what}`, () => assert.throws(() => matrix(typed), { code: 'USAGE', exitCode: 2, message: says }));
    }

    it('refuses "all" also where there is but one environment', () => {
      const [only] = environments.map((each) => ({ ...each, promotion: { ...each.promotion, after: null } }));
      const alone = only === undefined ? [] : [only];
      assert.throws(() => run({ environments: alone, chosen: alone, one: ['all'] }), { code: 'USAGE' });
    });

    it('gives the one that was named, however often', () => {
      for (const typed of [['prod'], ['prod', 'prod']]) {
        const legs = matrix(typed).document['environments'] as readonly Leg[];
        assert.deepEqual(
          legs.map(({ environment }) => environment),
          ['prod'],
        );
      }
    });
  });

  it('calls production what its stage calls so', () => {
    const environments = environmentsWith();
    const { document } = run({ environments, chosen: environments });
    const legs = document['environments'] as readonly Leg[];
    assert.deepEqual(
      legs.filter(({ production }) => production).map(({ environment }) => environment),
      ['prod'],
    );
  });

  it('names roles in the partition of the region', () => {
    const environments = environmentsWith().map((each) => ({ ...each, region: 'us-gov-west-1' }));
    const [leg] = run({ environments, chosen: environments }).document['environments'] as readonly Leg[];
    assert.match(leg?.['read-role'] ?? '', /^arn:aws-us-gov:iam:/);
  });
});
