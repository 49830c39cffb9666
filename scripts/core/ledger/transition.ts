/**
 * The one function that moves an environment's ledger. Every state is owned here; whoever wants another state brings an event.
 * Pure: events carry their own time.
 *
 * What a process that died leaves behind (`deploying`, `validating`, `rolling-back`, `destroying`) is taken up by starting
 * anew under a later generation of the lock: that there is one proves that the lease of the dead ran out.
 */
import type { HoldEvent, LedgerEvent, ReleaseEvent, VerdictSummary } from './event.ts';
import type { HistoryRecord } from './history.ts';
import {
  type Current,
  currentRelease,
  isInProgress,
  type Ledger,
  LIMITS,
  type PartName,
  type Rejected,
  SCHEMA_VERSION,
  standingRelease,
  type Validated,
} from './ledger.ts';
import {
  checksNotPassed,
  notAllowed,
  notOwn,
  type Refusal,
  type RefusalCode,
  rejected,
  stillRunning,
} from './refusal.ts';
import type { ValidatedRelease } from './release-ref.ts';
import { clip } from './text.ts';

export type Transition =
  | {
      readonly ok: true;
      readonly ledger: Ledger;
      readonly record: HistoryRecord;
      /** The parts that changed, in the order to write them: after the record, and `current`, which counts, last. */
      readonly writes: readonly PartName[];
    }
  | { readonly ok: false; readonly refusal: Refusal };

/** What an event makes of the ledger, or why it may not follow from where the ledger stands. */
export function transition(ledger: Ledger, event: LedgerEvent): Transition {
  return event.type === 'held' || event.type === 'resumed' ? hold(ledger, event) : move(ledger, event);
}

function hold(ledger: Ledger, event: HoldEvent): Transition {
  const { hold: standing, sequence } = ledger.hold;
  if (event.type === 'held' && standing !== null) {
    return refuse('ALREADY_HELD', `${standing.by} holds it already, since ${standing.since}: ${standing.reason}`);
  }
  if (event.type === 'resumed' && standing === null) return refuse('NOT_HELD', 'nobody holds it');
  const next: Ledger = {
    ...ledger,
    hold: {
      schema: SCHEMA_VERSION,
      sequence: sequence + 1,
      hold: event.type === 'resumed' ? null : { by: actor(event.by), since: event.at, reason: short(event.reason) },
    },
  };
  return accept(ledger, next, event, { sequence: sequence + 1, time: event.at, writes: ['hold'] });
}

function move(ledger: Ledger, event: ReleaseEvent): Transition {
  const { current } = ledger;
  if (event.generation < current.generation) {
    return refuse(
      'FENCED',
      `lock generation ${event.generation} has been taken over: the ledger was written under ${current.generation} since`,
    );
  }
  const time = laterOf(event.at, current.since);
  const next = follow(ledger, event, {
    schema: SCHEMA_VERSION,
    sequence: current.sequence + 1,
    generation: event.generation,
    since: time,
    by: actor(event.by),
    rejected: current.rejected,
  });
  if ('refusal' in next) return { ok: false, refusal: next.refusal };
  const releases = next.validated ?? ledger.validated.releases;
  const validated: Validated =
    next.validated === undefined
      ? ledger.validated
      : { schema: SCHEMA_VERSION, sequence: next.current.sequence, releases: releases.slice(0, LIMITS.validated) };
  return accept(ledger, { ...ledger, current: next.current, validated }, event, {
    sequence: next.current.sequence,
    time,
    writes: next.validated === undefined ? ['current'] : ['validated', 'current'],
  });
}

type Common = Pick<Current, 'schema' | 'sequence' | 'generation' | 'since' | 'by' | 'rejected'>;
type Next =
  | { readonly current: Current; readonly validated?: readonly ValidatedRelease[] }
  | { readonly refusal: Refusal };

