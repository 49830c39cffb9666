/**
 * What git fetches, and what it then checks out. Pure.
 *
 * Source: src/ref-helper.ts of actions/checkout v7.0.1.
 */
import type { Settings } from './settings.ts';

type Wanted = Pick<Settings, 'ref' | 'commit' | 'tags'>;

const TAGS = '+refs/tags/*:refs/tags/*';
const HEADS = '+refs/heads/*:refs/remotes/origin/*';

/** All branches and tags, and the merge commit of a pull request, which is neither. */
export function refSpecsOfAll({ ref, commit }: Pick<Wanted, 'ref' | 'commit'>): readonly string[] {
  return [HEADS, TAGS, ...(ref.startsWith('refs/pull/') ? whereNamed(ref, commit) : [])];
}

/** A branch is fetched by the event's commit, not by its newest one: the run is about that commit. */
export function refSpecs({ ref, commit, tags }: Wanted): readonly string[] {
  const specs = whereNamed(ref, commit);
  return tags ? [TAGS, ...specs.filter((spec) => !spec.includes('refs/tags/'))] : specs;
}

function whereNamed(ref: string, commit: string): readonly string[] {
  const place = trackingName(ref);
  if (ref === '') return [commit];
  if (ref.startsWith('refs/tags/')) return [`+${ref}:${ref}`];
  if (place !== undefined) return [`+${commit || ref}:${place}`];
  if (ref.startsWith('refs/')) return [commit || `+${ref}:${ref}`];
  // A bare name: branch or tag, whichever is there.
  return [`+refs/heads/${ref}*:refs/remotes/origin/${ref}*`, `+refs/tags/${ref}*:refs/tags/${ref}*`];
}

/** Where a ref of the remote is kept; undefined where it is not kept under a name. */
export function trackingName(ref: string): string | undefined {
  if (ref.startsWith('refs/heads/')) return ref.replace('refs/heads/', 'refs/remotes/origin/');
  if (ref.startsWith('refs/pull/')) return ref.replace('refs/pull/', 'refs/remotes/pull/');
  return undefined;
}

/** Arguments of `git checkout`: a branch gets a local one, everything else a detached HEAD. */
export function checkoutArguments(ref: string, commit: string): readonly string[] {
  if (ref === '') return [commit];
  if (ref.startsWith('refs/heads/')) {
    return ['-B', ref.slice('refs/heads/'.length), trackingName(ref) as string];
  }
  return [trackingName(ref) ?? (ref.startsWith('refs/tags/') ? ref : commit || ref)];
}
