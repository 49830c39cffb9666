/**
 * Mends drift: deploys the validated release that stands in the environment once more, in CloudFormation's
 * drift-reverting mode, and looks again, all under the environment's lock. The ledger's state stays as it is, as the same
 * bytes stand there afterwards; its history gets who mended what, also when nobody could look again.
 */
import { describeEnvironmentStacks } from '../adapters/cloudformation/describe-stacks.ts';
import type { Lock } from '../adapters/ledger/held-lock.ts';
import type { Target } from '../adapters/target.ts';
import type { ToolkitOptions } from '../adapters/toolkit/toolkit.ts';
import type { Clock } from '../core/clock.ts';
import { renderFailures, type StackResult, succeeded } from '../core/deployment/stack-result.ts';
import type { DriftReport } from '../core/drift/report.ts';
import { EXIT, GitOpsError, reasonOf } from '../core/errors.ts';
import { notKnown } from '../core/ledger/event.ts';
import { standingRelease } from '../core/ledger/ledger.ts';
import type { Reporter } from '../core/progress.ts';
import { shortId } from '../core/release/release.ts';
import { releasedTarget } from './bring-release.ts';
import { deployEnvironment } from './deploy-environment.ts';
import { withFetchedRelease } from './fetched-release.ts';
import type { Site } from './site.ts';

export interface FixDriftInput {
  readonly target: Target;
  /** What differs: the reason, for the history. */
  readonly before: DriftReport;
  /** Looks again, after the deployment. */
  readonly look: () => Promise<DriftReport>;
  readonly by: string;
  readonly waitSeconds: number;
  readonly reporter: Reporter;
  readonly signal: AbortSignal;
}

export interface FixedDrift {
  /** Failed stacks are results. */
  readonly stacks: readonly StackResult[];
  readonly after: DriftReport;
}

export interface FixDriftDependencies {
  readonly clock: Clock;
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

/** Thrown where the release was deployed again and looking afterwards failed: whether it mended anything is not known. Exit 1. */
export class NotLookedAgainError extends GitOpsError {
  /** What was deployed all the same. */
  readonly stacks: readonly StackResult[];

  /**
   * @param cause what looking failed with
   * @param unrecorded what telling the history failed with; left out: it knows
   */
  constructor({ environment, emulator }: Target, stacks: readonly StackResult[], cause: unknown, unrecorded?: unknown) {
    const { name } = environment;
    super(
      [
        `${name} was deployed again${stacks.every(succeeded) ? '' : ' in part'}, and looking again failed: ${reasonOf(cause)}`,
        ...(unrecorded === undefined ? [] : [`The history does not have it: ${reasonOf(unrecorded)}`]),
        `When that is put right: npm run drift -- --env ${name}${emulator === undefined ? '' : ' --local'}`,
      ].join('. '),
      { code: 'NOT_LOOKED_AGAIN', source: 'internal', exitCode: EXIT.failed, cause },
    );
    this.stacks = stacks;
  }
}

/**
 * @throws NothingValidatedError, NotLookedAgainError, LockHeldError, LockLostError, ReleaseNotStoredError, ArchiveCorruptError, ToolkitRefusedError
 */
export async function fixDrift(input: FixDriftInput, deps: FixDriftDependencies): Promise<FixedDrift> {
  const { target, before, look, by, waitSeconds, signal } = input;
  const site = await deps.openSite(target);
  return await site.locked({ by, doing: 'drift --fix', waitSeconds, signal, onExit: deps.onExit }, async (lock) => {
    const stacks = await deployAgain(input, deps, site, lock);
    const record = (left: string[]): Promise<unknown> =>
      site.ledger.record(lock, {
        type: 'drift-mended',
        at: new Date(deps.clock.now()).toISOString(),
        by,
        before: describeDrift(before),
        after: left,
        details: [...renderFailures(stacks)],
      });
    const looked = await settle(look);
    if ('error' in looked) {
      const recorded = await settle(() => record(notKnown(reasonOf(looked.error))));
      const unrecorded = 'error' in recorded ? recorded.error : undefined;
      throw new NotLookedAgainError(target, stacks, looked.error, unrecorded);
    }
    const after = looked.value;
    await record(describeDrift(after));
    return { stacks, after };
  });
}

async function settle<T>(work: () => Promise<T>): Promise<{ readonly value: T } | { readonly error: unknown }> {
  try {
    return { value: await work() };
  } catch (error) {
    return { error };
  }
}

/** `/MemorySize of order-intake-dev`: what, and no values, which may be secrets. */
const describeDrift = ({ findings }: DriftReport): string[] =>
  findings.flatMap(({ name, differences }) => differences.map(({ property }) => `${property} of ${name}`));

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
