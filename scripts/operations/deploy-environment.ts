/**
 * Deploys one environment of a release: takes a private copy of its assembly, checks the copy against the release, and
 * deploys that. What was checked is then what is deployed, whatever happens to the folder meanwhile; and the toolkit's
 * caches and locks never reach the release.
 */

import { constants } from 'node:fs';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative, sep } from 'node:path';
import { verifyRelease } from '../adapters/release/release-directory.ts';
import type { Target } from '../adapters/target.ts';
import type { ToolkitOptions } from '../adapters/toolkit/toolkit.ts';
import { type StackResult, succeeded } from '../core/deployment/stack-result.ts';
import { EXIT, GitOpsError } from '../core/errors.ts';
import type { Task } from '../core/progress.ts';
import { countsForDigest } from '../core/release/digest.ts';
import { type Release, type ReleasedEnvironment, releaseLabel, shortId } from '../core/release/release.ts';

export interface DeployEnvironmentInput {
  readonly release: Release;
  /** Where the release is on disk. */
  readonly folder: string;
  readonly target: Target;
  readonly task: Task;
  /** Takes what the toolkit warns of. */
  readonly warn: (text: string) => void;
  readonly signal?: AbortSignal;
}

export interface Dependencies {
  /** The toolkit of the target: kept by the caller, who closes it, when it deploys to the target again. */
  readonly toolkit: { deploy(assembly: string, options: ToolkitOptions): Promise<readonly StackResult[]> };
}

export interface DeployedEnvironment {
  readonly environment: string;
  readonly releaseId: string;
  /** Of the environment's files, verified before anything was touched. */
  readonly digest: string;
  /** Every stack of the release, in deploy order. */
  readonly stacks: readonly StackResult[];
  /** True when every stack is as the release says. */
  readonly ok: boolean;
  readonly seconds: number;
}

/** Thrown when a release does not fit where it is to go. Nothing was touched. */
export class ReleaseDoesNotFitError extends GitOpsError {
  constructor(message: string) {
    super(message, { code: 'RELEASE_DOES_NOT_FIT', source: 'user', exitCode: EXIT.failed });
  }
}

/**
 * Failed stacks are part of the result, with CloudFormation's reason; nothing is rolled back here.
 * @throws ReleaseDoesNotFitError, DirtyReleaseError, ReleaseMismatchError before anything is touched; ToolkitRefusedError
 */
export async function deployEnvironment(
  { release, folder, target, task, warn, signal }: DeployEnvironmentInput,
  { toolkit }: Dependencies,
): Promise<DeployedEnvironment> {
  const started = performance.now();
  const { name } = target.environment;
  const released = checkFit(release, target);
  const copy = await mkdtemp(join(tmpdir(), 'gitops-deploy-'));
  try {
    task.update(`verifying release ${shortId(release.id)}`);
    await cp(join(folder, name), join(copy, name), {
      recursive: true,
      mode: constants.COPYFILE_FICLONE,
      filter: partOf(folder),
    });
    await verifyRelease(copy, release, name);
    const stacks = await toolkit.deploy(join(copy, name), { task, warn, signal });
    return {
      environment: name,
      releaseId: release.id,
      digest: released.digest,
      stacks,
      ok: stacks.every(succeeded),
      seconds: Math.round(performance.now() - started) / 1000,
    };
  } finally {
    await rm(copy, { recursive: true, force: true });
  }
}

/** Thrown for a release of uncommitted changes on its way to production: nobody could tell later what it held. */
export class DirtyReleaseError extends GitOpsError {
  constructor(release: Release, environment: string) {
    super(
      `Release ${releaseLabel(release)} may not go to ${environment}, a production stage. Commit the changes and make the release again with: npm run synth`,
      { code: 'DIRTY_RELEASE', source: 'user', exitCode: EXIT.guarded },
    );
  }
}

/**
 * Whether a release may go to a target at all. Touches nothing.
 * @throws ReleaseDoesNotFitError, DirtyReleaseError
 */
export function checkFit(release: Release, { environment, account, region, emulator }: Target): ReleasedEnvironment {
  const released = release.environments[environment.name];
  const id = shortId(release.id);
  if (released === undefined) {
    throw new ReleaseDoesNotFitError(
      `Release ${id} holds no environment ${environment.name}, but ${Object.keys(release.environments).join(', ')}. Make a new one with: npm run synth`,
    );
  }
  if (released.account !== account || released.region !== region) {
    throw new ReleaseDoesNotFitError(
      `Release ${id} was made for ${environment.name} in account ${released.account}, ${released.region}; the environment is now in ${account}, ${region}. Make a new one with: npm run synth`,
    );
  }
  if (release.dirty && environment.stage === 'production' && emulator === undefined) {
    throw new DirtyReleaseError(release, environment.name);
  }
  return released;
}

/** What a toolkit left in the folder is neither copied nor part of the digest. */
const partOf =
  (folder: string) =>
  (path: string): boolean => {
    const inRelease = relative(folder, path).split(sep).join('/');
    return countsForDigest(inRelease) && countsForDigest(`${inRelease}/`);
  };
