/**
 * Why an event may not follow, in words. Pure.
 */

import { releaseLabel } from '../release/release.ts';
import type { ReleaseEvent, VerdictSummary } from './event.ts';
import type { Current, Rejected } from './ledger.ts';
import type { ReleaseRef } from './release-ref.ts';

export type RefusalCode =
  /** A later holder of the lock has written since: this one must stop. */
  | 'FENCED'
  /** The state allows no such event. */
  | 'NOT_ALLOWED'
  /** Someone else's attempt, or one of ours that is still going on. */
  | 'IN_PROGRESS'
  | 'REJECTED_RELEASE'
  | 'CHECKS_NOT_PASSED'
  | 'ALREADY_HELD'
  | 'NOT_HELD';

export interface Refusal {
  readonly code: RefusalCode;
  readonly message: string;
}

export const checksNotPassed = ({ pass, fail, unknown, unexcused }: VerdictSummary): Refusal => ({
  code: 'CHECKS_NOT_PASSED',
  message: `its checks did not pass: ${pass} passed, ${fail} failed, ${unknown} unknown, of which ${unexcused} must be known`,
});

export const rejected = (release: ReleaseRef, { at, reason }: Rejected): Refusal => ({
  code: 'REJECTED_RELEASE',
  message: `release ${releaseLabel(release)} was rejected at ${at}: ${reason}. --retry tries it again`,
});

export const notAllowed = ({ state }: Current, { type }: ReleaseEvent): Refusal => ({
  code: 'NOT_ALLOWED',
  message: `${type} can't follow from the state "${state}"`,
});

export const notOwn = (current: Current, { type, generation }: ReleaseEvent): Refusal => ({
  code: 'IN_PROGRESS',
  message: `${type} under lock generation ${generation} can't end what generation ${current.generation} began`,
});

export const stillRunning = ({ state, by }: Current, { type }: ReleaseEvent): Refusal => ({
  code: 'IN_PROGRESS',
  message: `${type} can't begin: it is still ${state}, by ${by}`,
});
