/** Which job may begin, with GitHub's environments and the repository's own workflow files. */
import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { decodeJwt } from 'jose';
import { loadEnvironments } from '../../environments/load.ts';
import { legOf } from '../core/workflow/waves-of-jobs.ts';
import { isWorkflow, parseWorkflow, readWorkflowFiles } from '../repository/workflows/workflow-files.ts';
import { caller } from '../testing/fake-github/call.ts';
import { FakeGitHub } from '../testing/fake-github/fake-github.ts';
import type { ActEvent, JobPlace } from './act/log.ts';
import { NobodyReviewsError } from './admission.ts';
import { Course } from './course.ts';
import type { Workflows } from './jobs/declared-job.ts';
import { type Issuer, startIssuer } from './oidc/issuer.ts';
import { Recorder } from './recorder.ts';
import type { RunRequest } from './run-types.ts';

const texts = [...readWorkflowFiles()].filter(([file]) => isWorkflow(file));
const workflows: Workflows = {
  files: new Map(texts.map(([file, text]) => [file, parseWorkflow(file, text)])),
  legs: loadEnvironments({ variables: {} }).map(legOf),
};
const COMMIT = 'c'.repeat(40);

let github: FakeGitHub;
let issuer: Issuer;
let timeline: Recorder;
beforeEach(async () => {
  [github, issuer] = await Promise.all([FakeGitHub.start(), startIssuer()]);
  timeline = new Recorder();
  const token = github.addToken({ login: 'ada', permissions: { administration: 'write', environments: 'write' } });
  const main = { protected_branches: true, custom_branch_policies: false };
  const reviewers = [{ type: 'User', id: github.world.user('amir').id }];
  for (const [name, rules] of Object.entries({ dev: {}, prod: { reviewers, prevent_self_review: true } })) {
    const body = { deployment_branch_policy: main, ...rules };
    await caller(github)('PUT', `/repos/${github.name}/environments/${name}`, { token, body });
  }
});
afterEach(() => Promise.all([github.close(), issuer.close()]));

function begin(request: Partial<RunRequest> = {}): Course {
  const asked: RunRequest = {
    workflow: 'promote.yml',
    event: 'push',
    ref: 'refs/heads/main',
    commit: COMMIT,
    actor: 'dana',
    ...request,
  };
  const entry = `.github/workflows/${asked.workflow}`;
  const { ref, event, actor } = asked;
  const run = github.addRun({ workflow: entry, event, ref, headSha: COMMIT, actor });
  return new Course({ run, entry, request: asked, workflows, world: { github, issuer, timeline }, number: 1 });
}

const deploy = (environment: string, wave: number): JobPlace => ({
  path: `Wave ${wave}: ${environment}/Deploy/Deploy and validate`,
  jobId: 'deploy',
  matrix: {},
});
const dev = deploy('dev', 1);
const prod = deploy('prod', 3);
const build: JobPlace = { path: 'Promote/Build the release', jobId: 'build', matrix: {} };

const reviewedAs = (state: string) => async (wanted: { environment: string; runId: number }) => {
  const token = github.addToken({ login: 'amir', permissions: { deployments: 'write' } });
  const body = {
    environment_ids: [github.repository.environments.get(wanted.environment)?.id],
    state,
    comment: 'seen',
  };
  const path = `/repos/${github.name}/actions/runs/${wanted.runId}/pending_deployments`;
  assert.equal((await caller(github)('POST', path, { token, body })).status, 200);
};

async function tokenFor(course: Course, place: JobPlace): Promise<Record<string, unknown>> {
  const admission = await course.admit(place);
  assert.ok(admission.allowed);
  const { ACTIONS_ID_TOKEN_REQUEST_URL: url, ACTIONS_ID_TOKEN_REQUEST_TOKEN: bearer } = admission.variables;
  const response = await fetch(`${url}&audience=sts.amazonaws.com`, { headers: { authorization: `bearer ${bearer}` } });
  return decodeJwt(((await response.json()) as { value: string }).value);
}

