/**
 * Brings an environment back to a validated release, under a lock that the caller holds: recorded from its beginning to
 * its end, whether it succeeds or not. Everything comes from the account's store; of the working tree only account and
 * region count.
 */
import { prepareStacks } from '../adapters/cloudformation/prepare-stacks.ts';
import type { Lock } from '../adapters/ledger/held-lock.ts';
import type { Target } from '../adapters/target.ts';
import type { Clock } from '../core/clock.ts';
import type { StackResult } from '../core/deployment/stack-result.ts';
import { summarizeVerdict } from '../core/ledger/event.ts';
import type { ReleaseRef, ValidatedRelease } from '../core/ledger/release-ref.ts';
import type { Reporter, Task } from '../core/progress.ts';
import type { ReleaseFailure } from '../core/promotion/failure.ts';
import { releaseLabel } from '../core/release/release.ts';
import type { Baseline } from '../core/validation/baseline.ts';
import {
  type BringReleaseDependencies,
  type BroughtRelease,
  bringRelease,
  releasedTarget,
  stepNames,
} from './bring-release.ts';
import { checkFit } from './deploy-environment.ts';
import { type ReleaseOnDisk, stacksOfStored, withFetchedRelease } from './fetched-release.ts';
import { type Leftover, removeLeftovers } from './remove-leftovers.ts';
import type { Site } from './site.ts';
import type { Timeline } from './timeline.ts';
import { takeBaseline, type Validation } from './validate-environment.ts';

const EMULATOR_POLL_MS = 100;

export interface RollBackInput {
  readonly site: Site;
  readonly lock: Lock;
  readonly by: string;
  readonly target: ValidatedRelease;
  /** What is undone. */
  readonly undone: ReleaseRef;
  readonly trigger: 'automatic' | 'manual';
  /** Whether what is undone is rejected here from now on. */
  readonly rejects: boolean;
  readonly reason: string;
  readonly details: readonly string[];
  /** The target's release, where it was fetched before. */
  readonly fetched?: ReleaseOnDisk;
  /** `--recreate-failed` */
  readonly recreateFailed: boolean;
  readonly task: Task;
  readonly reporter: Reporter;
  readonly timeline: Timeline;
  /** Aborted when the command is interrupted, and when the lock is lost. */
  readonly signal: AbortSignal;
}

/** Keeps what a deployment found before it began, for whoever validates later. */
export interface Baselines {
  keep(baseline: Baseline): Promise<void>;
  /** The last one kept of this target; undefined when there is none. */
  read(target: Target): Promise<Baseline | undefined>;
}

export interface RollBackDependencies extends BringReleaseDependencies {
  readonly clock: Clock;
  readonly baselines: Baselines;
}

export interface RolledBack {
  /** Back on the target, and its checks passed. */
  readonly ok: boolean;
  readonly target: ReleaseRef;
  readonly failure: ReleaseFailure | null;
  readonly stacks: readonly StackResult[];
  readonly validation: Validation | null;
  /** Stacks that the release brought back does not have. */
  readonly leftovers: readonly Leftover[];
}

/**
 * A rollback that fails is a result, and recorded.
 * @throws LockLostError, LedgerRefusedError, or the signal's reason
 */
export async function rollBack(input: RollBackInput, deps: RollBackDependencies): Promise<RolledBack> {
  const { site, lock, by, target, trigger, rejects, reason, details, reporter, signal } = input;
  const { name } = site.target.environment;
  const stamp = () => ({ at: new Date(deps.clock.now()).toISOString(), by });

  reporter.info(`${name}: rolling back to ${releaseLabel(target.release)}, validated ${target.at}: ${reason}`);
  const why = { reason, details: [...details] };
  await site.ledger.record(lock, { type: 'rollback-started', ...stamp(), target, trigger, rejects, ...why });

  const outcome = await attempt(signal, () =>
    input.fetched === undefined
      ? withFetchedRelease(site.store, target.release.id, (fetched) => bringBack(input, fetched, deps))
      : bringBack(input, input.fetched, deps),
  );
  if (outcome.failure === null && outcome.validation !== null) {
    const verdict = summarizeVerdict(outcome.validation.verdict);
    await site.ledger.record(lock, { type: 'rolled-back', ...stamp(), verdict });
    return { ...outcome, ok: true, target: target.release };
  }
  const failure = outcome.failure ?? { reason: 'it was not validated', details: [] };
  await site.ledger.record(lock, {
    type: 'rollback-failed',
    ...stamp(),
    reason: failure.reason,
    details: [...failure.details],
  });
  return { ...outcome, failure, ok: false, target: target.release };
}

interface BroughtBack extends BroughtRelease {
  readonly leftovers: readonly Leftover[];
}

async function bringBack(
  input: RollBackInput,
  { release, folder }: ReleaseOnDisk,
  deps: RollBackDependencies,
): Promise<BroughtBack> {
  const { site, undone, recreateFailed, task, timeline, signal } = input;
  const { name } = site.target.environment;
  const label = `${name} rollback`;
  const target = await releasedTarget(site.target, folder);
  const { stacks: stackNames } = checkFit(release, target);

  // After whatever was done of the attempt that failed.
  const before = timeline.steps.map(({ id }) => id).filter((id) => id.startsWith(`${name}: `));
  const baseline = await timeline.step(stepNames(label).prepare, before, async () => {
    const [taken] = await Promise.all([
      takeBaseline(target, site.clients),
      prepareStacks(
        {
          stackNames,
          purpose: 'rollback',
          stage: target.environment.stage,
          recreateFailed,
          task,
          ...(target.emulator && { pollMs: EMULATOR_POLL_MS }),
          signal,
        },
        { client: site.clients.cloudformation, clock: deps.clock },
      ),
    ]);
    await deps.baselines.keep(taken);
    return taken;
  });

  let leftovers: readonly Leftover[] = [];
  const brought = await bringRelease(
    {
      ...input,
      release,
      folder,
      baseline,
      label,
      // Before validating: what is validated is what stays.
      onDeployed: async () => {
        const had = await stacksOfStored(site.store, undone.id, name);
        leftovers = await removeLeftovers({ site, expected: stackNames, undone: had, task, signal }, deps);
      },
    },
    deps,
  );
  return { ...brought, leftovers };
}

/** Whatever stops a rollback is recorded, so that the ledger tells it; an interruption or a lost lock can't be. */
async function attempt(signal: AbortSignal, work: () => Promise<BroughtBack>): Promise<BroughtBack> {
  try {
    return await work();
  } catch (error) {
    signal.throwIfAborted();
    const reason = error instanceof Error ? error.message : String(error);
    return { stacks: [], validation: null, leftovers: [], failure: { reason, details: [reason] } };
  }
}
