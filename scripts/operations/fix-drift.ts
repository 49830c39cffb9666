/**
 * Mends drift: deploys the validated release that stands in the environment once more, in CloudFormation's
 * drift-reverting mode, under the environment's lock. The ledger stays as it is: the same bytes stand there afterwards.
 */
import { describeEnvironmentStacks } from '../adapters/cloudformation/describe-stacks.ts';
import type { Lock } from '../adapters/ledger/held-lock.ts';
import type { Target } from '../adapters/target.ts';
import type { ToolkitOptions } from '../adapters/toolkit/toolkit.ts';
import type { StackResult } from '../core/deployment/stack-result.ts';
import { EXIT, GitOpsError } from '../core/errors.ts';
import { standingRelease } from '../core/ledger/ledger.ts';
import type { Reporter } from '../core/progress.ts';
import { shortId } from '../core/release/release.ts';
import { releasedTarget } from './bring-release.ts';
import { deployEnvironment } from './deploy-environment.ts';
import { withFetchedRelease } from './fetched-release.ts';
import type { Site } from './site.ts';

export interface FixDriftInput {
  readonly target: Target;
  readonly by: string;
  readonly waitSeconds: number;
  readonly reporter: Reporter;
  readonly signal: AbortSignal;
}

export interface FixDriftDependencies {
  readonly openSite: (target: Target) => Promise<Site>;
  readonly toolkitFor: (target: Target) => {
    deploy(assembly: string, options: ToolkitOptions): Promise<readonly StackResult[]>;
  };
  readonly onExit: (hook: () => Promise<void>) => () => void;
}

/** Thrown where no validated release stands: there is nothing to go back to that anybody vouched for. Exit 1. */
export class NothingValidatedError extends GitOpsError {
  constructor(environment: string, state: string) {
    super(
      `Nothing validated stands in ${environment} (${state}), so there is nothing to bring back. Promote: npm run promote -- --only ${environment}`,
      { code: 'NOTHING_VALIDATED', source: 'user', exitCode: EXIT.failed },
    );
  }
}

/**
 * Failed stacks are results.
 * @throws NothingValidatedError, LockHeldError, LockLostError, ReleaseNotStoredError, ArchiveCorruptError, ToolkitRefusedError
 */
export async function fixDrift(input: FixDriftInput, deps: FixDriftDependencies): Promise<readonly StackResult[]> {
  const { target, by, waitSeconds, signal } = input;
  const site = await deps.openSite(target);
  return await site.locked({ by, doing: 'drift --fix', waitSeconds, signal, onExit: deps.onExit }, (lock) =>
    deployAgain(input, deps, site, lock),
  );
}

async function deployAgain(
  { target, reporter, signal }: FixDriftInput,
  { toolkitFor }: FixDriftDependencies,
  site: Site,
  lock: Lock,
): Promise<readonly StackResult[]> {
  const { name } = target.environment;
  const { current } = await site.ledger.read();
  const standing = standingRelease(current);
  if (standing === null) throw new NothingValidatedError(name, current.state);
  const task = reporter.task(`Bringing ${name} back to release ${shortId(standing.id)}`);
  const warn = (text: string): void => reporter.warn(`${name}: ${text}`);
  try {
    return await withFetchedRelease(site.store, standing.id, async ({ release, folder }) => {
      const released = await releasedTarget(target, folder);
      const expected = release.environments[name]?.stacks ?? [];
      const stacks = await describeEnvironmentStacks(site.clients.cloudformation, { environment: name, expected });
      // Only what exists can have drifted; the others are made.
      const revertDrift = stacks.expected.filter(({ id }) => id !== undefined).map((stack) => stack.name);
      const toolkit = {
        deploy: (assembly: string, options: ToolkitOptions) =>
          toolkitFor(released).deploy(assembly, { ...options, revertDrift }),
      };
      const deployed = await deployEnvironment(
        { release, folder, target: released, task, warn, signal: AbortSignal.any([signal, lock.signal]) },
        { toolkit },
      );
      task[deployed.ok ? 'done' : 'fail'](deployed.ok ? 'deployed again' : 'not deployed as a whole');
      return deployed.stacks;
    });
  } catch (error) {
    task.fail('stopped');
    throw error;
  }
}