describe('a job', () => {
  it('that may ask for a token gets one that says what it is', async () => {
    const claims = await tokenFor(begin(), dev);
    assert.equal(claims['sub'], `repo:${github.name}:environment:dev`);
    assert.equal(claims['job_workflow_ref'], `${github.name}/.github/workflows/deploy.yml@refs/heads/main`);
    assert.equal(claims['workflow_ref'], `${github.name}/.github/workflows/promote.yml@refs/heads/main`);
  });

  it('that may not ask gets none, and knows its permissions', async () => {
    const admission = await begin().admit(build);
    assert.deepEqual(admission, { allowed: true, variables: { REHEARSAL_PERMISSIONS: '{"contents":"read"}' } });
  });

  it('of a fork’s pull request gets none, and reads at most', async () => {
    const pull = { workflow: 'pull-request.yml', event: 'pull_request', ref: 'refs/pull/1/merge' } as const;
    const comment: JobPlace = { path: 'Pull request/Comment', jobId: 'comment', matrix: {} };
    const diff: JobPlace = { path: 'Pull request/Diff dev-1', jobId: 'diff', matrix: { leg: { environment: 'dev' } } };
    const of = (repository: string) => begin({ ...pull, head: { ref: 'typo', commit: COMMIT, repository } });
    const read = { allowed: true, variables: { REHEARSAL_PERMISSIONS: '{"contents":"read"}' } };
    assert.deepEqual(await of('stranger/x').admit(diff), read);
    const { variables } = (await of('stranger/x').admit(comment)) as typeof read;
    assert.deepEqual(JSON.parse(variables.REHEARSAL_PERMISSIONS), { contents: 'read', 'pull-requests': 'read' });
    assert.equal((await tokenFor(of(github.name), diff))['sub'], `repo:${github.name}:pull_request`);
  });

  it('of another branch is refused by the environment', async () => {
    const admission = await begin({ ref: 'refs/heads/shortcut' }).admit(dev);
    assert.ok(!admission.allowed);
    assert.match(admission.reason, /refs\/heads\/shortcut is not allowed to deploy to dev/);
  });

  it('of an environment that nobody set up is refused', async () => {
    const admission = await begin().admit(deploy('staging', 2));
    assert.ok(!admission.allowed);
    assert.match(admission.reason, /staging is not set up: npm run github:setup/);
  });

  it('waits for a reviewer, who sees what the jobs before it wrote', async () => {
    const seen: string[] = [];
    const course = begin({
      review: async (wanted) => {
        seen.push(...wanted.summaries.map(({ markdown }) => markdown));
        await reviewedAs('approved')(wanted);
      },
    });
    course.hear({ type: 'summary', job: build, markdown: '# Plan' });
    assert.equal((await tokenFor(course, prod))['sub'], `repo:${github.name}:environment:prod`);
    assert.deepEqual(seen, ['# Plan']);
    assert.deepEqual(
      timeline.events.map(({ kind, title, status }) => [kind, title, status]),
      [['approval', 'amir approved', 'ok']],
    );
  });

  it('that is rejected does not begin', async () => {
    const admission = await begin({ review: reviewedAs('rejected') }).admit(prod);
    assert.deepEqual(admission, { allowed: false, reason: 'amir rejected it: seen' });
  });

  it('for which nobody comes fails, and the run with it', async () => {
    const course = begin({ review: async () => {} });
    await assert.rejects(course.admit(prod), NobodyReviewsError);
    assert.ok(course.failure instanceof NobodyReviewsError);
  });
});

describe('the end of a job', () => {
  const ended = (job: JobPlace, result: 'success' | 'failure'): ActEvent => ({ type: 'job', job, result });

  it('with an environment is a deployment, with its address', async () => {
    const course = begin();
    await course.admit(dev);
    course.hear({ type: 'output', job: dev, name: 'endpoint', value: 'http://127.0.0.1:1' });
    course.hear(ended(dev, 'success'));
    const [deployment, ...others] = github.repository.deployments;
    assert.equal(others.length, 0);
    assert.equal(deployment?.environment, 'dev');
    const { state, environmentUrl } = deployment?.statuses.at(-1) ?? {};
    assert.deepEqual({ state, environmentUrl }, { state: 'success', environmentUrl: 'http://127.0.0.1:1' });
  });

  it('after a review belongs to the deployment that the review made', async () => {
    const course = begin({ review: reviewedAs('approved') });
    await course.admit(prod);
    course.hear({ type: 'step', job: prod, step: 'Deploy', result: 'failure' });
    course.hear(ended(prod, 'failure'));
    assert.equal(github.repository.deployments.length, 1);
    assert.equal(github.repository.deployments[0]?.statuses.at(-1)?.state, 'failure');
  });

  it('is told for each leg by its own steps, which act does not', () => {
    const course = begin({ workflow: 'drift.yml', event: 'schedule' });
    const leg = (name: string): JobPlace => ({ path: `Drift/Drift of ${name}-1`, jobId: 'drift', matrix: {} });
    course.hear({ type: 'step', job: leg('dev'), step: 'Look', result: 'failure' });
    course.hear({ type: 'said', job: leg('dev'), step: 'Look', text: 'dev: drifted' });
    course.hear(ended(leg('dev'), 'failure'));
    course.hear(ended(leg('prod'), 'failure'));
    const { jobs, excerpt } = course.finished();
    assert.deepEqual(
      jobs.map(({ title, result }) => [title, result]),
      [
        ['Drift/Drift of dev-1', 'failure'],
        ['Drift/Drift of prod-1', 'success'],
      ],
    );
    assert.match(excerpt, /dev: drifted/);
  });
});
