/**
 * What act says, line by line, as events. Pure.
 *
 * act writes one JSON object a line with `--json`; its fields are not documented, so each one that is relied on here is
 * held by a test on lines of the pinned version.
 */
import { z } from 'zod';

/** Where an event comes from. */
export interface JobPlace {
  /** Names from the run down, `Promote/Build the release`, or `Wave 1: dev-1/Deploy/Deploy and validate`. */
  readonly path: string;
  /** Key under `jobs` in its file. */
  readonly jobId: string;
  /** The leg of the job's own matrix; empty where it has none. */
  readonly matrix: Readonly<Record<string, unknown>>;
}

export type JobResult = 'success' | 'failure' | 'skipped' | 'cancelled';

export type ActEvent =
  | { readonly type: 'said'; readonly job: JobPlace; readonly step: string; readonly text: string }
  | { readonly type: 'step'; readonly job: JobPlace; readonly step: string; readonly result: string }
  | { readonly type: 'output'; readonly job: JobPlace; readonly name: string; readonly value: string }
  | { readonly type: 'summary'; readonly job: JobPlace; readonly markdown: string }
  | {
      readonly type: 'annotation';
      readonly job: JobPlace;
      readonly level: 'error' | 'warning' | 'notice';
      readonly title?: string;
      readonly text: string;
    }
  | { readonly type: 'job'; readonly job: JobPlace; readonly result: JobResult }
  /** What act says of itself: what it could not read, why it stopped. */
  | { readonly type: 'act'; readonly text: string };

const line = z.object({
  level: z.string(),
  msg: z.string(),
  job: z.string().optional(),
  jobID: z.string().optional(),
  matrix: z.record(z.string(), z.unknown()).nullish(),
  step: z.string().optional(),
  stage: z.string().optional(),
  stepResult: z.string().optional(),
  jobResult: z.enum(['success', 'failure', 'skipped', 'cancelled']).optional(),
  raw_output: z.boolean().optional(),
  command: z.string().optional(),
  name: z.string().optional(),
  arg: z.string().optional(),
  content: z.string().optional(),
  raw: z.string().optional(),
});

/** @returns the event a line tells of; undefined for what is of no interest here */
export function readLine(text: string): ActEvent | undefined {
  if (text.trim() === '') return undefined;
  const read = line.safeParse(parse(text));
  if (!read.success) return { type: 'act', text: text.trim() };
  const { level, msg, job: path, jobID: jobId, matrix, step, ...rest } = read.data;
  if (path === undefined || jobId === undefined) {
    return level === 'error' || level === 'fatal' ? { type: 'act', text: msg } : undefined;
  }
  // Names are padded to one width.
  const job: JobPlace = { path: path.trim(), jobId, matrix: matrix ?? {} };
  if (rest.jobResult !== undefined) return { type: 'job', job, result: rest.jobResult };
  if (rest.raw_output) return { type: 'said', job, step: step ?? '', text: msg.replace(/\n$/, '') };
  if (rest.command === 'set-output' && rest.name !== undefined) {
    return { type: 'output', job, name: rest.name, value: rest.arg ?? '' };
  }
  if (rest.command === 'summary') return { type: 'summary', job, markdown: rest.content ?? '' };
  const annotation = rest.raw === undefined ? undefined : readAnnotation(rest.raw);
  if (annotation !== undefined) return { type: 'annotation', job, ...annotation };
  if (rest.stepResult !== undefined && rest.stage === 'Main') {
    return { type: 'step', job, step: step ?? '', result: rest.stepResult };
  }
  return undefined;
}

type Annotation = Omit<Extract<ActEvent, { type: 'annotation' }>, 'type' | 'job'>;

/**
 * `::error title=Promote::dev failed`, as the step wrote it. act's own reading ends the command at the last `::`, and the
 * name of an AWS resource holds one.
 * Source: https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands
 */
function readAnnotation(raw: string): Annotation | undefined {
  const match = /^::(error|warning|notice)(?: (.*?))?::(.*)$/s.exec(raw.trimEnd());
  if (match === null) return undefined;
  const [, level = '', properties = '', text = ''] = match;
  const title = /(?:^|,)title=([^,]*)/.exec(properties)?.[1];
  return {
    level: level as Annotation['level'],
    text: unescapeCommand(text),
    ...(title && { title: unescapeCommand(title) }),
  };
}

const ESCAPES: Readonly<Record<string, string>> = { '%0D': '\r', '%0A': '\n', '%3A': ':', '%2C': ',', '%25': '%' };
const unescapeCommand = (text: string): string =>
  text.replaceAll(/%(?:0D|0A|3A|2C|25)/g, (code) => ESCAPES[code] ?? code);

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
