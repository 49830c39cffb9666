/**
 * The files of `.github`, read as data and as text: what rules look at, and what mutations change.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { isMap, isScalar, LineCounter, parseDocument } from 'yaml';

export const ROOT = resolve(import.meta.dirname, '../../..');

/** Path from the root, with forward slashes → text. */
export type WorkflowFiles = ReadonlyMap<string, string>;

export interface Finding {
  readonly file: string;
  readonly rule: string;
  readonly message: string;
}

/** Workflows and composite actions as they are in the repository. @param root of it, or of a clone */
export function readWorkflowFiles(root: string = ROOT): WorkflowFiles {
  const names = readdirSync(join(root, '.github'), { recursive: true, encoding: 'utf8' });
  const files = names.map((name) => `.github/${name.replaceAll('\\', '/')}`).filter(isWorkflowFile);
  return new Map(files.sort().map((file) => [file, readFileSync(join(root, file), 'utf8')]));
}

const isWorkflowFile = (file: string): boolean => isWorkflow(file) || isAction(file);
export const isWorkflow = (file: string): boolean => /^\.github\/workflows\/[^/]+\.ya?ml$/.test(file);
export const isAction = (file: string): boolean => /^\.github\/actions\/.+\/action\.ya?ml$/.test(file);

export interface Step {
  readonly name?: string;
  readonly id?: string;
  readonly if?: string;
  readonly uses?: string;
  readonly run?: string;
  readonly with?: Readonly<Record<string, unknown>>;
  readonly env?: Readonly<Record<string, string>>;
}

export interface Input {
  readonly required?: boolean;
  readonly default?: unknown;
}

export interface Job {
  readonly name?: string;
  readonly needs?: string | readonly string[];
  readonly if?: string;
  readonly permissions?: Readonly<Record<string, string>> | string;
  readonly 'runs-on'?: string;
  readonly 'timeout-minutes'?: number;
  readonly environment?: unknown;
  readonly concurrency?: unknown;
  readonly strategy?: { readonly 'fail-fast'?: boolean; readonly matrix?: unknown };
  readonly outputs?: Readonly<Record<string, string>>;
  readonly steps?: readonly Step[];
  readonly uses?: string;
  readonly with?: Readonly<Record<string, unknown>>;
  readonly secrets?: unknown;
}

export interface Workflow {
  readonly on?: Readonly<Record<string, { readonly inputs?: Readonly<Record<string, Input>> } | null>>;
  readonly permissions?: unknown;
  readonly concurrency?: unknown;
  readonly jobs?: Readonly<Record<string, Job>>;
  /** Of a composite action. */
  readonly inputs?: Readonly<Record<string, Input>>;
  readonly runs?: { readonly steps?: readonly Step[] };
}

export interface Parsed {
  readonly file: string;
  readonly text: string;
  readonly data: Workflow;
  /** What stands behind the value at this path, on its line; empty where nothing does. */
  readonly commentAt: (path: readonly (string | number)[]) => string;
}

/** @throws YAMLParseError */
export function parseWorkflow(file: string, text: string): Parsed {
  const document = parseDocument(text, { lineCounter: new LineCounter() });
  for (const error of document.errors) throw error;
  return {
    file,
    text,
    data: document.toJS() as Workflow,
    commentAt: (path) => {
      const node = document.getIn(path, true);
      return isScalar(node) || isMap(node) ? (node.comment ?? '').trim() : '';
    },
  };
}

/** Jobs of a workflow; the steps of a composite action are the one job it is part of. */
export const jobsOf = ({ data }: Parsed): readonly (readonly [id: string, job: Job])[] =>
  Object.entries(data.jobs ?? (data.runs ? { action: { steps: data.runs.steps ?? [] } } : {}));

/** Where the steps of a job stand in its file. */
export const stepsPath = ({ file }: Parsed, job: string): readonly string[] =>
  isAction(file) ? ['runs', 'steps'] : ['jobs', job, 'steps'];
