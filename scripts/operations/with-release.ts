/**
 * The release a command works with, in a private folder for as long as it is needed: made of the working tree, read from a
 * folder, or fetched from a release store. Private, so that what was verified stays what is deployed and stored, whatever
 * another synth does to `cdk.out` meanwhile.
 */
import { constants } from 'node:fs';
import { cp, mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative, resolve, sep } from 'node:path';
import type { EnvironmentConfig } from '../../environments/environment-config.ts';
import { NoReleaseError, RELEASE_FILE, readRelease, verifyRelease } from '../adapters/release/release-directory.ts';
import { findStoredReleases, type ReleaseStore } from '../adapters/release-store/store.ts';
import { EXIT, GitOpsError, UsageError } from '../core/errors.ts';
import type { Reporter } from '../core/progress.ts';
import { countsForDigest } from '../core/release/digest.ts';
import { releaseLabel } from '../core/release/release.ts';
import { type ReleaseOnDisk, withFetchedRelease } from './fetched-release.ts';
import type { MadeRelease, MakeReleaseInput } from './make-release.ts';

/** Enough of an id to be sure which release is meant. */
const ID = /^[0-9a-f]{7,64}$/;

export interface WithReleaseInput {
  /** The repository's root. */
  readonly root: string;
  /** `--release`: a folder or the first digits of an id. Undefined: the release of the working tree is made first. */
  readonly wanted: string | undefined;
  /** All environments: what a release is made for. */
  readonly environments: readonly EnvironmentConfig[];
  readonly signal?: AbortSignal;
}

export interface WithReleaseDependencies {
  readonly makeRelease: (input: MakeReleaseInput) => Promise<MadeRelease>;
  /** Where an id is looked for, in that order, when `cdk.out` is not it. */
  readonly openStores: () => Promise<readonly ReleaseStore[]>;
  readonly reporter: Reporter;
}

/** Thrown when no store within reach has a release of that id. Exit 1. */
export class ReleaseNotFoundError extends GitOpsError {
  constructor(id: string) {
    super(
      `No release ${id} in cdk.out or in the stores within reach. See npm run status -- --history, or make one: npm run synth`,
      { code: 'RELEASE_NOT_FOUND', source: 'user', exitCode: EXIT.failed },
    );
  }
}

/**
 * Verified as a whole before `use` sees it; gone when `use` ends.
 * @throws SynthFailedError, NoReleaseError, ReleaseMismatchError, ReleaseNotFoundError, ArchiveCorruptError, UsageError
 */
export async function withRelease<T>(
  input: WithReleaseInput,
  deps: WithReleaseDependencies,
  use: (release: ReleaseOnDisk) => Promise<T>,
): Promise<T> {
  const { root, wanted } = input;
  const made = resolve(root, 'cdk.out');
  if (wanted === undefined) {
    await make(made, input, deps);
    return await withCopy(made, use);
  }
  const folder = resolve(root, wanted);
  if (!ID.test(wanted) || (await isFolder(folder))) return await withCopy(folder, use);
  if ((await idOf(made))?.startsWith(wanted)) return await withCopy(made, use);
  for (const store of await deps.openStores()) {
    const [id, ...others] = await findStoredReleases(store, wanted);
    if (others.length > 0) throw new UsageError(`--release ${wanted} stands for several releases: give more digits.`);
    if (id !== undefined) return await withFetchedRelease(store, id, use);
  }
  throw new ReleaseNotFoundError(wanted);
}

async function make(
  folder: string,
  { root, environments, signal }: WithReleaseInput,
  { makeRelease, reporter }: WithReleaseDependencies,
): Promise<void> {
  const task = reporter.task('making the release of the working tree');
  try {
    const { release } = await makeRelease({ root, folder, environments, signal });
    task.done(releaseLabel(release));
  } catch (error) {
    task.fail('no release was made');
    throw error;
  }
}

async function withCopy<T>(folder: string, use: (release: ReleaseOnDisk) => Promise<T>): Promise<T> {
  // Where there is none, that is said of the folder a person knows.
  await readRelease(folder);
  const parent = await mkdtemp(join(tmpdir(), 'gitops-release-'));
  try {
    const copy = join(parent, 'release');
    await cp(folder, copy, { recursive: true, mode: constants.COPYFILE_FICLONE, filter: partOf(folder) });
    const release = await readRelease(copy);
    await verifyRelease(copy, release);
    return await use({ release, folder: copy });
  } finally {
    await rm(parent, { recursive: true, force: true });
  }
}

const partOf =
  (folder: string) =>
  (path: string): boolean => {
    const inside = relative(folder, path).split(sep).join('/');
    return inside === RELEASE_FILE || (countsForDigest(inside) && countsForDigest(`${inside}/`));
  };

async function idOf(folder: string): Promise<string | undefined> {
  try {
    return (await readRelease(folder)).id;
  } catch (error) {
    if (error instanceof NoReleaseError) return undefined;
    throw error;
  }
}

async function isFolder(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw error;
  }
}
