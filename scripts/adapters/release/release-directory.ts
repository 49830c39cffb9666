/**
 * A release on disk: `<folder>/release.json` and `<folder>/<environment>/…`.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { EXIT, GitOpsError } from '../../core/errors.ts';
import { compareFiles, type Difference } from '../../core/release/digest.ts';
import { parseRelease, type Release, shortId } from '../../core/release/release.ts';
import { hashDirectory } from './hash-directory.ts';

export const RELEASE_FILE = 'release.json';

/** Files named in a message; the rest is counted. */
const NAMED = 10;

/** Thrown when a folder holds no release. */
export class NoReleaseError extends GitOpsError {
  constructor(folder: string, cause: unknown) {
    super(`There is no release in ${folder}. Make one with: npm run synth`, {
      code: 'NO_RELEASE',
      source: 'user',
      exitCode: EXIT.usage,
      cause,
    });
  }
}

/** Thrown when the files of a release are not those its `release.json` lists. Nothing was deployed. */
export class ReleaseMismatchError extends GitOpsError {
  readonly difference: Difference;

  constructor(folder: string, release: Release, difference: Difference) {
    const files = (['changed', 'missing', 'added'] as const).flatMap((kind) =>
      difference[kind].map((path) => `  ${kind}: ${path}`),
    );
    const more = files.length > NAMED ? [`  and ${files.length - NAMED} more`] : [];
    super(
      `${folder} is not release ${shortId(release.id)} as it was made:\n${[...files.slice(0, NAMED), ...more].join('\n')}\n` +
        'Nothing was touched. Make a new release with: npm run synth',
      { code: 'RELEASE_MISMATCH', source: 'user', exitCode: EXIT.failed },
    );
    this.difference = difference;
  }
}

/** @throws NoReleaseError, ReleaseUnreadableError */
export async function readRelease(folder: string): Promise<Release> {
  const file = join(folder, RELEASE_FILE);
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) {
      throw new NoReleaseError(folder, error);
    }
    throw error;
  }
  return parseRelease(text, file);
}

export async function writeRelease(folder: string, release: Release): Promise<void> {
  await writeFile(join(folder, RELEASE_FILE), `${JSON.stringify(release, null, 2)}\n`);
}

/**
 * Compares the files on disk with those the release lists.
 * @param environment only this one's files; all when absent
 * @throws ReleaseMismatchError naming the files that differ
 */
export async function verifyRelease(folder: string, release: Release, environment?: string): Promise<void> {
  const listed = release.files.filter(({ path }) => environment === undefined || path.startsWith(`${environment}/`));
  const difference = compareFiles(listed, await hashDirectory(folder, environment));
  if (difference.changed.length + difference.missing.length + difference.added.length > 0) {
    throw new ReleaseMismatchError(folder, release, difference);
  }
}
