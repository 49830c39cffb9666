/**
 * How the ledger names a release: enough to find it in the store, to compare it, and to tell a person which it is. Pure.
 */
import { z } from 'zod';

/** Milliseconds always, as `Date.toISOString` writes them: so that times of the ledger also sort as text. */
export const momentSchema = z.iso.datetime({ precision: 3 });

const digest = z.string().regex(/^[0-9a-f]{64}$/, 'a SHA-256 in lower-case hex');

export const releaseRefSchema = z.strictObject({
  /** SHA-256 of the whole release: the key of its archive in the store. */
  id: digest,
  /** SHA-256 of this environment's assembly alone: what its stacks are made of. */
  digest,
  /** Git commit, 40 hex digits; null: not made from a Git repository. */
  commit: z
    .string()
    .regex(/^[0-9a-f]{40}$/)
    .nullable(),
  /** When that commit was made: the order of releases. null: unknown, such a release is neither newer nor older. */
  committedAt: z.iso.datetime({ offset: true }).nullable(),
  /** Made from a working tree with uncommitted changes. */
  dirty: z.boolean(),
});
export type ReleaseRef = z.infer<typeof releaseRefSchema>;

/** A release whose checks passed in an environment. */
export const validatedReleaseSchema = z.strictObject({
  release: releaseRefSchema,
  /** When they passed. */
  at: momentSchema,
});
export type ValidatedRelease = z.infer<typeof validatedReleaseSchema>;

/** True only where both commits' times are known and differ: what cannot be known supersedes nothing. */
export function isNewer(candidate: ReleaseRef, than: ReleaseRef): boolean {
  if (candidate.committedAt === null || than.committedAt === null) return false;
  return Date.parse(candidate.committedAt) > Date.parse(than.committedAt);
}

/** `4f2a90c1b7d3 (commit 9be1f00, dirty)`: how every message names a release. */
export function describeRelease({ id, commit, dirty }: ReleaseRef): string {
  const origin = commit === null ? 'no commit' : `commit ${commit.slice(0, 7)}`;
  return `${id.slice(0, 12)} (${origin}${dirty ? ', dirty' : ''})`;
}
