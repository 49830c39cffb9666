/**
 * Packages that are installed on this machine, taken for those of a job: where both lock files are the same, `npm ci`
 * would make the same folder.
 */
import { mkdir, readdir, readFile, rm, symlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';

const ofPackage = z.object({
  dependencies: z.record(z.string(), z.string()).optional(),
  devDependencies: z.record(z.string(), z.string()).optional(),
  optionalDependencies: z.record(z.string(), z.string()).optional(),
  peerDependencies: z.record(z.string(), z.string()).optional(),
});
const ofLock = z.object({ packages: z.record(z.string(), z.unknown()) });

/** @returns why they are not those of the project; undefined where they are */
export async function lacksOfInstalled(project: string, installed: string): Promise<string | undefined> {
  const [manifest, lock, theirs, there] = await Promise.all([
    text(join(project, 'package.json')),
    text(join(project, 'package-lock.json')),
    text(join(dirname(installed), 'package-lock.json')),
    // npm writes it last: without it the folder is not whole.
    text(join(installed, '.package-lock.json')),
  ]);
  if (manifest === undefined || lock === undefined) return 'There is no package.json or no package-lock.json';
  if (there === undefined) return 'No packages are installed';
  if (lock !== theirs) return 'package-lock.json is not the one of the installed packages';
  const locked = ofLock.safeParse(json(lock)).data?.packages[''];
  // npm ci refuses a lock file that package.json has gone on without: it is to do so here too.
  if (!isDeepStrictEqual(ofPackage.safeParse(json(manifest)).data, ofPackage.safeParse(locked).data)) {
    return 'package.json asks for other packages than package-lock.json';
  }
  return undefined;
}

/**
 * A folder with a link for each package: git ignores folders named node_modules, and would not ignore a link.
 * @returns how many
 */
export async function linkPackages(project: string, installed: string): Promise<number> {
  const folder = join(project, 'node_modules');
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  const names = (await readdir(installed)).filter((name) => name !== '.cache');
  await Promise.all(names.map((name) => symlink(join(installed, name), join(folder, name))));
  return names.filter((name) => !name.startsWith('.')).length;
}

async function text(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

function json(content: string): unknown {
  try {
    return JSON.parse(content);
  } catch {
    return undefined;
  }
}
