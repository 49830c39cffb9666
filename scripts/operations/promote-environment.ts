/**
 * Takes one release into one environment: decides, locks, decides again, deploys, validates and records; a release that
 * fails is undone by the last validated one. The ledger knows each step before it is taken.
 */
import { prepareStacks } from '../adapters/cloudformation/prepare-stacks.ts';
import type { Lock } from '../adapters/ledger/held-lock.ts';
import { withLock } from '../adapters/ledger/lock.ts';
import { verifyRelease } from '../adapters/release/release-directory.ts';
import { storeRelease } from '../adapters/release-store/store.ts';
import type { Clock } from '../core/clock.ts';
import { freezeAt } from '../core/freeze/freeze.ts';
import { summarizeVerdict } from '../core/ledger/event.ts';
import { currentRelease, isInProgress, type Ledger } from '../core/ledger/ledger.ts';
import { type ReleaseRef, releaseRefOf, type ValidatedRelease } from '../core/ledger/release-ref.ts';
import type { Reporter, Task } from '../core/progress.ts';
import { decidePromotion, type PromotionDecision, type PromotionOptions } from '../core/promotion/decide-promotion.ts';
import { automaticTarget } from '../core/promotion/decide-rollback.ts';
import type { ReleaseFailure } from '../core/promotion/failure.ts';
import { type Release, shortId } from '../core/release/release.ts';
import type { Baseline } from '../core/validation/baseline.ts';
import { type BroughtRelease, bringRelease, releasedTarget, stepNames } from './bring-release.ts';
import { checkFit } from './deploy-environment.ts';
import { type EnvironmentPromotion, promotions } from './promotion-result.ts';
import { type RollBackDependencies, rollBack } from './roll-back.ts';
import type { Site } from './site.ts';
import type { Timeline } from './timeline.ts';
import { takeBaseline } from './validate-environment.ts';

/** How long the lease of a dead process keeps others out: an emulated account has no slow network to allow for. */
const LEASE_SECONDS = { aws: 60, local: 30 } as const;
const EMULATOR_POLL_MS = 100;

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
}

/**
 * What stops the promotion is a result: a guard, a failure, a rollback.
 * @throws LockHeldError, LockLostError, ReleaseMismatchError, ReleaseDoesNotFitError, StacksNotReadyError and the signal's
 *   reason; nothing of the release is deployed then, or the ledger says how far it got
 */
export async function promoteEnvironment(
  input: PromoteEnvironmentInput,
  deps: PromoteEnvironmentDependencies,
): Promise<EnvironmentPromotion> {
  const { site, release, folder, task, by, waitSeconds, reporter } = input;
  const { environment, emulator } = site.target;
  const { name } = environment;
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
  const request = {
    environment: name,
    by,
    doing: `promote ${shortId(release.id)}`,
    floor: before.ledger.current.generation,
    waitSeconds,
    ttlSeconds: emulator === undefined ? LEASE_SECONDS.aws : LEASE_SECONDS.local,
    signal: input.signal,
    onWaiting: (holder: { readonly by: string; readonly doing: string }) =>
      task.update(`waits for the lock of ${holder.by} (${holder.doing})`),
  };
  const lockDeps = { ssm: site.clients.ssm, clock: deps.clock, warn: (text: string) => reporter.warn(text) };
  return await withLock(lockDeps, request, deps.onExit, async (lock) => {
    if (lock.takenOver !== null) {
      reporter.info(
        `${name}: took over the lock of ${lock.takenOver.by} (${lock.takenOver.doing}), whose lease ran out`,
      );
    }
    const signal = AbortSignal.any([input.signal, lock.signal]);
    const { ledger, decision } = await decide(input, ref, deps);
    switch (decision.kind) {
      case 'proceed':
        for (const note of decision.notes) reporter.info(note);
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

  const baseline = await prepare(input, ledger, deps);
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

/** Before anything is recorded: how it stands, the release in the store, and stacks that can be deployed. */
async function prepare(
  { site, release, folder, task, timeline, predecessor, signal }: PromoteEnvironmentInput,
  ledger: Ledger,
  deps: PromoteEnvironmentDependencies,
): Promise<Baseline> {
  const { name } = site.target.environment;
  const after = predecessor === null ? [] : [stepNames(predecessor.name).validate];
  return await timeline.step(stepNames(name).prepare, after, async () => {
    task.update('preparing');
    const target = await releasedTarget(site.target, folder);
    const [baseline] = await Promise.all([
      findBaseline(site, ledger, deps),
      storeRelease(site.store, release, folder),
      prepareStacks(
        {
          stackNames: release.environments[name]?.stacks ?? [],
          purpose: 'deploy',
          stage: target.environment.stage,
          recreateFailed: false,
          task,
          ...(target.emulator && { pollMs: EMULATOR_POLL_MS }),
          signal,
        },
        { client: site.clients.cloudformation, clock: deps.clock },
      ),
    ]);
    await deps.baselines.keep(baseline);
    return baseline;
  });
}

/**
 * How the environment stood before. Where a dead process left a deployment half-way, that is what it found before it began,
 * if it was of this machine: what its release made worse since must not count as old.
 */
async function findBaseline(
  { target, clients }: Site,
  { current }: Ledger,
  { baselines }: PromoteEnvironmentDependencies,
): Promise<Baseline> {
  const kept = isInProgress(current.state) ? await baselines.read(target) : undefined;
  return kept ?? (await takeBaseline(target, clients));
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
