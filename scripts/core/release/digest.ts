/**
 * What identifies a release: SHA-256 over its sorted files. Pure; nothing in it depends on time, path or user.
 */
import { createHash } from 'node:crypto';

export interface FileHash {
  /** From the release's root, with forward slashes: `dev/trading-vpc-dev.template.json`. */
  readonly path: string;
  /** Of the file's bytes, hex. */
  readonly sha256: string;
}

/**
 * Left out of every digest: the release's own description, and what the CDK toolkit writes beside an assembly while it
 * works with it. Only at those places: a file of that name inside an asset counts.
 */
const EXCLUDED: readonly RegExp[] = [/^release\.json$/, /^([^/]+\/)?\.cache\//, /^([^/]+\/)?[^/]+\.lock$/];

export const countsForDigest = (path: string): boolean => !EXCLUDED.some((pattern) => pattern.test(path));

/**
 * The digest of a set of files: SHA-256 over lines `<sha256>  <path>`, sorted by path in byte order. That is what
 * `sha256sum` prints, so a person can compute it too.
 */
export function digestFiles(files: readonly FileHash[]): string {
  const lines = [...files].sort(byPath).map(({ path, sha256 }) => `${sha256}  ${path}\n`);
  return createHash('sha256').update(lines.join('')).digest('hex');
}

/** Code units, not a locale: the order must not depend on the machine. */
export const byPath = (a: FileHash, b: FileHash): number => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0);

/** The files of one environment, with paths from its own folder. */
export function filesOf(environment: string, files: readonly FileHash[]): readonly FileHash[] {
  const prefix = `${environment}/`;
  return files
    .filter(({ path }) => path.startsWith(prefix))
    .map(({ path, sha256 }) => ({ path: path.slice(prefix.length), sha256 }));
}

/** What stands on disk beside what a release lists. All three empty: they are the same. */
export interface Difference {
  readonly changed: readonly string[];
  readonly missing: readonly string[];
  readonly added: readonly string[];
}

export function compareFiles(listed: readonly FileHash[], found: readonly FileHash[]): Difference {
  const onDisk = new Map(found.map(({ path, sha256 }) => [path, sha256]));
  const inList = new Set(listed.map(({ path }) => path));
  return {
    changed: listed
      .filter(({ path, sha256 }) => onDisk.has(path) && onDisk.get(path) !== sha256)
      .map(({ path }) => path),
    missing: listed.filter(({ path }) => !onDisk.has(path)).map(({ path }) => path),
    added: found.filter(({ path }) => !inList.has(path)).map(({ path }) => path),
  };
}
