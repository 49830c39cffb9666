/** Reads the plans that the jobs of the environments left in a folder. */
import { readdir, readFile } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import type { PlanFile } from '../../core/plan/gather-plans.ts';

/**
 * Every `.json` below the folder, by path. Plans come from the code of the pull request: a link among them could point
 * at anything on this machine, and the comment would show it; links are not followed.
 * @returns undefined when there is no such folder
 */
export async function readPlanFiles(folder: string): Promise<PlanFile[] | undefined> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  });
  if (entries === undefined) return undefined;
  const paths = entries
    .filter((entry) => entry.isFile() && entry.name.endsWith('.json'))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
  return await Promise.all(
    paths.map(async (path) => ({
      path: relative(folder, path).split(sep).join('/'),
      text: await readFile(path, 'utf8'),
    })),
  );
}
