/**
 * Takes one release into one environment: decides, locks, decides again, deploys, validates and records; a release that
 * fails is undone by the last validated one. The ledger knows each step before it is taken.
 */
import type { Lock } from '../adapters/ledger/held-lock.ts';
import { verifyRelease } from '../adapters/release/release-directory.ts';
import type { Target } from '../adapters/target.ts';
import type { Clock } from '../core/clock.ts';
import { freezeAt } from '../core/freeze/freeze.ts';
import { summarizeVerdict } from '../core/ledger/event.ts';
import { currentRelease, type Ledger } from '../core/ledger/ledger.ts';
import { type ReleaseRef, releaseRefOf, type ValidatedRelease } from '../core/ledger/release-ref.ts';
import type { Reporter, Task } from '../core/progress.ts';
import { decidePromotion, type PromotionDecision, type PromotionOptions } from '../core/promotion/decide-promotion.ts';
import { automaticTarget } from '../core/promotion/decide-rollback.ts';
import type { ReleaseFailure } from '../core/promotion/failure.ts';
import { type Release, shortId } from '../core/release/release.ts';
import { type BroughtRelease, bringRelease } from './bring-release.ts';
import { checkFit } from './deploy-environment.ts';
import type { ReleaseOnDisk } from './fetched-release.ts';
import { lockRequest, noteTakeover } from './lock-request.ts';
import { preparePromotion } from './prepare-promotion.ts';
import { type EnvironmentPromotion, promotions } from './promotion-result.ts';
import { type RollBackDependencies, rollBack } from './roll-back.ts';
import type { Site } from './site.ts';
import type { Timeline } from './timeline.ts';

export interface PromoteEnvironmentInput {
  readonly site: Site;
  readonly release: Release;
  /** Where it lies. Nobody else may change it meanwhile. */
  readonly folder: string;
  /** The environment that must hold the release first; null in the first wave, or where someone vouched for it. */
  readonly predecessor: { readonly name: string; readonly readLedger: () => Promise<Ledger> } | null;
  readonly options: PromotionOptions;
  readonly by: string;
  /** How long to wait for another holder of the lock. */
  readonly waitSeconds: number;
  readonly task: Task;
  readonly reporter: Reporter;
  readonly timeline: Timeline;
  readonly signal: AbortSignal;
}

export interface PromoteEnvironmentDependencies extends RollBackDependencies {
  readonly clock: Clock;
  /** Registers what a signal must still do, and returns how to withdraw it. */
  readonly onExit: (hook: () => Promise<void>) => () => void;
  /** Called when there is something to deploy. */
  readonly warmUp?: () => void;
  /** Called under the lock, before anything is touched; rejects when this is not what was approved. */
  readonly confirm?: (release: ReleaseOnDisk, target: Target) => Promise<void>;
}

/**
 * What stops the promotion is a result: a guard, a failure, a rollback.
 * @throws PlanChangedError, LockHeldError, LockLostError, ReleaseMismatchError, ReleaseDoesNotFitError, StacksNotReadyError and
 *   the signal's reason; nothing of the release is deployed then, or the ledger says how far it got
 */
export async function promoteEnvironment(
  input: PromoteEnvironmentInput,
  deps: PromoteEnvironmentDependencies,
): Promise<EnvironmentPromotion> {
  const { site, release, folder, task, reporter } = input;
  const { name } = site.target.environment;
  const ref = releaseRefOf(checked(release, site), name);

  // 1. Nothing to do, or no way: told at once, without a lock
  task.update('reading the ledger');
  const before = await decide(input, ref, deps);
  if (before.decision.kind !== 'proceed' && before.decision.kind !== 'finish-rollback') {
    return promotions.notNeeded(name, before.decision);
  }

  // 2. What is about to be deployed is what was made
  await verifyRelease(folder, release);

  // 3. Under the lock the ledger counts: it may have moved since
  deps.warmUp?.();
  const request = lockRequest(input, { doing: `promote ${shortId(release.id)}`, onExit: deps.onExit });
  return await site.locked(request, async (lock) => {
    noteTakeover(lock, name, reporter);
    const signal = AbortSignal.any([input.signal, lock.signal]);
    const { ledger, decision } = await decide(input, ref, deps);
    switch (decision.kind) {
      case 'proceed':
        for (const note of decision.notes) reporter.info(note);
        await deps.confirm?.({ release, folder }, site.target);
        return await deployAndValidate({ ...input, signal }, { lock, ledger, ref, decision }, deps);
      case 'finish-rollback': {
        reporter.info(`${decision.message}: finishing it`);
        const undone = { ref, reason: 'an unfinished rollback is finished', details: [] };
        const rolledBack = await undo({ ...input, signal }, lock, { target: decision.target, ...undone }, deps);
        return promotions.rolledBack(name, null, rolledBack);
      }
      default:
        return promotions.notNeeded(name, decision);
    }
  });
}

