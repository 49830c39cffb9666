/**
 * Which release a rollback brings back. Pure.
 */
import { EXIT, type ExitCode } from '../errors.ts';
import { type HistoryRecord, validatedReleases } from '../ledger/history.ts';
import { currentRelease, type Ledger } from '../ledger/ledger.ts';
import type { ReleaseRef, ValidatedRelease } from '../ledger/release-ref.ts';
import { releaseLabel, shortId } from '../release/release.ts';

/** Enough of an id to be sure which release is meant. */
const MIN_PREFIX = 7;

/**
 * What the automatic rollback of an attempt that failed goes back to: the last validated release but the failing one.
 * null: nothing validated yet; the stacks are left for diagnosis, and the event is `failed`.
 */
export function automaticTarget({ current, validated }: Ledger): ValidatedRelease | null {
  const failing = currentRelease(current);
  return validated.releases.find(({ release }) => release.id !== failing?.id) ?? null;
}

export type RollbackDecision =
  | {
      readonly kind: 'roll-back';
      readonly target: ValidatedRelease;
      /** What is undone. */
      readonly from: ReleaseRef;
      readonly notes: readonly string[];
    }
  | { readonly kind: 'refuse'; readonly code: RollbackRefusal; readonly message: string; readonly exitCode: ExitCode };

export type RollbackRefusal =
  | 'NOTHING_DEPLOYED'
  | 'DESTROYING'
  | 'NO_EARLIER'
  | 'NEVER_VALIDATED'
  | 'AMBIGUOUS'
  | 'SHORT_ID';

export interface RollbackFacts {
  readonly environment: string;
  readonly ledger: Ledger;
  /** `--release`, a whole id or its first digits; null: the validated release before the current one. */
  readonly requested: string | null;
  /** The environment's past; needed only for a release that the ledger's short list no longer holds. */
  readonly history?: readonly HistoryRecord[];
}

/** For `npm run rollback`. A freeze or a hold is no obstacle to it. */
export function decideRollback({ environment, ledger, requested, history = [] }: RollbackFacts): RollbackDecision {
  const { current } = ledger;
  const from = currentRelease(current);
  if (current.state === 'destroying') {
    return refuse('DESTROYING', `${environment} is being destroyed, by ${current.by} since ${current.since}.`);
  }
  if (from === null) return refuse('NOTHING_DEPLOYED', `Nothing is deployed in ${environment}.`);
  const found =
    requested === null
      ? defaultTarget(environment, ledger)
      : requestedTarget({ environment, ledger, requested, history });
  if ('kind' in found) return found;
  const undone = current.state === 'rolling-back' || current.state === 'rollback-failed' ? current.undone : from;
  const notes =
    found.release.id === from.id ? [`${environment} is on ${releaseLabel(from)} already: it is deployed again.`] : [];
  return { kind: 'roll-back', target: found, from: undone, notes };
}

function defaultTarget(environment: string, { current, validated }: Ledger): ValidatedRelease | RollbackDecision {
  // What was begun is finished before anything goes further back.
  if (current.state === 'rolling-back' || current.state === 'rollback-failed') {
    return { release: current.release, at: current.releaseValidatedAt };
  }
  const { releases } = validated;
  const standing = releases.findIndex(({ release }) => release.id === currentRelease(current)?.id);
  return (
    releases[standing + 1] ??
    refuse(
      'NO_EARLIER',
      `${environment} has no validated release before the current one. Name one with --release; see npm run status -- --env ${environment} --history.`,
    )
  );
}

function requestedTarget(facts: RollbackFacts & { readonly requested: string }): ValidatedRelease | RollbackDecision {
  const { environment, ledger, requested, history = [] } = facts;
  const prefix = requested.toLowerCase();
  if (!/^[0-9a-f]+$/.test(prefix) || prefix.length < MIN_PREFIX) {
    return refuse(
      'SHORT_ID',
      `--release takes at least ${MIN_PREFIX} digits of a release id, not "${requested}".`,
      EXIT.usage,
    );
  }
  const inList = ledger.validated.releases.map(({ release }) => release.id);
  const known = [
    ...ledger.validated.releases,
    ...validatedReleases(history).filter(({ release }) => !inList.includes(release.id)),
  ].filter(({ release }) => release.id.startsWith(prefix));
  const [target, other] = known;
  if (target === undefined) {
    return refuse(
      'NEVER_VALIDATED',
      `No release ${shortId(prefix)} was validated in ${environment}: a rollback goes only to what was.`,
    );
  }
  if (other !== undefined) {
    const ids = known.map(({ release }) => shortId(release.id)).join(', ');
    return refuse('AMBIGUOUS', `--release ${requested} stands for ${ids}: give more digits.`, EXIT.usage);
  }
  return target;
}

const refuse = (code: RollbackRefusal, message: string, exitCode: ExitCode = EXIT.failed) =>
  ({ kind: 'refuse', code, message, exitCode }) as const;
