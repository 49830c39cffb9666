/**
 * Finds the job of a workflow file that act speaks of, and what that file asks for it: its GitHub environment and the
 * permissions of its token. What act ignores is thereby known from the files themselves. Pure.
 */
import { EXIT, GitOpsError } from '../../core/errors.ts';
import type { Leg } from '../../core/workflow/waves-of-jobs.ts';
import { type Context, interpolate } from '../../repository/workflows/expressions.ts';
import type { Job, Parsed } from '../../repository/workflows/workflow-files.ts';
import type { JobPlace } from '../act/log.ts';

/** A job as its file declares it, for the leg it runs for. */
export interface DeclaredJob {
  /** File whose event began the run. */
  readonly entry: string;
  /** File the job stands in: that of the entry, or one it calls. */
  readonly file: string;
  readonly jobId: string;
  /** Shown to people: `Wave 1: dev / Deploy and validate`. */
  readonly title: string;
  /** The GitHub environment whose rules let it begin. */
  readonly environment: string | undefined;
  /** Of its token: what the job may, and for a called one its caller too. */
  readonly permissions: Readonly<Record<string, string>>;
}

/** Thrown when a job can't be told from others, or its file asks for more than its caller may give. Exit 1. */
export class UnknownJobError extends GitOpsError {
  constructor(message: string) {
    super(message, { code: 'UNKNOWN_JOB', source: 'internal', exitCode: EXIT.failed });
  }
}

export interface Workflows {
  /** By path from the root: `.github/workflows/deploy.yml`. */
  readonly files: ReadonlyMap<string, Parsed>;
  /** Of every environment: what the matrices of the files are made of. */
  readonly legs: readonly Leg[];
}

/** @throws UnknownJobError */
export function declaredJob(place: JobPlace, entry: string, workflows: Workflows): DeclaredJob {
  const names = place.path.split('/');
  const outer = fileOf(entry, workflows);
  if (names.length === 2) {
    const job = jobOf(outer, place.jobId);
    const context: Context = { needs: {}, inputs: {}, matrix: place.matrix };
    return describe({ entry, file: entry, place, job, context, title: names[1] as string, permissions: own(job) });
  }
  const [callerName = '', calleeName = ''] = names;
  const calls = Object.values(outer.data.jobs ?? {}).flatMap((caller) => callsOf(caller, workflows));
  const named = calls.filter(({ callee }) => nameOf(callee) === calleeName);
  // A leg's number is put behind the name where there are several legs.
  const plain = callerName.replace(/-\d+$/, '');
  const exact = named.filter(({ name }) => name === callerName);
  const found = exact.length > 0 ? exact : named.filter(({ name }) => name === plain);
  const [call, ...others] = found;
  if (call === undefined || others.length > 0) {
    throw new UnknownJobError(
      `${entry}: ${found.length} of its jobs could be ${JSON.stringify(place.path)}. ` +
        'Give its jobs names that tell their environments apart.',
    );
  }
  const job = jobOf(call.callee, place.jobId);
  const permissions = lesser(own(call.caller), own(job), `${call.callee.file}, job ${place.jobId}`);
  const title = `${call.name} / ${names.slice(2).join('/')}`;
  return describe({ entry, file: call.callee.file, place, job, context: call.context, title, permissions });
}

interface Call {
  readonly caller: Job;
  readonly callee: Parsed;
  /** With its expressions put in. */
  readonly name: string;
  /** Of the jobs called. */
  readonly context: Context;
}

/** A job that calls a file, once for each leg it could run for. */
function callsOf(caller: Job, workflows: Workflows): readonly Call[] {
  if (caller.uses === undefined) return [];
  const callee = fileOf(caller.uses.replace(/^\.\//, ''), workflows);
  return workflows.legs.map((leg) => {
    const context: Context = { needs: {}, inputs: {}, matrix: { leg } };
    const given = Object.entries(caller.with ?? {}).map(([name, value]) => [name, put(value, context)]);
    return {
      caller,
      callee,
      name: interpolate(caller.name ?? '', context),
      context: { needs: {}, inputs: Object.fromEntries(given) as Record<string, unknown> },
    };
  });
}

const put = (value: unknown, context: Context): unknown =>
  typeof value === 'string' ? interpolate(value, context) : value;

interface Described {
  readonly entry: string;
  readonly file: string;
  readonly place: JobPlace;
  readonly job: Job;
  readonly context: Context;
  readonly title: string;
  readonly permissions: Readonly<Record<string, string>>;
}

function describe({ entry, file, place, job, context, title, permissions }: Described): DeclaredJob {
  const asked = job.environment as string | { readonly name: string } | undefined;
  const text = typeof asked === 'string' ? asked : asked?.name;
  const environment = text === undefined ? undefined : interpolate(text, context);
  if (environment === '') throw new UnknownJobError(`${file}, job ${place.jobId}: its environment has no name here.`);
  return { entry, file, jobId: place.jobId, title: title.replace(/-\d+$/, ''), environment, permissions };
}

/** Every workflow here begins with `permissions: {}`: what a job does not ask for it does not have. */
function own(job: Job): Readonly<Record<string, string>> {
  return typeof job.permissions === 'object' ? job.permissions : {};
}

const LEVELS = ['none', 'read', 'write'];

/**
 * A called job may keep or lose what its caller has, never gain.
 * Source: https://docs.github.com/en/actions/reference/workflows-and-actions/reusing-workflow-configurations
 */
function lesser(
  caller: Readonly<Record<string, string>>,
  called: Readonly<Record<string, string>>,
  where: string,
): Readonly<Record<string, string>> {
  for (const [name, level] of Object.entries(called)) {
    if (LEVELS.indexOf(level) > LEVELS.indexOf(caller[name] ?? 'none')) {
      throw new UnknownJobError(
        `${where} asks for ${name}: ${level}, and its caller has ${caller[name] ?? 'none'}: GitHub refuses the run.`,
      );
    }
  }
  return called;
}

function fileOf(file: string, { files }: Workflows): Parsed {
  const found = files.get(file);
  if (found === undefined) throw new UnknownJobError(`There is no ${file}.`);
  return found;
}

function jobOf(file: Parsed, id: string): Job {
  const job = file.data.jobs?.[id];
  if (job === undefined) throw new UnknownJobError(`${file.file} has no job ${id}.`);
  return job;
}

const nameOf = ({ data }: Parsed): string => (data as { readonly name?: string }).name ?? '';
