/**
 * Runs of workflows, and their artifacts: listed newest first, downloaded from a storage of its own by an address that
 * needs no token.
 *
 * Source: https://docs.github.com/en/rest/actions/workflow-runs and …/actions/artifacts
 */
import { found, type Handlers, page } from './handlers.ts';
import { reads } from './permissions.ts';
import { refuse } from './refusals.ts';
import { nodeId, renderRepository, repositoryUrl } from './render-repository.ts';
import type { Schema } from './routes.ts';
import type { FakeArtifact, FakeRepository, FakeRun, World } from './world.ts';

export const runHandlers = {
  'get /repos/{owner}/{repo}/actions/workflows/{workflow_id}/runs': {
    needs: reads('actions'),
    answer(call) {
      const { world, repository, path, query } = call;
      const file = `.github/workflows/${path.workflow_id}`;
      const ofWorkflow = repository.runs.filter(({ workflow }) => workflow === file);
      if (ofWorkflow.length === 0) throw refuse.notFound();
      const matching = ofWorkflow
        .map((run, index) => ({ run, number: index + 1 }))
        .filter(({ run }) => query.head_sha === undefined || run.headSha === query.head_sha)
        .filter(({ run }) => query.event === undefined || run.event === query.event)
        .toReversed();
      const { items, link } = page(matching, call);
      const workflow_runs = items.map(({ run, number }) => renderRun(world, repository, run, number));
      return { status: 200, body: { total_count: matching.length, workflow_runs }, link };
    },
  },
  'get /repos/{owner}/{repo}/actions/runs/{run_id}/artifacts': {
    needs: reads('actions'),
    answer(call) {
      const { world, repository, path, query } = call;
      const run = found(repository.runs.find(({ id }) => id === path.run_id));
      const matching = repository.artifacts
        .filter((artifact) => artifact.run === run.id)
        .filter(({ name }) => query.name === undefined || name === query.name)
        .toReversed();
      const { items, link } = page(matching, call);
      const artifacts = items.map((artifact) => renderArtifact(world, repository, run, artifact));
      return { status: 200, body: { total_count: matching.length, artifacts }, link };
    },
  },
  'get /repos/{owner}/{repo}/actions/artifacts/{artifact_id}/{archive_format}': {
    needs: reads('actions'),
    answer({ world, repository, path }) {
      if (path.archive_format !== 'zip') throw refuse.notFound();
      const artifact = found(repository.artifacts.find(({ id }) => id === path.artifact_id));
      if (artifact.expired) throw refuse.artifactExpired();
      return { status: 302, body: undefined, location: world.storage.sign(artifact.content) };
    },
  },
} as const satisfies Handlers;

const FORK = 1;

function renderRun(world: World, repository: FakeRepository, run: FakeRun, number: number): Schema<'workflow-run'> {
  const url = `${repositoryUrl(world, repository)}/actions/runs/${run.id}`;
  const workflow = `${repositoryUrl(world, repository)}/actions/workflows/1`;
  const own = { ...renderRepository(world, repository), license: null };
  const fork = { ...own, id: Number(own.id) + FORK, full_name: run.headRepository, fork: true };
  return {
    id: run.id,
    name: 'Pull request',
    node_id: nodeId('WorkflowRun', run.id),
    head_branch: run.ref.replace(/^refs\/heads\//, ''),
    head_sha: run.headSha,
    path: run.workflow,
    run_number: number,
    run_attempt: 1,
    event: run.event,
    status: 'completed',
    conclusion: 'success',
    workflow_id: 1,
    url,
    html_url: `https://github.com/${repository.owner}/${repository.name}/actions/runs/${run.id}`,
    pull_requests: [],
    created_at: run.createdAt,
    updated_at: run.createdAt,
    run_started_at: run.createdAt,
    jobs_url: `${url}/jobs`,
    logs_url: `${url}/logs`,
    check_suite_url: `${repositoryUrl(world, repository)}/check-suites/${run.id}`,
    artifacts_url: `${url}/artifacts`,
    cancel_url: `${url}/cancel`,
    rerun_url: `${url}/rerun`,
    workflow_url: workflow,
    head_commit: null,
    repository: own,
    head_repository: world.repository(run.headRepository) === repository ? own : fork,
    display_title: 'A change',
  };
}

function renderArtifact(
  world: World,
  repository: FakeRepository,
  run: FakeRun,
  { id, name, size, expired, createdAt }: FakeArtifact,
): Schema<'artifact'> {
  const url = `${repositoryUrl(world, repository)}/actions/artifacts/${id}`;
  return {
    id,
    node_id: nodeId('Artifact', id),
    name,
    size_in_bytes: size,
    url,
    archive_download_url: `${url}/zip`,
    expired,
    created_at: createdAt,
    expires_at: createdAt,
    updated_at: createdAt,
    workflow_run: { id: run.id, repository_id: repository.id, head_sha: run.headSha },
  };
}
