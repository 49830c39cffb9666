/**
 * What chapters are told with: workflows run as GitHub runs them, verbs typed by people, where the environments stand,
 * and expectations that end the rehearsal when they do not hold.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { z } from 'zod';
import { EXIT, GitOpsError } from '../core/errors.ts';
import type { Reporter } from '../core/progress.ts';
import { runOnGitHub } from './github-runs.ts';
import type { FinishedRun, RunRequest } from './run-types.ts';
import type { World } from './world.ts';

/** Thrown when what the story expects did not happen. Exit 1. */
export class RehearsalFailedError extends GitOpsError {
  constructor(chapter: string, expected: string, evidence: string) {
    super(`${chapter}: expected ${expected}.${evidence === '' ? '' : `\n${evidence}`}`, {
      code: 'REHEARSAL_FAILED',
      source: 'internal',
      exitCode: EXIT.failed,
    });
  }
}

const standing = z.looseObject({
  environment: z.string(),
  state: z.string(),
  release: z.looseObject({ id: z.string(), commit: z.string() }).nullable(),
  hold: z.looseObject({ reason: z.string() }).nullable(),
});

/** Where an environment stands, as `npm run status` says. */
export type Standing = z.infer<typeof standing>;

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export class Story {
  readonly world: World;
  readonly reporter: Reporter;
  readonly signal: AbortSignal;
  private chapter = '';

  constructor(world: World, reporter: Reporter, signal: AbortSignal) {
    this.world = world;
    this.reporter = reporter;
    this.signal = signal;
  }

  begin(chapter: string): void {
    this.chapter = chapter;
    this.world.timeline.begin(chapter);
  }

  /** Runs a workflow to its end and puts it on the timeline. */
  async run(request: RunRequest): Promise<FinishedRun> {
    const task = this.reporter.task(`${this.chapter}: ${request.workflow}`);
    const run = await runOnGitHub(request, this.world, this.signal);
    const seconds = Math.round((run.ended.getTime() - run.began.getTime()) / 1000);
    const { timeline } = this.world;
    timeline.add({
      kind: 'run',
      lane: 'github',
      title: request.workflow.replace(/\.yml$/, ''),
      detail: `${request.event} by ${request.actor}`,
      status: run.succeeded ? 'ok' : 'failed',
      at: run.began,
      until: run.ended,
    });
    for (const { title, environment, result, began, ended } of run.jobs) {
      timeline.add({
        kind: 'job',
        lane: environment?.replace(/-rollback$/, '') ?? this.laneOf(title),
        title,
        status: result === 'success' ? 'ok' : 'failed',
        at: began,
        until: ended,
      });
    }
    task.done(`${run.succeeded ? 'succeeded' : 'failed'} in ${seconds} s, ${run.jobs.length} jobs`);
    return run;
  }

  /** A job without an environment of GitHub's may still be about one of ours: `Diff dev`, `Wave 3: prod / Plan`. */
  private laneOf(title: string): string {
    const words = title.split(/[^\w-]+/);
    return this.world.environments.find(({ name }) => words.includes(name))?.name ?? 'github';
  }

  /** A verb as a person types it in their clone, aimed at the emulated accounts where it can be. */
  async verb(name: string, args: readonly string[], variables: Readonly<Record<string, string>> = {}): Promise<Ended> {
    const { git, cloud, root } = this.world;
    const child = spawn(process.execPath, ['--import', 'tsx', `scripts/commands/${name}/main.ts`, ...args], {
      cwd: git.clone,
      env: {
        PATH: process.env['PATH'],
        HOME: join(root, 'home'),
        LANG: 'C.UTF-8',
        GITOPS_LOCAL: 'true',
        GITOPS_STATE_DIR: cloud.stateDir,
        GITOPS_BASE_PORT: String(cloud.basePort),
        ...variables,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
      signal: this.signal,
    });
    const text = { stdout: '', stderr: '' };
    child.stdout.on('data', (chunk: Buffer) => (text.stdout += chunk));
    child.stderr.on('data', (chunk: Buffer) => (text.stderr += chunk));
    const [code] = (await once(child, 'close')) as [number | null];
    return { code, ...text };
  }

  /** The same, where anything but success ends the rehearsal. */
  async must(name: string, args: readonly string[], variables?: Readonly<Record<string, string>>): Promise<Ended> {
    const ended = await this.verb(name, args, variables);
    this.expect(ended.code === EXIT.done, `npm run ${name} -- ${args.join(' ')} to end with 0`, () => lastLines(ended));
    return ended;
  }

  /** By environment. */
  async standings(): Promise<ReadonlyMap<string, Standing>> {
    const { stdout } = await this.must('status', ['--json']);
    const { environments } = z.object({ environments: z.array(standing) }).parse(JSON.parse(stdout));
    return new Map(environments.map((each) => [each.environment, each]));
  }

  async standing(environment: string): Promise<Standing> {
    const found = (await this.standings()).get(environment);
    this.expect(found !== undefined, `${environment} to be known`);
    return found as Standing;
  }

  /** @throws RehearsalFailedError */
  expect(holds: boolean, what: string, evidence: () => string = () => ''): void {
    if (!holds) throw new RehearsalFailedError(this.chapter, what, evidence());
  }

  /** @throws RehearsalFailedError with the last lines of the run and where all of them are */
  expectRun(run: FinishedRun, holds: boolean, what: string): void {
    this.expect(holds, `${run.workflow} ${what}`, () => evidenceOf(run));
  }

  note(title: string, lane = 'github', detail = ''): void {
    this.world.timeline.add({ kind: 'note', lane, title, detail, status: 'neutral' });
  }
}

/** What to look at when a run went otherwise than expected. */
function evidenceOf({ jobs, excerpt, logFile }: FinishedRun): string {
  const table = jobs.map(({ title, result }) => `  ${result.padEnd(8)} ${title}`).join('\n');
  return `${table}\n${excerpt}\nAll of it: ${logFile}`;
}

const LINES = 40;
const lastLines = ({ stdout, stderr }: Ended): string =>
  `${stdout}\n${stderr}`.trim().split('\n').slice(-LINES).join('\n');
