/**
 * What a target can't answer is unknown, whatever an answer looked like. Pure.
 *
 * Why: an emulator that merely records a setting would "pass" a check on it, and one that drops it would "fail";
 * neither says anything about the environment.
 */
import type { Check, Unanswerable } from '../check.ts';

/** Turns each check whose id is on the target's list into `unknown`, with the list's reason unless it has its own. */
export function markUnanswerable(checks: readonly Check[], unanswerable: readonly Unanswerable[]): Check[] {
  const reasons = new Map(unanswerable.map(({ id, reason }) => [id, reason]));
  return checks.map((check) => {
    const reason = reasons.get(check.id);
    if (reason === undefined || check.status === 'unknown') return check;
    return { ...check, status: 'unknown', actual: null, detail: reason };
  });
}
