/**
 * A run of a workflow as GitHub makes it around the jobs: the run's id, which job may begin and with what, reviews,
 * deployments, and how it all ended. What act knows nothing of is here.
 */
import { mkdir, readdir, readFile } from 'node:fs/promises';
import { basename, join, relative } from 'node:path';
import { zipSync } from 'fflate';
import { legOf } from '../core/workflow/waves-of-jobs.ts';
import { isWorkflow, parseWorkflow, readWorkflowFiles } from '../repository/workflows/workflow-files.ts';
import type { FakeRun } from '../testing/fake-github/world.ts';
import { runWorkflow } from './act/run-workflow.ts';
import { Course } from './course.ts';
import type { Workflows } from './jobs/declared-job.ts';
import type { FinishedRun, RunRequest } from './run-types.ts';
import { listArtifacts } from './stand-ins/shared/artifacts.ts';
import type { World } from './world.ts';

/** Runs a workflow to its end. */
export async function runOnGitHub(request: RunRequest, world: World, signal: AbortSignal): Promise<FinishedRun> {
  const { github, controller } = world;
  const entry = `.github/workflows/${request.workflow}`;
  const run = github.addRun({
    workflow: entry,
    event: request.event,
    ref: request.ref,
    headSha: request.head?.commit ?? request.commit,
    actor: request.actor,
    ...(request.head && { headRepository: request.head.repository }),
  });
  const number = github.repository.runs.length;
  const scratch = join(world.root, 'runs', `${number}`);
  const directory = join(scratch, 'repository');
  const artifacts = join(scratch, 'artifacts');
  await mkdir(artifacts, { recursive: true });
  await world.git.checkOut(request.commit, directory);
  const course = new Course({ run, entry, request, workflows: readWorkflows(directory, world), world, number });
  const began = new Date();
  const logFile = join(world.logs, `${String(number).padStart(2, '0')}-${basename(entry, '.yml')}.log`);
  const succeeded = await runWorkflow(
    {
      act: world.act,
      directory,
      workflow: entry,
      event: request.event,
      payload: payloadOf(request, world),
      actor: request.actor,
      standIns: world.standIns,
      path: world.path,
      variables: { ...world.variables, ...variablesOf(run, number, artifacts, world) },
      repositoryVariables: Object.fromEntries(
        [...github.repository.variables.values()].map(({ name, value }) => [name, value]),
      ),
      token: world.jobToken,
      scratch,
      logFile,
    },
    {
      signal,
      onEvent: (event) => {
        controller.hear(event, (place) => course.admit(place));
        course.hear(event);
      },
    },
  );
  if (course.failure !== undefined) throw course.failure;
  await handOver(artifacts, run, world);
  return { ...course.finished(), succeeded, began, ended: new Date(), logFile };
}

/** What the run kept is asked of GitHub later, by other runs. */
async function handOver(store: string, run: FakeRun, { github }: World): Promise<void> {
  for (const { name } of await listArtifacts(store)) {
    const folder = join(store, name);
    const entries = await readdir(folder, { recursive: true, withFileTypes: true });
    const files = entries
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .map(async (file) => [relative(folder, file), await readFile(file)] as const);
    // Nothing is won by packing well what never travels.
    github.keepArtifact(run, name, zipSync(Object.fromEntries(await Promise.all(files)), { level: 1 }));
  }
}

function readWorkflows(directory: string, { environments }: World): Workflows {
  const files = [...readWorkflowFiles(directory)].filter(([file]) => isWorkflow(file));
  return {
    files: new Map(files.map(([file, text]) => [file, parseWorkflow(file, text)])),
    legs: environments.map(legOf),
  };
}

/** https://docs.github.com/en/webhooks/webhook-events-and-payloads */
function payloadOf({ payload, ref, commit, actor }: RunRequest, { github }: World): object {
  const [owner = '', name = ''] = github.name.split('/');
  return {
    ref,
    after: commit,
    sender: { login: actor },
    repository: { name, full_name: github.name, default_branch: 'main', owner: { login: owner } },
    ...payload,
  };
}

function variablesOf(run: FakeRun, number: number, artifacts: string, world: World): Readonly<Record<string, string>> {
  return {
    GITHUB_RUN_ID: String(run.id),
    GITHUB_RUN_NUMBER: String(number),
    GITHUB_RUN_ATTEMPT: '1',
    REHEARSAL_ARTIFACTS: artifacts,
    REHEARSAL_CONTROLLER: world.controller.endpoint,
  };
}
