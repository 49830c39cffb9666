/**
 * What happens in one run of a workflow, heard from its log: which job may begin and with what, reviews, deployments,
 * and how each job ended.
 */
import { basename } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { EXIT, GitOpsError } from '../core/errors.ts';
import { admit } from '../testing/fake-github/review-handlers.ts';
import type { FakeRun } from '../testing/fake-github/world.ts';
import type { ActEvent, JobPlace, JobResult } from './act/log.ts';
import type { Admission } from './controller.ts';
import { type DeclaredJob, declaredJob, type Workflows } from './jobs/declared-job.ts';
import { type JobClaims, type WorkflowEvent, workflowRefOf } from './oidc/claims.ts';
import type { World } from './world.ts';

export interface RunRequest {
  /** `promote.yml` */
  readonly workflow: string;
  readonly event: WorkflowEvent;
  /** What the webhook says beyond ref, repository and sender. */
  readonly payload?: object;
  /** `refs/heads/main`, `refs/pull/1/merge` */
  readonly ref: string;
  /** What is checked out. */
  readonly commit: string;
  /** Of a pull request: its branch, and the branch's last commit. */
  readonly head?: { readonly ref: string; readonly commit: string };
  /** Login of who began it. */
  readonly actor: string;
  /** Acts for the people a job waits for: makes the calls GitHub's page would make. Left out: nobody comes. */
  readonly review?: (wanted: WantedReview) => Promise<void>;
}

export interface WantedReview {
  /** Name of the GitHub environment. */
  readonly environment: string;
  readonly runId: number;
  /** What the jobs before it wrote into the run's summary: what the reviewer sees. */
  readonly summaries: readonly Summary[];
}

export interface Summary {
  readonly job: string;
  readonly markdown: string;
}

export interface FinishedJob {
  /** `Wave 1: dev / Deploy and validate` */
  readonly title: string;
  readonly environment: string | undefined;
  readonly result: JobResult;
  readonly began: Date;
  readonly ended: Date;
}

export interface FinishedRun {
  readonly id: number;
  readonly workflow: string;
  readonly succeeded: boolean;
  readonly jobs: readonly FinishedJob[];
  readonly summaries: readonly Summary[];
  readonly annotations: readonly { readonly job: string; readonly level: string; readonly text: string }[];
  readonly began: Date;
  readonly ended: Date;
  /** All act said. */
  readonly logFile: string;
  /** The last lines of what failed. */
  readonly excerpt: string;
}

const REVIEW_POLL_MS = 100;
const EXCERPT_LINES = 30;

/** Thrown when a job waits for people and the story has none. Exit 1. */
export class NobodyReviewsError extends GitOpsError {
  constructor(environment: string) {
    super(`A job waits for the reviewers of ${environment}, and nobody comes.`, {
      code: 'NOBODY_REVIEWS',
      source: 'internal',
      exitCode: EXIT.failed,
    });
  }
}

export interface About {
  readonly run: FakeRun;
  /** `.github/workflows/promote.yml` */
  readonly entry: string;
  readonly request: RunRequest;
  readonly workflows: Workflows;
  readonly world: Pick<World, 'github' | 'issuer' | 'timeline'>;
  /** Counts runs from 1. */
  readonly number: number;
}

/** What happens in one run. */
export class Course {
  private readonly jobs = new Map<string, { declared: DeclaredJob; began: Date }>();
  private readonly done: FinishedJob[] = [];
  private readonly summaries: Summary[] = [];
  private readonly annotations: { job: string; level: string; text: string }[] = [];
  private readonly said = new Map<string, string[]>();
  private readonly problems: string[] = [];
  private readonly endpoints = new Map<string, string>();

  private readonly about: About;

  constructor(about: About) {
    this.about = about;
  }

  /** What went wrong in deciding who may begin; the job that asked has failed with it. */
  failure: unknown;

  async admit(place: JobPlace): Promise<Admission> {
    try {
      return await this.decide(place);
    } catch (error) {
      this.failure ??= error;
      throw error;
    }
  }

  private async decide(place: JobPlace): Promise<Admission> {
    const declared = declaredJob(place, this.about.entry, this.about.workflows);
    if (declared.environment !== undefined) {
      const refused = await this.passEnvironment(declared.environment);
      if (refused !== undefined) return { allowed: false, reason: refused };
    }
    this.jobs.set(place.path, { declared, began: new Date() });
    return { allowed: true, variables: this.grants(declared) };
  }

  /** @returns why the job may not begin */
  private async passEnvironment(name: string): Promise<string | undefined> {
    const { world, repository } = this.about.world.github;
    switch (admit(world, repository, this.about.run, name)) {
      case 'open':
        return undefined;
      case 'branch-refused':
        return `${this.about.run.ref} is not allowed to deploy to ${name} due to environment protection rules.`;
      case 'no-such-environment':
        return `The GitHub environment ${name} is not set up: npm run github:setup`;
      case 'waits':
        return await this.waitForReview(name);
    }
  }

