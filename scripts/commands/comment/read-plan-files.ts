/** Reads the plans that the jobs of the environments left in a folder. */
import { readdir, readFile } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { UsageError } from '../../core/errors.ts';
import type { PlanFile } from '../../core/plan/gather-plans.ts';

/**
 * Every `.json` below the folder, by path. Plans come from the code of the pull request: a link among them could point
 * at anything on this machine, and the comment would show it; links are not followed.
 * @throws UsageError when there is no such folder
 */
export async function readPlanFiles(folder: string): Promise<PlanFile[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch((cause: unknown) => {
    throw new UsageError(`No folder ${folder} with plans: npm run diff -- --json > ${join(folder, 'dev.json')}`, cause);
  });
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
