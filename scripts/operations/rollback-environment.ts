/**
 * A person's rollback of one environment: decides which validated release comes back, tells what will change, sets the
 * hold, and does it under the lock.
 */
import type { Target } from '../adapters/target.ts';
import { EXIT, type ExitCode, GitOpsError } from '../core/errors.ts';
import type { Hold, Ledger } from '../core/ledger/ledger.ts';
import type { ReleaseRef } from '../core/ledger/release-ref.ts';
import type { Plan } from '../core/plan/plan.ts';
import type { Reporter, Task } from '../core/progress.ts';
import { decideRollback, type RollbackDecision } from '../core/promotion/decide-rollback.ts';
import { releaseLabel, shortId } from '../core/release/release.ts';
import { releasedTarget } from './bring-release.ts';
import { type ReleaseOnDisk, withFetchedRelease } from './fetched-release.ts';
import { lockRequest, noteTakeover } from './lock-request.ts';
import { type RollBackDependencies, type RolledBack, rollBack } from './roll-back.ts';
import type { Site } from './site.ts';
import type { Timeline } from './timeline.ts';

export interface RollbackEnvironmentInput {
  readonly site: Site;
  /** `--release`; null: the validated release before the current one. */
  readonly requested: string | null;
  readonly reason: string;
  /** Keep promotions out until `resume`. Without it, the release that is undone is rejected instead. */
  readonly hold: boolean;
  /** `--recreate-failed` */
  readonly recreateFailed: boolean;
  readonly by: string;
  readonly waitSeconds: number;
  readonly task: Task;
  readonly reporter: Reporter;
  readonly timeline: Timeline;
  readonly signal: AbortSignal;
  /** Told what is about to change before anything is touched; null: that could not be found out. */
  readonly onPlanned: (what: PlannedRollback) => void;
}

export interface PlannedRollback {
  readonly from: ReleaseRef;
  readonly to: ReleaseRef;
  readonly plan: Plan | null;
}

export interface RollbackEnvironmentDependencies extends RollBackDependencies {
  /** What deploying the release would change. */
  readonly plan: (release: ReleaseOnDisk, target: Target) => Promise<Plan>;
  readonly onExit: (hook: () => Promise<void>) => () => void;
}

export interface RollbackResult extends RolledBack {
  readonly from: ReleaseRef;
  readonly plan: Plan | null;
  /** Who holds the environment now; null: nobody. */
  readonly hold: Hold | null;
}

/** Thrown when nothing can be rolled back, or not that. Nothing was touched. Exit as the reason says. */
export class RollbackRefusedError extends GitOpsError {
  constructor(code: string, message: string, exitCode: ExitCode) {
    super(message, { code: `ROLLBACK_${code}`, source: 'user', exitCode });
  }
}

/**
 * A rollback that fails is a result.
 * @throws RollbackRefusedError, ReleaseNotStoredError, ArchiveCorruptError, LockHeldError, LockLostError
 */
export async function rollbackEnvironment(
  input: RollbackEnvironmentInput,
  deps: RollbackEnvironmentDependencies,
): Promise<RollbackResult> {
  const { site, reason, hold, reporter, task, signal } = input;
  const { name } = site.target.environment;

  // 1. Which release, and is it there
  task.update('reading the ledger');
  const decision = await decide(input, await site.ledger.read());
  for (const note of decision.notes) reporter.info(note);
  return await withFetchedRelease(site.store, decision.target.release.id, async (fetched) => {
    // 2. What will change
    const plan = await tryToPlan(input, fetched, deps);
    input.onPlanned({ from: decision.from, to: decision.target.release, plan });

    // 3. From here on no promotion comes in between, whatever becomes of this process
    if (hold) await setHold(input, deps);

    // 4. Under the lock, unless the ledger moved while we waited for it
    const doing = `rollback to ${shortId(decision.target.release.id)}`;
    return await site.locked(lockRequest(input, { doing, onExit: deps.onExit }), async (lock) => {
      noteTakeover(lock, name, reporter);
      const now = await decide(input, await site.ledger.read());
      if (now.target.release.id !== decision.target.release.id) throw moved(name, decision, now);
      const rolledBack = await rollBack(
        {
          ...input,
          lock,
          fetched,
          target: now.target,
          undone: now.from,
          trigger: 'manual',
          rejects: !hold,
          reason,
          details: [],
          signal: AbortSignal.any([signal, lock.signal]),
        },
        deps,
      );
      return { ...rolledBack, from: now.from, plan, hold: (await site.ledger.read()).hold.hold };
    });
  });
}

type Decided = Extract<RollbackDecision, { kind: 'roll-back' }>;

async function decide({ site, requested }: RollbackEnvironmentInput, ledger: Ledger): Promise<Decided> {
  const environment = site.target.environment.name;
  // The ledger's list is short; only a release asked for by name may be older.
  const history = requested === null ? [] : await site.history.list();
  const decision = decideRollback({ environment, ledger, requested, history });
  if (decision.kind === 'refuse') {
    throw new RollbackRefusedError(decision.code, decision.message, decision.exitCode);
  }
  return decision;
}

const moved = (environment: string, before: Decided, now: Decided): RollbackRefusedError =>
  new RollbackRefusedError(
    'MOVED',
    `${environment} changed while the rollback waited: it would now go back to ${releaseLabel(now.target.release)} instead of ` +
      `${releaseLabel(before.target.release)}. Nothing was deployed; look at npm run status and decide again.`,
    EXIT.guarded,
  );

/** A rollback is for the night: not knowing what it will change is told, and stops nobody. */
async function tryToPlan(
  { site, reporter, task, signal }: RollbackEnvironmentInput,
  fetched: ReleaseOnDisk,
  deps: RollbackEnvironmentDependencies,
): Promise<Plan | null> {
  task.update('finding out what will change');
  try {
    return await deps.plan(fetched, await releasedTarget(site.target, fetched.folder));
  } catch (error) {
    signal.throwIfAborted();
    reporter.warn(`What will change could not be found out: ${error instanceof Error ? error.message : String(error)}`);
    return null;
  }
}

async function setHold(
  { site, by, reason, reporter }: RollbackEnvironmentInput,
  { clock }: RollbackEnvironmentDependencies,
): Promise<void> {
  const { hold } = (await site.ledger.read()).hold;
  if (hold !== null) {
    reporter.info(`${site.target.environment.name} is held already, by ${hold.by} since ${hold.since}: ${hold.reason}`);
    return;
  }
  await site.ledger.recordHold({ type: 'held', at: new Date(clock.now()).toISOString(), by, reason });
}
