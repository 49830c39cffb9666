/**
 * Which files a path means, and how they are called in the artifact: with the globber of the action itself.
 *
 * Source: README.md and src/shared/search.ts of actions/upload-artifact v7.
 */
import { stat } from 'node:fs/promises';
import { dirname, isAbsolute, join, relative, sep } from 'node:path';
import { create } from '@actions/glob';

export interface FoundFiles {
  /** Path in the artifact, with forward slashes → the file. */
  readonly files: ReadonlyMap<string, string>;
  /** The folder the paths begin at. */
  readonly root: string;
}

/** Relative paths begin at the working directory. Folders without files are left out. */
export async function findFiles(path: string, includeHidden: boolean): Promise<FoundFiles> {
  const globber = await create(path, {
    followSymbolicLinks: true,
    implicitDescendants: true,
    omitBrokenSymbolicLinks: true,
    excludeHiddenFiles: !includeHidden,
  });
  const found = await globber.glob();
  const isFile = await Promise.all(found.map(async (file) => !(await stat(file)).isDirectory()));
  const files = found.filter((_, index) => isFile[index]).sort();
  const root = rootOf(globber.getSearchPaths(), files);
  return { root, files: new Map(files.map((file) => [relative(root, file).split(sep).join('/'), file])) };
}

/**
 * Where the paths in the artifact begin: at the one folder that was searched; at the deepest folder above all of them
 * where there are several; and a single file named as such is called by its last name.
 */
export function rootOf(searched: readonly string[], files: readonly string[]): string {
  const [first = '', ...others] = searched;
  if (others.length > 0) return commonAncestor(searched);
  return files.length === 1 && files[0] === first ? dirname(first) : first;
}

function commonAncestor(paths: readonly string[]): string {
  const [first = [], ...others] = paths.map((path) => path.split(sep));
  const differs = first.findIndex((part, index) => others.some((parts) => parts[index] !== part));
  const common = first.slice(0, differs === -1 ? first.length : differs).join(sep);
  return isAbsolute(common) ? common : join(sep, common);
}
