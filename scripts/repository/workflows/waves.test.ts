/** What promote.yml and deploy.yml would do, by their own conditions: waves, approvals, and what stops them. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { EnvironmentConfig } from '../../../environments/environment-config.ts';
import { loadEnvironments } from '../../../environments/load.ts';
import { type Leg, WAVE_JOBS, wavesOfJobs } from '../../core/workflow/waves-of-jobs.ts';
import { environmentsWith } from '../../testing/environments-with.ts';
import { type Context, evaluate, type JobResult, jobRuns, type Needed } from './expressions.ts';
import { type Job, jobsOf, parseWorkflow, readWorkflowFiles } from './workflow-files.ts';

const files = readWorkflowFiles();

function jobOf(workflow: string, id: string): Job {
  const file = `.github/workflows/${workflow}.yml`;
  const found = jobsOf(parseWorkflow(file, files.get(file) ?? '')).find(([name]) => name === id);
  return found?.[1] ?? assert.fail(`${workflow} has no job ${id}`);
}

interface Course {
  readonly environments: readonly EnvironmentConfig[];
  /** How a wave goes; by default all succeed. */
  readonly wave?: (number: number) => Partial<Needed>;
}

/** Which environments each wave job would run for; null where it is skipped. */
function promote({ environments, wave = () => ({}) }: Course): (readonly string[] | null)[] {
  const outputs = wavesOfJobs(environments).map((legs, index) => [`wave-${index + 1}`, JSON.stringify(legs)]);
  const done: Record<string, Needed> = { build: { result: 'success', outputs: Object.fromEntries(outputs) } };
  return Array.from({ length: WAVE_JOBS }, (_, index) => {
    const id = `wave-${index + 1}`;
    const job = jobOf('promote', id);
    const needs = Object.fromEntries([job.needs ?? []].flat().map((name) => [name, done[name] ?? assert.fail(name)]));
    if (!jobRuns(job.if, { needs })) {
      done[id] = { result: 'skipped', outputs: {} };
      return null;
    }
    done[id] = { result: 'success', outputs: { superseded: '' }, ...wave(index + 1) };
    const { leg } = (job.strategy?.matrix ?? {}) as { readonly leg: string };
    return (evaluate(leg, { needs }) as readonly Leg[]).map(({ environment }) => environment);
  });
}

describe('promote.yml', () => {
  it('takes the environments of this repository in their order, and skips the waves that are empty', () => {
    assert.deepEqual(promote({ environments: loadEnvironments({ variables: {} }) }).slice(0, 3), [
      ['dev'],
      ['staging'],
      ['prod'],
    ]);
    assert.deepEqual(promote({ environments: environmentsWith() }).slice(3), [null, null]);
  });

  it('takes a fourth environment from its file alone', () => {
    const environments = environmentsWith({ name: 'prod-eu', after: 'staging', like: 'prod' });
    assert.deepEqual(promote({ environments }), [['dev'], ['staging'], ['prod', 'prod-eu'], null, null]);
  });

  it('fills all its waves, and has none for a sixth', () => {
    const five = [
      { name: 'four', after: 'prod' },
      { name: 'five', after: 'four' },
    ];
    assert.deepEqual(promote({ environments: environmentsWith(...five) }).at(-1), ['five']);
    const six = environmentsWith(...five, { name: 'six', after: 'five' });
    assert.throws(() => promote({ environments: six }), { code: 'TOO_MANY_WAVES' });
  });

  for (const result of ['failure', 'cancelled'] satisfies JobResult[]) {
    it(`starts nothing behind a wave that ended in ${result}`, () => {
      const wave = (number: number) => (number === 2 ? { result } : {});
      assert.deepEqual(promote({ environments: environmentsWith(), wave }), [['dev'], ['staging'], null, null, null]);
    });
  }

  it('starts nothing behind a wave where a newer release was found', () => {
    const wave = (number: number) => (number === 1 ? { outputs: { superseded: 'true' } } : {});
    assert.deepEqual(promote({ environments: environmentsWith(), wave }), [['dev'], null, null, null, null]);
  });
});

describe('deploy.yml', () => {
  const [plan, deploy] = [jobOf('deploy', 'plan'), jobOf('deploy', 'deploy')];
  const inputs = (operation: string, production: boolean): Context => ({
    needs: {},
    inputs: { operation, production },
  });
  const after = (result: JobResult, pending?: string): Context => ({
    needs: { plan: { result, outputs: pending === undefined ? {} : { pending } } },
  });

  it('shows a plan before a promotion to production, and nowhere else', () => {
    assert.equal(jobRuns(plan.if, inputs('promote', true)), true);
    assert.equal(jobRuns(plan.if, inputs('promote', false)), false);
    assert.equal(jobRuns(plan.if, inputs('rollback', true)), false);
  });

  const table: readonly [what: string, context: Context, runs: boolean][] = [
    ['without a plan', after('skipped'), true],
    ['when there is something to deploy', after('success', 'true'), true],
    ['not when there is nothing: nobody is asked', after('success', 'false'), false],
    ['not when the plan was refused', after('failure'), false],
    ['not when the plan could not be made', after('failure', 'true'), false],
    ['not when the plan ran out of time', after('cancelled', 'true'), false],
    ['not when the run was cancelled', { ...after('skipped'), runCancelled: true }, false],
  ];
  for (const [what, context, runs] of table) {
    it(`deploys ${what}`, () => assert.equal(jobRuns(deploy.if, context), runs));
  }
});

describe('pull-request.yml', () => {
  const comment = jobOf('pull-request', 'comment');
  const repository = 'example/repository';
  const of = (headRepository: string) => ({
    repository,
    event: { pull_request: { head: { repo: { full_name: headRepository } } } },
  });
  const table: readonly [build: JobResult, diff: JobResult][] = [
    ['success', 'success'],
    ['success', 'failure'],
    ['success', 'cancelled'],
    ['failure', 'skipped'],
  ];
  for (const [build, diff] of table) {
    const needs = { build: { result: build, outputs: {} }, diff: { result: diff, outputs: {} } };
    it(`comments when the build ended in ${build} and a diff in ${diff}: the comment of an older commit goes`, () => {
      assert.equal(jobRuns(comment.if, { needs, github: of(repository) }), true);
      assert.equal(jobRuns(comment.if, { needs, github: of(repository), runCancelled: true }), false);
    });
    it(`does not comment for a fork, its build ended in ${build} and a diff in ${diff}`, () => {
      assert.equal(jobRuns(comment.if, { needs, github: of('stranger/fork') }), false);
    });
  }
});
