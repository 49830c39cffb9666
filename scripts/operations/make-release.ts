/**
 * Makes a release of the working tree: synthesizes every environment in one process, describes the result, and puts it
 * into place only when all of it succeeded.
 */
import { mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { EnvironmentConfig } from '../../environments/environment-config.ts';
import { readStacks } from '../adapters/cdk-app/assembly.ts';
import { synthesize } from '../adapters/cdk-app/synthesize.ts';
import { describeCommit } from '../adapters/release/git.ts';
import { hashDirectory } from '../adapters/release/hash-directory.ts';
import { writeRelease } from '../adapters/release/release-directory.ts';
import { readToolchain } from '../adapters/release/toolchain.ts';
import { describeRelease, type Release } from '../core/release/release.ts';

export interface MakeReleaseInput {
  /** The repository's root. */
  readonly root: string;
  /** Where the release goes; an earlier one there is replaced. */
  readonly folder: string;
  /** Every environment: a release always holds all. */
  readonly environments: readonly EnvironmentConfig[];
  readonly signal?: AbortSignal;
}

export interface Dependencies {
  readonly synthesize: typeof synthesize;
  readonly describeCommit: typeof describeCommit;
  readonly readToolchain: typeof readToolchain;
  readonly now: () => Date;
}

export const defaultDependencies: Dependencies = { synthesize, describeCommit, readToolchain, now: () => new Date() };

export interface MadeRelease {
  readonly release: Release;
  /** What the CDK said besides. Empty when nothing. */
  readonly notes: string;
}

/**
 * Failing or interrupted, it leaves the earlier release as it was.
 * @throws SynthFailedError, NoAssemblyError
 */
export async function makeRelease(
  input: MakeReleaseInput,
  deps: Dependencies = defaultDependencies,
): Promise<MadeRelease> {
  const { root, folder, environments, signal } = input;
  const [commit, toolchain, staging] = await Promise.all([
    deps.describeCommit(root),
    deps.readToolchain(root),
    makeStaging(folder),
  ]);
  try {
    const notes = await deps.synthesize({ root, outdir: staging, context: { env: 'all' }, signal });
    const facts = environments.map(async ({ name, account, region, stage }) => {
      const stacks = await readStacks(join(staging, name));
      return { name, account, region, stage, stacks: stacks.map((stack) => stack.name) };
    });
    const release = describeRelease({
      ...commit,
      toolchain,
      createdAt: deps.now(),
      environments: await Promise.all(facts),
      files: await hashDirectory(staging),
    });
    await writeRelease(staging, release);
    signal?.throwIfAborted();
    await putInPlace(staging, folder);
    return { release, notes };
  } finally {
    await rm(staging, { recursive: true, force: true });
  }
}

const stagingPrefix = (folder: string): string => `${folder}.making-`;

/**
 * A folder beside the release, so that moving it into place is a rename. What a killed synth left behind is removed:
 * its process no longer exists.
 */
async function makeStaging(folder: string): Promise<string> {
  const parent = dirname(folder);
  await mkdir(parent, { recursive: true });
  const prefix = stagingPrefix(folder);
  for (const name of await readdir(parent)) {
    const path = join(parent, name);
    if (path.startsWith(prefix) && !isAlive(Number.parseInt(path.slice(prefix.length), 10))) {
      await rm(path, { recursive: true, force: true });
    }
  }
  return await mkdtemp(`${prefix}${process.pid}-`);
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Two renames: a folder that is not empty can't be replaced by one. A failed second one brings the earlier back. */
async function putInPlace(staging: string, folder: string): Promise<void> {
  const earlier = `${staging}-earlier`;
  const hadEarlier = await rename(folder, earlier).then(
    () => true,
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return false;
      throw error;
    },
  );
  try {
    await rename(staging, folder);
  } catch (error) {
    if (hadEarlier) await rename(earlier, folder);
    throw error;
  }
  if (hadEarlier) await rm(earlier, { recursive: true, force: true });
}