function checked(release: Release, { target }: Site): Release {
  checkFit(release, target);
  return release;
}

async function decide(
  { site, predecessor, options }: PromoteEnvironmentInput,
  release: ReleaseRef,
  { clock }: PromoteEnvironmentDependencies,
): Promise<{ readonly ledger: Ledger; readonly decision: PromotionDecision }> {
  const { environment } = site.target;
  const [ledger, ledgerBefore] = await Promise.all([site.ledger.read(), predecessor?.readLedger()]);
  const decision = decidePromotion(
    {
      environment,
      ledger,
      release,
      predecessor: predecessor && ledgerBefore ? { name: predecessor.name, ledger: ledgerBefore } : null,
      freeze: freezeAt(environment.promotion.freeze, new Date(clock.now())),
    },
    options,
  );
  return { ledger, decision };
}

interface Begun {
  readonly lock: Lock;
  readonly ledger: Ledger;
  readonly ref: ReleaseRef;
  readonly decision: Extract<PromotionDecision, { kind: 'proceed' }>;
}

async function deployAndValidate(
  input: PromoteEnvironmentInput,
  { lock, ledger, ref, decision }: Begun,
  deps: PromoteEnvironmentDependencies,
): Promise<EnvironmentPromotion> {
  const { site, by, options } = input;
  const { name } = site.target.environment;
  const stamp = () => ({ at: new Date(deps.clock.now()).toISOString(), by });

  const baseline = await preparePromotion(input, ledger, deps);
  await site.ledger.record(lock, {
    type: 'deploy-started',
    ...stamp(),
    release: ref,
    purpose: 'promotion',
    retry: options.retry,
    freezeOverride: decision.freezeOverride,
  });
  const brought = await bringRelease(
    {
      ...input,
      baseline,
      label: name,
      onDeployed: async () => void (await site.ledger.record(lock, { type: 'deploy-finished', ...stamp() })),
    },
    deps,
  );
  if (brought.failure === null && brought.validation !== null) {
    const verdict = summarizeVerdict(brought.validation.verdict);
    await site.ledger.record(lock, { type: 'validated', ...stamp(), verdict });
    return promotions.validated(name, ref, brought);
  }
  return await recover(input, { lock, ref, brought }, deps);
}

/** The release failed: the last validated one is brought back, or, where there is none, the failure is all there is. */
async function recover(
  input: PromoteEnvironmentInput,
  { lock, ref, brought }: { readonly lock: Lock; readonly ref: ReleaseRef; readonly brought: BroughtRelease },
  deps: PromoteEnvironmentDependencies,
): Promise<EnvironmentPromotion> {
  const { site, by, reporter } = input;
  const { name } = site.target.environment;
  const failure: ReleaseFailure = brought.failure ?? { reason: 'it was not validated', details: [] };
  reporter.warn(`${name}: ${shortId(ref.id)} failed, as ${failure.reason}`);
  const target = automaticTarget(await site.ledger.read());
  if (target === null) {
    const at = new Date(deps.clock.now()).toISOString();
    const { reason, details } = failure;
    await site.ledger.record(lock, { type: 'failed', at, by, reason, details: [...details] });
    return promotions.failed(name, ref, brought);
  }
  const rolledBack = await undo(input, lock, { target, ref, ...failure }, deps);
  return promotions.rolledBack(name, brought, rolledBack);
}

interface Undoing extends ReleaseFailure {
  readonly target: ValidatedRelease;
  readonly ref: ReleaseRef;
}

async function undo(
  input: PromoteEnvironmentInput,
  lock: Lock,
  { target, ref, reason, details }: Undoing,
  deps: PromoteEnvironmentDependencies,
) {
  const { current } = await input.site.ledger.read();
  const undone = current.state === 'rolling-back' ? current.undone : (currentRelease(current) ?? ref);
  return await rollBack(
    { ...input, lock, target, undone, reason, details, trigger: 'automatic', rejects: true, recreateFailed: false },
    deps,
  );
}
