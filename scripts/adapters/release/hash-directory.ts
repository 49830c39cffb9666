/**
 * Hashes the files of a release on disk.
 */
import { createHash } from 'node:crypto';
import type { Dirent } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { EXIT, GitOpsError } from '../../core/errors.ts';
import { byPath, countsForDigest, type FileHash } from '../../core/release/digest.ts';

/** Files read at once: enough to keep two cores busy, few enough for memory. */
const AT_ONCE = 16;

/** Thrown for what a release can't hold: links and devices have no content of their own to vouch for. */
export class NotARegularFileError extends GitOpsError {
  constructor(path: string) {
    super(`${path} is no regular file. A release holds files and folders only.`, {
      code: 'NOT_A_REGULAR_FILE',
      source: 'user',
      exitCode: EXIT.failed,
    });
  }
}

/**
 * Every file that counts for the digest, sorted by path from `root`.
 * @param folder only files below this folder of it; all when empty
 * @throws NotARegularFileError
 */
export async function hashDirectory(root: string, folder = ''): Promise<readonly FileHash[]> {
  const hashes: FileHash[] = [];
  const queue = (await listFiles(root, folder)).filter(countsForDigest).values();
  const worker = async (): Promise<void> => {
    for (const path of queue) {
      const content = await readFile(join(root, path));
      hashes.push({ path, sha256: createHash('sha256').update(content).digest('hex') });
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return hashes.sort(byPath);
}

/** Paths from `root`, with forward slashes. A folder that is absent has no files. */
async function listFiles(root: string, folder: string): Promise<string[]> {
  let entries: Dirent[];
  try {
    entries = await readdir(join(root, folder), { recursive: true, withFileTypes: true });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
  return entries
    .filter((entry) => !entry.isDirectory())
    .map((entry) => {
      const file = join(entry.parentPath, entry.name);
      if (!entry.isFile()) throw new NotARegularFileError(file);
      return relative(root, file).split(sep).join('/');
    });
}
