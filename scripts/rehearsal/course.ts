/** What happens in one run of a workflow, heard from its log: which job may begin, and how each one ended. */
import type { ActEvent, JobPlace, JobResult } from './act/log.ts';
import { admitJob } from './admission.ts';
import type { Admission } from './controller.ts';
import { type DeclaredJob, declaredJob } from './jobs/declared-job.ts';
import type { About, FinishedJob, FinishedRun, Summary } from './run-types.ts';

const EXCERPT_LINES = 30;

/** What happens in one run. */
export class Course {
  private readonly jobs = new Map<string, { declared: DeclaredJob; began: Date }>();
  private readonly done: FinishedJob[] = [];
  private readonly summaries: Summary[] = [];
  private readonly annotations: { job: string; level: string; text: string }[] = [];
  private readonly said = new Map<string, string[]>();
  private readonly problems: string[] = [];
  private readonly endpoints = new Map<string, string>();
  /** Paths of jobs in which a step failed. */
  private readonly failedSteps = new Set<string>();

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
    const admission = await admitJob(declared, this.about, this.summaries);
    if (admission.allowed) this.jobs.set(place.path, { declared, began: new Date() });
    return admission;
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
        this.end(event.job, this.resultOf(event.job, event.result));
        return;
      case 'step':
        if (event.result === 'failure') this.failedSteps.add(event.job.path);
        return;
    }
  }

  /** act keeps one result for all legs of a matrix: where one has failed, those that end after it have too. */
  private resultOf({ path }: JobPlace, said: JobResult): JobResult {
    return said === 'failure' && !this.failedSteps.has(path) ? 'success' : said;
  }

  private end(place: JobPlace, result: JobResult): void {
    const known = this.jobs.get(place.path);
    const ended = new Date();
    const environment = known?.declared.environment;
    const began = known?.began ?? ended;
    this.done.push({ title: this.titleOf(place), environment, result, began, ended });
    if (environment !== undefined && known !== undefined) {
      keepDeployment(this.about, { environment, result, url: this.endpoints.get(place.path) ?? '' });
    }
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

interface Deployed {
  readonly environment: string;
  readonly result: JobResult;
  /** Where it is reached. */
  readonly url: string;
}

/** As GitHub does for a job with an environment: the deployment an approval made, or one of its own, and how it went. */
function keepDeployment({ world: { github }, run }: About, { environment, result, url }: Deployed): void {
  const { world, repository } = github;
  const creator = run.actor;
  const createdAt = world.now();
  const approved = repository.deployments.find(
    (each) => each.environment === environment && each.statuses.length === 0 && each.sha === run.headSha,
  );
  const facts = { sha: run.headSha, ref: run.ref, environment, description: null, creator, createdAt };
  const deployment = approved ?? { ...facts, id: world.newId(), statuses: [] };
  if (approved === undefined) repository.deployments.push(deployment);
  deployment.statuses.push({
    id: world.newId(),
    state: result === 'success' ? 'success' : 'failure',
    description: '',
    environmentUrl: url,
    logUrl: `https://github.com/${github.name}/actions/runs/${run.id}`,
    creator,
    createdAt,
  });
}