  private async waitForReview(name: string): Promise<string | undefined> {
    const { review } = this.about.request;
    if (review === undefined) throw new NobodyReviewsError(name);
    const waited = new Date();
    await review({ environment: name, runId: this.about.run.id, summaries: this.summaries });
    const entry = this.about.run.waiting.get(name);
    while (entry !== undefined && entry.review === undefined) await sleep(REVIEW_POLL_MS);
    this.about.world.timeline.add({
      kind: 'approval',
      lane: name.replace(/-rollback$/, ''),
      title: `${entry?.review?.by.login} ${entry?.review?.state}`,
      detail: entry?.review?.comment ?? '',
      status: entry?.review?.state === 'approved' ? 'ok' : 'refused',
      at: waited,
      until: new Date(),
    });
    return entry?.review?.state === 'approved' ? undefined : `${entry?.review?.by.login} rejected it.`;
  }

  /** What GitHub gives to this job and not to others. */
  private grants(declared: DeclaredJob): Readonly<Record<string, string>> {
    const { permissions } = declared;
    const known = { REHEARSAL_PERMISSIONS: JSON.stringify(permissions) };
    if (permissions['id-token'] !== 'write') return known;
    const { requestUrl, requestToken } = this.about.world.issuer.grant(this.claims(declared));
    return { ...known, ACTIONS_ID_TOKEN_REQUEST_URL: requestUrl, ACTIONS_ID_TOKEN_REQUEST_TOKEN: requestToken };
  }

  private claims({ file, environment }: DeclaredJob): JobClaims {
    const { repository, name, world } = this.about.world.github;
    const { ref, commit, event, actor, head } = this.about.request;
    const workflow = this.about.workflows.files.get(this.about.entry)?.data as { readonly name?: string } | undefined;
    return {
      repository: name,
      ids: { owner: String(world.user(repository.owner).id), repository: String(repository.id) },
      idsInSubject: false,
      event,
      ref,
      sha: commit,
      ...(environment !== undefined && { environment }),
      ...(head !== undefined && { headRef: head.ref, baseRef: 'main' }),
      workflow: workflow?.name ?? this.about.entry,
      workflowRef: workflowRefOf(name, basename(this.about.entry), ref),
      jobWorkflowRef: workflowRefOf(name, basename(file), ref),
      runId: String(this.about.run.id),
      runNumber: String(this.about.number),
      runAttempt: '1',
      actor,
      actorId: String(world.user(actor).id),
    };
  }

  hear(event: ActEvent): void {
    switch (event.type) {
      case 'act':
        this.problems.push(event.text);
        return;
      case 'said': {
        const lines = this.said.get(event.job.path) ?? [];
        lines.push(event.text);
        this.said.set(event.job.path, lines.slice(-EXCERPT_LINES));
        return;
      }
      case 'summary':
        this.summaries.push({ job: this.titleOf(event.job), markdown: event.markdown });
        return;
      case 'annotation':
        this.annotations.push({ job: this.titleOf(event.job), level: event.level, text: event.text });
        return;
      case 'output':
        if (event.name === 'endpoint') this.endpoints.set(event.job.path, event.value);
        return;
      case 'job':
        this.end(event.job, event.result);
        return;
      case 'step':
        return;
    }
  }

  private end(place: JobPlace, result: JobResult): void {
    const known = this.jobs.get(place.path);
    const ended = new Date();
    const environment = known?.declared.environment;
    const began = known?.began ?? ended;
    this.done.push({ title: this.titleOf(place), environment, result, began, ended });
    if (environment !== undefined && known !== undefined) this.keepDeployment(environment, result, place);
  }

  /** As GitHub does for a job with an environment. */
  private keepDeployment(environment: string, result: JobResult, place: JobPlace): void {
    const { world, repository } = this.about.world.github;
    const creator = this.about.run.actor;
    const createdAt = world.now();
    const waiting = repository.deployments.find(
      (each) => each.environment === environment && each.statuses.length === 0 && each.sha === this.about.run.headSha,
    );
    const deployment = waiting ?? {
      id: world.newId(),
      sha: this.about.run.headSha,
      ref: this.about.run.ref,
      environment,
      description: null,
      creator,
      createdAt,
      statuses: [],
    };
    if (waiting === undefined) repository.deployments.push(deployment);
    deployment.statuses.push({
      id: world.newId(),
      state: result === 'success' ? 'success' : 'failure',
      description: '',
      environmentUrl: this.endpoints.get(place.path) ?? '',
      logUrl: `https://github.com/${this.about.world.github.name}/actions/runs/${this.about.run.id}`,
      creator,
      createdAt,
    });
  }

  private titleOf(place: JobPlace): string {
    return this.jobs.get(place.path)?.declared.title ?? place.path;
  }

  finished(): Pick<FinishedRun, 'id' | 'workflow' | 'jobs' | 'summaries' | 'annotations' | 'excerpt'> {
    const failed = [...this.said].filter(([path]) =>
      this.done.some(
        ({ title, result }) => result === 'failure' && title === (this.jobs.get(path)?.declared.title ?? path),
      ),
    );
    const excerpt = [
      ...this.problems,
      ...failed.flatMap(([path, lines]) => [`${path}:`, ...lines.map((line) => `  ${line}`)]),
    ];
    return {
      id: this.about.run.id,
      workflow: this.about.request.workflow,
      jobs: this.done,
      summaries: this.summaries,
      annotations: this.annotations,
      excerpt: excerpt.join('\n'),
    };
  }
}
