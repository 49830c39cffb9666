/**
 * What a promotion does with one environment: go ahead, nothing, or stop, and why. Pure. Asked twice: before the lock, so that
 * nothing to do is fast, and again under it, as the ledger may have moved.
 */
import type { EnvironmentConfig } from '../../../environments/environment-config.ts';
import type { FailureExitCode } from '../cause.ts';
import { EXIT } from '../errors.ts';
import { describeFreeze, type FreezeStatus } from '../freeze/freeze.ts';
import { type Current, isInProgress, type Ledger, standingRelease } from '../ledger/ledger.ts';
import { isNewer, type ReleaseRef, type ValidatedRelease } from '../ledger/release-ref.ts';
import { releaseLabel } from '../release/release.ts';

export interface PromotionFacts {
  readonly environment: Pick<EnvironmentConfig, 'name' | 'stage'>;
  readonly ledger: Ledger;
  readonly release: ReleaseRef;
  /** The environment that must hold the release first; null in the first wave. */
  readonly predecessor: { readonly name: string; readonly ledger: Ledger } | null;
  readonly freeze: FreezeStatus;
}

export interface PromotionOptions {
  /** `--retry`: also what was rejected here, or is older than what stands here. */
  readonly retry: boolean;
  /** The reason of `--override-freeze`. */
  readonly overrideFreeze: string | null;
  readonly local: boolean;
  /** `--enforce-freeze`, for `--local`. */
  readonly enforceFreeze: boolean;
}

export type PromotionDecision =
  | {
      readonly kind: 'proceed';
      /** For the event `deploy-started`: the reason, if a freeze is in force and overridden. */
      readonly freezeOverride: string | null;
      /** What people should know before it starts. */
      readonly notes: readonly string[];
    }
  | { readonly kind: 'nothing-to-do'; readonly message: string }
  | { readonly kind: 'superseded'; readonly by: ReleaseRef; readonly message: string }
  /** A dead process left a rollback of this very release: it is finished first, and the release stays rejected. */
  | { readonly kind: 'finish-rollback'; readonly target: ValidatedRelease; readonly message: string }
  | {
      readonly kind: 'refuse';
      readonly code: RefusalReason;
      readonly message: string;
      readonly exitCode: FailureExitCode;
    };

export type RefusalReason = 'DIRTY' | 'HELD' | 'PREDECESSOR' | 'REJECTED' | 'FROZEN' | 'DESTROYING';

export function decidePromotion(facts: PromotionFacts, options: PromotionOptions): PromotionDecision {
  return (
    nothingToDo(facts) ??
    superseded(facts, options) ??
    dirty(facts, options) ??
    held(facts) ??
    destroying(facts) ??
    notYetBefore(facts) ??
    rejected(facts, options) ??
    frozen(facts, options) ??
    proceed(facts, options)
  );
}

/** One reason to stop, or undefined to ask for the next. */
type Answer = PromotionDecision | undefined;

function nothingToDo({ environment, ledger, release }: PromotionFacts): Answer {
  const standing = standingRelease(ledger.current);
  if (standing?.id !== release.id) return undefined;
  const { since } = ledger.current;
  return { kind: 'nothing-to-do', message: `${environment.name} holds ${releaseLabel(standing)}, validated ${since}` };
}

/** By a newer release here, or by one that stands validated where this one would come from. */
function superseded(
  { environment, ledger, release, predecessor }: PromotionFacts,
  { retry }: PromotionOptions,
): Answer {
  if (retry) return undefined;
  const here = aheadIn(ledger.current, release);
  const before = predecessor === null ? undefined : (standingRelease(predecessor.ledger.current) ?? undefined);
  const by = here ?? (before !== undefined && isNewer(before, release) ? before : undefined);
  if (by === undefined) return undefined;
  const where = here === undefined ? predecessor?.name : environment.name;
  return {
    kind: 'superseded',
    by,
    message: `${releaseLabel(release)} is superseded: ${where} has the newer ${releaseLabel(by)}. --retry promotes it nevertheless`,
  };
}

/** A newer release that got here, or is on its way. One that failed here is in nobody's way. */
function aheadIn(current: Current, release: ReleaseRef): ReleaseRef | undefined {
  switch (current.state) {
    case 'deploying':
    case 'validating':
    case 'validated':
    case 'deployed':
    case 'rolled-back':
      return isNewer(current.release, release) ? current.release : undefined;
    default:
      return undefined;
  }
}

