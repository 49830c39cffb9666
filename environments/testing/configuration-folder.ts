/** A folder of environment files to load: the shipped ones, changed as a test wants. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { loadEnvironments } from '../load.ts';
import { ConfigurationError, type Path, type Problem } from '../problem.ts';

const shippedFolder = path.dirname(import.meta.dirname);

/** The shipped JSON as it stands, `$schema` included; each call gives its own copy. */
export function shipped(name: 'dev' | 'staging' | 'prod'): Record<string, unknown> {
  return JSON.parse(readFileSync(path.join(shippedFolder, `${name}.json`), 'utf8'));
}

/** File name without `.json` → what it holds: an object to be written as JSON, or the very text. */
export type Files = Readonly<Record<string, unknown>>;

export const shippedFiles = (): Files => ({ dev: shipped('dev'), staging: shipped('staging'), prod: shipped('prod') });

/** Runs `use` on a folder with these files and removes it afterwards. */
export function withFolder<T>(files: Files, use: (folder: string) => T): T {
  const folder = mkdtempSync(path.join(tmpdir(), 'environments-'));
  try {
    for (const [name, content] of Object.entries(files)) {
      const bytes =
        typeof content === 'string' || Buffer.isBuffer(content) ? content : JSON.stringify(content, null, 2);
      writeFileSync(path.join(folder, `${name}.json`), bytes);
    }
    return use(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

export type Variables = Readonly<Record<string, string>>;

/** All problems of these files with `file` cut to the file's name; empty when they load. Any other error is thrown on. */
export function problemsOf(files: Files, variables: Variables = {}): Problem[] {
  return withFolder(files, (folder) => {
    try {
      loadEnvironments({ folder, variables });
      return [];
    } catch (error) {
      if (!(error instanceof ConfigurationError)) throw error;
      return error.problems.map((problem) => ({ ...problem, file: path.basename(problem.file) }));
    }
  });
}

/** `dev.json network.cidr`, for comparing lists at a glance. */
export const places = (problems: readonly Problem[]): string[] =>
  problems.map(({ file, path: inside }) => `${file} ${inside}`.trim());

/** As a new value: the key is taken away. */
export const MISSING = Symbol('missing');

/** A copy of `root` with another value at `path`; the way to it must exist. */
export function changed<T extends object>(root: T, at: Path, value: unknown): T {
  const copy = structuredClone(root);
  let parent: Record<string | number, unknown> = copy as Record<string | number, unknown>;
  for (const step of at.slice(0, -1)) parent = parent[step] as Record<string | number, unknown>;
  const last = at.at(-1) ?? '';
  if (value === MISSING) delete parent[last];
  else parent[last] = value;
  return copy;
}
