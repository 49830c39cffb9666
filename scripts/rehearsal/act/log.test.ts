/** Lines as act 0.2.89 writes them. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { readLine } from './log.ts';

const line = (fields: object): string =>
  JSON.stringify({
    dryrun: false,
    job: 'Promote/Build the release ',
    jobID: 'build',
    level: 'info',
    matrix: {},
    msg: '',
    stage: 'Main',
    step: 'Make the release',
    stepID: ['synth'],
    time: '2026-11-23T14:28:43Z',
    ...fields,
  });
const job = { path: 'Promote/Build the release', jobId: 'build', matrix: {} };

describe('a line of act', () => {
  it('with raw output is what a step said, without its line end', () => {
    assert.deepEqual(readLine(line({ msg: 'rehearsal-job 1\n', raw_output: true })), {
      type: 'said',
      job,
      step: 'Make the release',
      text: 'rehearsal-job 1',
    });
  });

  it('with an output is its name and value', () => {
    const read = readLine(
      line({ command: 'set-output', name: 'endpoint', arg: 'http://x', msg: '  ⚙  ::set-output:: …' }),
    );
    assert.deepEqual(read, { type: 'output', job, name: 'endpoint', value: 'http://x' });
  });

  it('with a summary is its Markdown', () => {
    const read = readLine(line({ command: 'summary', content: '# Plan\n', msg: '  ⚙  Summary - # Plan\n' }));
    assert.deepEqual(read, { type: 'summary', job, markdown: '# Plan\n' });
  });

  it('with an annotation has its level, title and text', () => {
    const raw = '::error title=Promote::dev failed%0Aagain\n';
    const read = readLine(line({ command: 'error', arg: 'dev failed', kvPairs: { title: 'Promote' }, raw }));
    assert.deepEqual(read, { type: 'annotation', job, level: 'error', title: 'Promote', text: 'dev failed\nagain' });
    assert.deepEqual(readLine(line({ command: 'warning', arg: 'look', raw: '::warning::look\n' })), {
      type: 'annotation',
      job,
      level: 'warning',
      text: 'look',
    });
  });

  it('with an annotation that names a resource of AWS is read whole, which act’s own reading is not', () => {
    const raw = '::error::Role arn:aws:iam::123456789012:role/x was not given\n';
    const read = readLine(line({ command: 'error::Role', arg: '123456789012:role/x was not given', raw }));
    const text = 'Role arn:aws:iam::123456789012:role/x was not given';
    assert.deepEqual(read, { type: 'annotation', job, level: 'error', text });
  });

  it('with the result of a step is that, of its main part alone', () => {
    assert.deepEqual(readLine(line({ stepResult: 'failure' })), {
      type: 'step',
      job,
      step: 'Make the release',
      result: 'failure',
    });
    assert.equal(readLine(line({ stepResult: 'success', stage: 'Post' })), undefined);
  });

  it('with the result of a job is that, and the leg it ran for', () => {
    const read = readLine(
      line({ jobResult: 'failure', matrix: { leg: { environment: 'dev' } }, msg: '🏁  Job failed' }),
    );
    assert.deepEqual(read, {
      type: 'job',
      job: { ...job, matrix: { leg: { environment: 'dev' } } },
      result: 'failure',
    });
  });

  it('that is no JSON, or an error of no job, is act speaking of itself', () => {
    assert.deepEqual(readLine("Error: Job 'x' failed"), { type: 'act', text: "Error: Job 'x' failed" });
    const error = JSON.stringify({ level: 'error', msg: 'workflow is not valid', time: '' });
    assert.deepEqual(readLine(error), { type: 'act', text: 'workflow is not valid' });
  });

  it('of no interest is nothing', () => {
    assert.equal(readLine(line({ msg: '⭐ Run Set up job' })), undefined);
    assert.equal(readLine(JSON.stringify({ level: 'warning', msg: 'no docker', time: '' })), undefined);
    assert.equal(readLine('  '), undefined);
  });
});