function dirty({ environment, release }: PromotionFacts, { local }: PromotionOptions): Answer {
  if (!release.dirty || environment.stage !== 'production' || local) return undefined;
  return refuse('DIRTY', EXIT.usage, [
    `${releaseLabel(release)} does not go to ${environment.name}, whose stage is production.`,
    'Commit the changes and make the release again.',
  ]);
}

function held({ environment: { name }, ledger }: PromotionFacts): Answer {
  const { hold } = ledger.hold;
  if (hold === null) return undefined;
  const unfinished = ledger.current.state === 'rolling-back' ? [unfinishedRollback(name)] : [];
  return refuse('HELD', EXIT.guarded, [
    `${name} is held by ${hold.by} since ${hold.since}: ${hold.reason}.`,
    ...unfinished,
    `It goes on after: npm run resume -- --env ${name} --reason "…"`,
  ]);
}

const unfinishedRollback = (name: string): string =>
  `Its rollback did not finish; if nobody is at it, run it again: npm run rollback -- --env ${name} --reason "…".`;

function destroying({ environment: { name }, ledger }: PromotionFacts): Answer {
  if (ledger.current.state !== 'destroying') return undefined;
  const { by, since } = ledger.current;
  return refuse('DESTROYING', EXIT.failed, [
    `${name} is being destroyed, by ${by} since ${since}.`,
    `Let that finish first: npm run destroy -- --env ${name} --confirm ${name}`,
  ]);
}

/** Validated there, and not withdrawn by a rollback since; what stands there now may be something else. */
function notYetBefore({ environment, release, predecessor }: PromotionFacts): Answer {
  if (predecessor === null) return undefined;
  const { validated, current } = predecessor.ledger;
  if (validated.releases.some((entry) => entry.release.id === release.id)) return undefined;
  return refuse('PREDECESSOR', EXIT.failed, [
    `${releaseLabel(release)} can't go to ${environment.name} before it is validated in ${predecessor.name},`,
    `which is ${current.state}${current.state === 'empty' ? '' : ` since ${current.since}`}.`,
  ]);
}

function rejected({ environment: { name }, ledger, release }: PromotionFacts, { retry }: PromotionOptions): Answer {
  const { current } = ledger;
  const rejection = current.rejected.find(({ id }) => id === release.id);
  if (rejection === undefined || retry) return undefined;
  if (current.state === 'rolling-back') {
    return {
      kind: 'finish-rollback',
      target: { release: current.release, at: current.releaseValidatedAt },
      message: `The rollback of ${name} to ${releaseLabel(current.release)}, begun by ${current.by} at ${current.since}, did not finish`,
    };
  }
  return refuse('REJECTED', EXIT.failed, [
    `${releaseLabel(release)} was rolled back in ${name} at ${rejection.at}: ${rejection.reason}.`,
    'Promote a better one, or this one again with --retry.',
  ]);
}

function frozen({ environment, freeze }: PromotionFacts, options: PromotionOptions): Answer {
  if (!freeze.frozen || !isEnforced(options) || options.overrideFreeze !== null) return undefined;
  return refuse('FROZEN', EXIT.guarded, [
    `${environment.name} is frozen ${describeFreeze(freeze)}.`,
    'Promote after that, or now with --override-freeze "reason". Rollback is always allowed.',
  ]);
}

const isEnforced = ({ local, enforceFreeze }: PromotionOptions): boolean => !local || enforceFreeze;

function proceed(
  { environment: { name }, ledger, freeze }: PromotionFacts,
  options: PromotionOptions,
): PromotionDecision {
  const notes: string[] = [];
  const { state, by, since } = ledger.current;
  if (isInProgress(state)) notes.push(`${name} was left ${state} by ${by} at ${since}: starting anew.`);
  const freezeOverride = freeze.frozen ? options.overrideFreeze : null;
  if (freeze.frozen) {
    const why = freezeOverride === null ? 'not enforced with --local' : `overridden: ${freezeOverride}`;
    notes.push(`${name} is frozen ${describeFreeze(freeze)}; ${why}.`);
  }
  return { kind: 'proceed', freezeOverride, notes };
}

const refuse = (code: RefusalReason, exitCode: FailureExitCode, lines: readonly string[]): PromotionDecision => ({
  kind: 'refuse',
  code,
  exitCode,
  message: lines.join(' '),
});
