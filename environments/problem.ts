/**
 * What is wrong with a configuration, and the one error that carries all of it. Pure.
 */

/** Keys and indexes from the root of a file: `['network', 'availabilityZones', 2]`. */
export type Path = readonly (string | number)[];

/** A place in a text, both from 1. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** Something wrong in one file. The empty path is the whole file. */
export interface Finding {
  readonly path: Path;
  /** What stands there, in words. */
  readonly found: string;
  /** What may stand there, and what to change. */
  readonly allowed: string;
  /** Where it is, when the path alone does not say: a syntax error. */
  readonly at?: Position;
}

/** A Finding as people and machines get it. */
export interface Problem {
  /** As one would open it from the working directory: `environments/dev.json`. */
  readonly file: string;
  /** `network.availabilityZones[2]`; empty for the whole file. */
  readonly path: string;
  readonly found: string;
  readonly allowed: string;
  readonly line?: number;
  readonly column?: number;
}

const LONGEST_VALUE = 80;

/** A value as it stands in JSON, cut when long. */
export function show(value: unknown): string {
  if (value === undefined) return 'nothing';
  // JSON.stringify writes Infinity, which 1e999 becomes, as null.
  const text = typeof value === 'number' ? String(value) : JSON.stringify(value);
  return text.length > LONGEST_VALUE ? `${text.slice(0, LONGEST_VALUE)}…` : text;
}

/** `['windows', 0, 'from']` → `windows[0].from` */
export function formatPath(path: Path): string {
  return path.map((step, index) => (typeof step === 'number' ? `[${step}]` : index === 0 ? step : `.${step}`)).join('');
}

/** Puts a finding into its file; `at` is where the path leads in the text, if it is known. */
export function toProblem(file: string, finding: Finding, at: Position | undefined = finding.at): Problem {
  const { path, found, allowed } = finding;
  return { file, path: formatPath(path), found, allowed, ...(at && { line: at.line, column: at.column }) };
}

/** One line per problem: file with line and column, path, found, allowed. */
export function renderProblems(problems: readonly Problem[]): string {
  const files = new Set(problems.map(({ file }) => file)).size;
  const head = `The configuration is wrong: ${count(problems.length, 'problem')} in ${count(files, 'file')}.`;
  return [head, ...problems.map(renderProblem)].join('\n');
}

function renderProblem({ file, path, found, allowed, line, column }: Problem): string {
  const place = line === undefined ? file : `${file}:${line}:${column}`;
  return `  ${place}  ${path === '' ? '' : `${path}: `}found ${found}; allowed: ${allowed}`;
}

const count = (number: number, noun: string): string => `${number} ${noun}${number === 1 ? '' : 's'}`;

/**
 * Thrown when environments can't be used as they are written, with every problem of every file. Exit 2, no stack.
 * It carries the facts of `GitOpsError` without being one: this folder imports nothing of `scripts`.
 */
export class ConfigurationError extends Error {
  readonly code = 'CONFIG_INVALID';
  readonly source = 'user';
  readonly exitCode = 2;
  readonly problems: readonly Problem[];

  constructor(problems: readonly Problem[]) {
    super(renderProblems(problems));
    this.name = 'ConfigurationError';
    this.problems = problems;
  }
}
