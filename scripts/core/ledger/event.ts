/**
 * What can happen to an environment: events, each with who, when and why. An event is a fact the caller vouches for;
 * `transition` decides whether it may follow from where the ledger stands. Pure.
 */
import { z } from 'zod';
import type { Check, Verdict } from '../check.ts';
import { momentSchema, releaseRefSchema, validatedReleaseSchema } from './release-ref.ts';

const stamp = {
  /** When it happened: `Date.toISOString()`. */
  at: momentSchema,
  /** Who did it: a GitHub login and run, or a user and host. */
  by: z.string().min(1),
};
const locked = {
  ...stamp,
  /** Generation of the lock it happens under. */
  generation: z.int().min(1),
};
const reason = z.string().min(1);
/** What failed, one line each: kept in the history only. */
const details = z.array(z.string()).default([]);

const verdictSummarySchema = z.strictObject({
  ok: z.boolean(),
  pass: z.int().min(0),
  fail: z.int().min(0),
  unknown: z.int().min(0),
  /** Unknown checks the target's list does not excuse. */
  unexcused: z.int().min(0),
});
export type VerdictSummary = z.infer<typeof verdictSummarySchema>;

const type = <Name extends string>(name: Name) => ({ type: z.literal(name) });

/** Need the lock. */
export const releaseEventSchema = z.discriminatedUnion('type', [
  z.strictObject({
    ...type('deploy-started'),
    ...locked,
    release: releaseRefSchema,
    /** `promotion` goes on to validate; a bare `deploy` ends in `deployed`. */
    purpose: z.enum(['promotion', 'deploy']),
    /** `--retry`: try again what was rejected here. */
    retry: z.boolean().default(false),
    /** The reason given with `--override-freeze`, when a freeze was in force. */
    freezeOverride: reason.nullable().default(null),
  }),
  /** Every stack holds the release. */
  z.strictObject({ ...type('deploy-finished'), ...locked }),
  z.strictObject({ ...type('validated'), ...locked, verdict: verdictSummarySchema }),
  /** Did not deploy or validate, and nothing is rolled back. */
  z.strictObject({ ...type('failed'), ...locked, reason, details }),
  z.strictObject({
    ...type('rollback-started'),
    ...locked,
    target: validatedReleaseSchema,
    trigger: z.enum(['automatic', 'manual']),
    /** Whether the release that is undone is rejected. Not so where a hold keeps it out: `resume` lets it in again. */
    rejects: z.boolean(),
    reason,
    details,
  }),
  z.strictObject({ ...type('rolled-back'), ...locked, verdict: verdictSummarySchema }),
  z.strictObject({ ...type('rollback-failed'), ...locked, reason, details }),
  /** `drift --fix`: the release that stands here was deployed once more; its state is what it was. */
  z.strictObject({
    ...type('drift-mended'),
    ...locked,
    /** What differed before, and what still does: `/MemorySize of order-intake-dev`; or that alone which `notKnown` says. */
    before: z.array(z.string()),
    after: z.array(z.string()),
    /** Stacks that could not be deployed, with CloudFormation's reason. */
    details,
  }),
  z.strictObject({ ...type('destroy-started'), ...locked, reason }),
  z.strictObject({ ...type('destroyed'), ...locked }),
]);

/** Need no lock: a hold counts at once, also while someone deploys. */
export const holdEventSchema = z.discriminatedUnion('type', [
  z.strictObject({ ...type('held'), ...stamp, reason }),
  z.strictObject({ ...type('resumed'), ...stamp, reason }),
]);

export const eventSchema = z.union([releaseEventSchema, holdEventSchema]);
export type ReleaseEvent = z.infer<typeof releaseEventSchema>;
export type HoldEvent = z.infer<typeof holdEventSchema>;
export type LedgerEvent = ReleaseEvent | HoldEvent;

/** An event as callers write it: defaults left out, and the lock adds its generation. */
export type ReleaseEventInput = WithoutGeneration<z.input<typeof releaseEventSchema>>;
type WithoutGeneration<Event> = Event extends unknown ? Omit<Event, 'generation'> : never;

const NOT_KNOWN = 'not known: ';

/** What differs after a deployment that nobody could look at: an empty list would say that all is mended. */
export const notKnown = (why: string): string[] => [`${NOT_KNOWN}${why}`];

export const isNotKnown = (after: readonly string[]): boolean => after.some((line) => line.startsWith(NOT_KNOWN));

export function summarizeVerdict({ ok, counts, unexcused }: Verdict): VerdictSummary {
  return { ok, ...counts, unexcused: unexcused.length };
}

/** The checks that stand in the way, one line each, for an event's `details`. */
export function describeBlocking({ failed, unexcused }: Verdict): string[] {
  return [...failed, ...unexcused].map(
    ({ id, subject, status, detail }: Check) => `${status}: ${id} of ${subject}${detail === '' ? '' : `: ${detail}`}`,
  );
}
