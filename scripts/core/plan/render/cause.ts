/** Why plans end a command with a failure, in the few words of an annotation. Pure. */
import { type Cause, few } from '../../cause.ts';
import type { Plan } from '../plan.ts';
import { cut, visible } from './safe-text.ts';

/** Characters of a reason. */
const REASON = 400;

/** Undefined where nothing stands against any of them. */
export function causeOfPlans(plans: readonly Plan[]): Cause | undefined {
  const refused = plans.filter(({ verdict }) => !verdict.ok);
  if (refused.length === 0) return undefined;
  const failures = refused.flatMap(({ verdict }) => verdict.failures);
  const lines = refused.flatMap(({ environment, verdict: { failures: own } }) => [
    `${visible(environment)}: ${own.length} ${own.length === 1 ? 'reason stands' : 'reasons stand'} against the plan`,
    ...few(own.map(({ stack, text }) => `  ${visible(stack)}: ${visible(cut(text, REASON))}`)),
  ]);
  const meant = 'If the loss of data is meant, say so with the label allow-destructive, or with --allow-destructive.';
  const next = failures.some(({ code }) => code === 'destructive') ? [meant] : [];
  return { code: 'PLAN_REFUSED', message: [...lines, ...next].join('\n') };
}