/** One case per event: where it may come from, and what it leads to. */
function follow(ledger: Ledger, event: ReleaseEvent, common: Common): Next {
  const { current, validated } = ledger;
  const busy = stillInProgress(current, event);
  switch (event.type) {
    case 'deploy-started': {
      if (busy) return busy;
      if (current.state === 'destroying') return { refusal: notAllowed(current, event) };
      const rejection = current.rejected.find(({ id }) => id === event.release.id);
      if (rejection !== undefined && !event.retry) return { refusal: rejected(event.release, rejection) };
      const { release, purpose } = event;
      const freezeOverride = event.freezeOverride === null ? null : short(event.freezeOverride);
      const rejectedStill = current.rejected.filter(({ id }) => id !== release.id);
      return { current: { ...common, state: 'deploying', release, purpose, freezeOverride, rejected: rejectedStill } };
    }
    case 'deploy-finished': {
      if (current.state !== 'deploying') return { refusal: notAllowed(current, event) };
      if (!isOwn(current, event)) return { refusal: notOwn(current, event) };
      const { release, freezeOverride, purpose } = current;
      const state = purpose === 'promotion' ? 'validating' : 'deployed';
      return { current: { ...common, state, release, freezeOverride } };
    }
    case 'validated': {
      if (current.state !== 'validating') return { refusal: notAllowed(current, event) };
      if (!isOwn(current, event)) return { refusal: notOwn(current, event) };
      if (!passed(event.verdict)) return { refusal: checksNotPassed(event.verdict) };
      const { release, freezeOverride } = current;
      return {
        current: { ...common, state: 'validated', release, freezeOverride, checks: counts(event.verdict) },
        validated: [
          { release, at: common.since },
          ...validated.releases.filter((entry) => entry.release.id !== release.id),
        ],
      };
    }
    case 'failed': {
      if (current.state !== 'deploying' && current.state !== 'validating')
        return { refusal: notAllowed(current, event) };
      if (!isOwn(current, event)) return { refusal: notOwn(current, event) };
      const { release, freezeOverride } = current;
      return { current: { ...common, state: 'failed', release, freezeOverride, reason: short(event.reason) } };
    }
    case 'rollback-started':
      return startRollback(current, event, common);
    case 'rolled-back': {
      if (current.state !== 'rolling-back') return { refusal: notAllowed(current, event) };
      if (!isOwn(current, event)) return { refusal: notOwn(current, event) };
      if (!passed(event.verdict)) return { refusal: checksNotPassed(event.verdict) };
      const target = { release: current.release, at: current.releaseValidatedAt };
      return {
        current: { ...current, ...common, state: 'rolled-back', checks: counts(event.verdict) },
        validated: backTo(validated.releases, target),
      };
    }
    case 'rollback-failed': {
      if (current.state !== 'rolling-back') return { refusal: notAllowed(current, event) };
      if (!isOwn(current, event)) return { refusal: notOwn(current, event) };
      return { current: { ...current, ...common, state: 'rollback-failed', failure: short(event.reason) } };
    }
    case 'drift-mended': {
      if (standingRelease(current) === null) return { refusal: notAllowed(current, event) };
      // The state is the one it was, since when it was and by whom: that it was mended is in the history.
      return { current: { ...current, sequence: common.sequence, generation: common.generation } };
    }
    case 'destroy-started': {
      if (busy) return busy;
      return { current: { ...common, state: 'destroying', release: currentRelease(current) } };
    }
    case 'destroyed': {
      if (current.state !== 'destroying') return { refusal: notAllowed(current, event) };
      if (!isOwn(current, event)) return { refusal: notOwn(current, event) };
      return { current: { ...common, state: 'empty', rejected: [] } };
    }
  }
}

/** From a running attempt of its own (it failed), from what a dead process left, or from wherever the environment rests. */
function startRollback(
  current: Current,
  event: Extract<ReleaseEvent, { type: 'rollback-started' }>,
  common: Common,
): Next {
  const undone =
    current.state === 'rolling-back' || current.state === 'rollback-failed' ? current.undone : currentRelease(current);
  if (undone === null || current.state === 'destroying') return { refusal: notAllowed(current, event) };
  const failing = (current.state === 'deploying' || current.state === 'validating') && isOwn(current, event);
  if (!failing) {
    const busy = stillInProgress(current, event);
    if (busy) return busy;
  }
  const { target, trigger } = event;
  const reason = short(event.reason);
  const rejects = event.rejects && undone.id !== target.release.id;
  const rejectedNow: Rejected[] = [
    ...(rejects ? [{ id: undone.id, at: common.since, reason }] : []),
    ...current.rejected.filter(({ id }) => id !== target.release.id && !(rejects && id === undone.id)),
  ];
  return {
    current: {
      ...common,
      state: 'rolling-back',
      release: target.release,
      releaseValidatedAt: target.at,
      undone,
      trigger,
      reason,
      rejected: rejectedNow.slice(0, LIMITS.rejected),
    },
  };
}

/** What is left to go back to, once the environment stands on `target` again: nothing that was validated after it. */
function backTo(releases: readonly ValidatedRelease[], target: ValidatedRelease): ValidatedRelease[] {
  const index = releases.findIndex(({ release }) => release.id === target.release.id);
  const older = index >= 0 ? releases.slice(index + 1) : releases.filter(({ at }) => at < target.at);
  return [target, ...older];
}

const isOwn = (current: Current, event: ReleaseEvent): boolean => event.generation === current.generation;

/** Something is going on under this very generation; only a later one may begin anew. */
function stillInProgress(current: Current, event: ReleaseEvent): { refusal: Refusal } | undefined {
  if (!isInProgress(current.state) || event.generation > current.generation) return undefined;
  return { refusal: stillRunning(current, event) };
}

/** Clocks of machines differ: time in the ledger never runs back. */
const laterOf = (one: string, other: string): string => (Date.parse(one) < Date.parse(other) ? other : one);

const passed = ({ ok, pass, fail, unknown, unexcused }: VerdictSummary): boolean =>
  ok && fail === 0 && unexcused === 0 && pass + unknown > 0;

const counts = ({ pass, unknown }: VerdictSummary) => ({ pass, unknown });

const refuse = (code: RefusalCode, message: string): Transition => ({ ok: false, refusal: { code, message } });

function accept(
  before: Ledger,
  ledger: Ledger,
  event: LedgerEvent,
  { sequence, time, writes }: { sequence: number; time: string; writes: readonly PartName[] },
): Transition {
  const record: HistoryRecord = {
    schema: SCHEMA_VERSION,
    sequence,
    time,
    from: before.current.state,
    to: ledger.current.state,
    release: currentRelease(ledger.current)?.id ?? null,
    event,
  };
  return { ok: true, ledger, record, writes };
}

const actor = (text: string): string => clip(text, LIMITS.actorBytes);
const short = (text: string): string => clip(text, LIMITS.reasonBytes);
