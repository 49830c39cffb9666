/** Jobs as act names them, found in the repository's own workflow files. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { loadEnvironments } from '../../../environments/load.ts';
import { legOf } from '../../core/workflow/waves-of-jobs.ts';
import { isWorkflow, parseWorkflow, readWorkflowFiles } from '../../repository/workflows/workflow-files.ts';
import { declaredJob, UnknownJobError, type Workflows } from './declared-job.ts';

const texts = new Map([...readWorkflowFiles()].filter(([file]) => isWorkflow(file)));
const workflowsOf = (changed: Readonly<Record<string, (text: string) => string>> = {}): Workflows => ({
  files: new Map(
    [...texts].map(([file, text]) => [
      file,
      parseWorkflow(file, changed[file.split('/').at(-1) ?? '']?.(text) ?? text),
    ]),
  ),
  legs: loadEnvironments({ variables: {} }).map(legOf),
});
const workflows = workflowsOf();
const declared = (entry: string, path: string, jobId: string, matrix = {}, of = workflows) =>
  declaredJob({ path, jobId, matrix }, `.github/workflows/${entry}`, of);

describe('a job of the entry', () => {
  it('has the permissions it asks for', () => {
    const job = declared('pull-request.yml', 'Pull request/Comment', 'comment');
    assert.equal(job.permissions['pull-requests'], 'write');
    assert.equal(job.permissions['id-token'], undefined);
    assert.equal(job.environment, undefined);
    assert.equal(job.file, '.github/workflows/pull-request.yml');
  });

  it('has the environment of its leg', () => {
    const matrix = { leg: { environment: 'dev' } };
    const job = declared('destroy.yml', 'Destroy/Destroy dev-1', 'destroy', matrix);
    assert.equal(job.environment, 'dev');
    assert.equal(job.title, 'Destroy dev');
  });
});

describe('a job that is called', () => {
  it('is told from those of other environments by its caller’s name', () => {
    const job = declared('promote.yml', 'Wave 3: prod/Deploy/Deploy and validate', 'deploy');
    assert.equal(job.environment, 'prod');
    assert.equal(job.file, '.github/workflows/deploy.yml');
    assert.equal(job.permissions['id-token'], 'write');
    assert.equal(job.title, 'Wave 3: prod / Deploy and validate');
  });

  it('is found where act numbers legs', () => {
    assert.equal(declared('promote.yml', 'Wave 1: dev-2/Deploy/Deploy and validate', 'deploy').environment, 'dev');
  });

  it('has the environment its caller chooses: on call, for a rollback', () => {
    assert.equal(declared('rollback.yml', 'prod/Deploy/Roll back', 'deploy').environment, 'prod-rollback');
  });

  it('without an environment of its own has none', () => {
    assert.equal(declared('promote.yml', 'Wave 3: prod/Deploy/Plan', 'plan').environment, undefined);
  });

  it('that asks for more than its caller has is refused, as GitHub refuses the run', () => {
    const of = workflowsOf({ 'promote.yml': (text) => text.replaceAll(/ +id-token: write.*\n/g, '') });
    assert.throws(
      () => declared('promote.yml', 'Wave 1: dev/Deploy/Deploy and validate', 'deploy', {}, of),
      /asks for id-token: write, and its caller has none/,
    );
  });
});

describe('a job that can’t be told is an error', () => {
  it('of an unknown file, job or environment', () => {
    assert.throws(() => declared('nightly.yml', 'Nightly/x', 'x'), UnknownJobError);
    assert.throws(() => declared('promote.yml', 'Promote/x', 'x'), /promote\.yml has no job x/);
    assert.throws(
      () => declared('promote.yml', 'Wave 1: qa/Deploy/Plan', 'plan'),
      /0 of its jobs could be "Wave 1: qa/,
    );
  });

  it('where two callers have one name', () => {
    const of = workflowsOf({ 'promote.yml': (text) => text.replaceAll(/"Wave \d: /g, '"Wave: ') });
    assert.throws(
      () => declared('promote.yml', 'Wave: dev/Deploy/Plan', 'plan', {}, of),
      /5 of its jobs could be .*Give its jobs names/,
    );
  });

  it('where its environment has no name', () => {
    assert.throws(() => declared('destroy.yml', 'Destroy/Destroy', 'destroy'), /its environment has no name here/);
  });
});
