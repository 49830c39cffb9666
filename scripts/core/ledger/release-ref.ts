/**
 * How the ledger names a release: enough to find it in the store, to compare it, and to tell a person which it is. Pure.
 */
import { z } from 'zod';
import type { Release } from '../release/release.ts';

/** Milliseconds always, as `Date.toISOString` writes them: so that times of the ledger also sort as text. */
export const momentSchema = z.iso.datetime({ precision: 3 });

const digest = z.string().regex(/^[0-9a-f]{64}$/, 'a SHA-256 in lower-case hex');

export const releaseRefSchema = z.strictObject({
  /** SHA-256 of the whole release: the key of its archive in the store. */
  id: digest,
  /** SHA-256 of this environment's assembly alone: what its stacks are made of. */
  digest,
  /** Git commit, or `unknown`. */
  commit: z.string().min(1).max(64),
  /** When that commit was made: the order of releases. null: not known, such a release is neither newer nor older. */
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

/**
 * What the ledger of an environment keeps of a release.
 * @throws RangeError for an environment the release does not hold: the caller has checked that.
 */
export function releaseRefOf(release: Release, environment: string): ReleaseRef {
  const { id, commit, committedAt, dirty } = release;
  const digest = release.environments[environment]?.digest;
  if (digest === undefined) throw new RangeError(`Release ${id} holds no ${environment}`);
  return { id, digest, commit, committedAt, dirty };
}
