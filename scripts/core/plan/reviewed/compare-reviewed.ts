/**
 * The plan that is about to be made beside what the merged pull requests had shown for the same environment: for
 * information, as several merges may travel in one promotion. Pure.
 *
 * What a pull request showed comes from a run of its own code: it may be wrong on purpose, and nothing is decided by it.
 */
import type { Plan } from '../plan.ts';
import { byKey, differencesOf, type SingleChange, singleChanges } from '../single-changes.ts';

/** A merged pull request, and its plan as far as it can be known. */
export interface ReviewedPullRequest {
  readonly number: number;
  readonly url: string;
  readonly title: string;
  readonly reviewed: { readonly plan: Plan } | { readonly unknown: string };
}

/** What was merged between the release that is validated there and the one that comes. */
export interface MergedWork {
  /** Oldest merge first: of two plans that change one thing, the later counts. */
  readonly pullRequests: readonly ReviewedPullRequest[];
  /** Commits that came without a pull request: nobody was shown anything. */
  readonly withoutPullRequest: readonly { readonly sha: string; readonly title: string }[];
  /** What else is not known, in sentences: more commits than are looked at. */
  readonly gaps: readonly string[];
}

export interface ReviewedChange {
  readonly change: SingleChange;
  /** The last pull request that showed it. */
  readonly by: number;
}

export interface Comparison {
  readonly environment: string;
  /** Commits: validated there, and about to be deployed. */
  readonly base: string | null;
  readonly head: string;
  /** `unknown`: nothing that was reviewed could be found. */
  readonly answer: 'equal' | 'different' | 'unknown';
  /** False where a plan, or what was merged, is not known: then "equal" and "different" hold of what is. */
  readonly complete: boolean;
  /** Why not, in sentences. */
  readonly gaps: readonly string[];
  /** About to be made, and in no plan that was reviewed. */
  readonly added: readonly SingleChange[];
  /** Reviewed, and not about to be made: deployed meanwhile, or taken back by a later merge. */
  readonly gone: readonly ReviewedChange[];
  /** Of one thing another change than was reviewed. */
  readonly changed: readonly { readonly now: SingleChange; readonly reviewed: ReviewedChange }[];
  /** The last pull request planned with the very files of this release for the environment: the same bytes. */
  readonly sameFilesAs: number | null;
  readonly pullRequests: readonly {
    readonly number: number;
    readonly url: string;
    readonly title: string;
    /** How many single changes it showed; null where its plan is not known. */
    readonly changes: number | null;
    readonly unknown: string | null;
  }[];
  readonly withoutPullRequest: MergedWork['withoutPullRequest'];
}

/** @param base commit of the release that is validated there */
export function compareWithReviewed(plan: Plan, base: string, merged: MergedWork): Comparison {
  const pullRequests = merged.pullRequests.map(({ number, url, title, reviewed }) => ({
    number,
    url,
    title,
    changes: 'plan' in reviewed ? singleChanges(reviewed.plan).length : null,
    unknown: 'unknown' in reviewed ? reviewed.unknown : null,
  }));
  const reviewed = union(merged.pullRequests);
  const changes = new Map([...reviewed].map(([key, { change }]) => [key, change]));
  const { added, gone, changed } = differencesOf(changes, byKey(singleChanges(plan)));
  const gaps = gapsOf(merged);
  const nothingFound = pullRequests.length > 0 && pullRequests.every(({ changes }) => changes === null);
  const equal = added.length + gone.length + changed.length === 0;
  const shown = (change: SingleChange): ReviewedChange => ({ change, by: reviewed.get(change.key)?.by ?? 0 });
  return {
    environment: plan.environment,
    base,
    head: plan.release.commit,
    answer: nothingFound ? 'unknown' : equal ? 'equal' : 'different',
    complete: gaps.length === 0,
    gaps,
    // Where nothing is known, what is about to be made is no addition to it.
    ...(nothingFound
      ? { added: [], gone: [], changed: [] }
      : {
          added,
          gone: gone.map(shown),
          changed: changed.map(({ before, now }) => ({ now, reviewed: shown(before) })),
        }),
    sameFilesAs: plannedWithTheSameFiles(plan, merged.pullRequests),
    pullRequests,
    withoutPullRequest: merged.withoutPullRequest,
  };
}

/** What there is to say when it is not even known what was merged. */
export const incomparable = (plan: Plan, base: string | null, why: string): Comparison => ({
  environment: plan.environment,
  base,
  head: plan.release.commit,
  answer: 'unknown',
  complete: false,
  gaps: [why],
  added: [],
  gone: [],
  changed: [],
  sameFilesAs: null,
  pullRequests: [],
  withoutPullRequest: [],
});

/** By key; a later merge goes before an earlier one. */
function union(requests: readonly ReviewedPullRequest[]): Map<string, ReviewedChange> {
  const all = requests.flatMap(({ number, reviewed }) =>
    'plan' in reviewed ? singleChanges(reviewed.plan).map((change) => ({ change, by: number })) : [],
  );
  return new Map(all.map((each) => [each.change.key, each]));
}

function gapsOf({ pullRequests, withoutPullRequest, gaps }: MergedWork): string[] {
  const unknown = pullRequests.filter(({ reviewed }) => 'unknown' in reviewed).length;
  const commits = withoutPullRequest.length;
  return [
    ...(unknown > 0 ? [`What ${unknown} of ${pullRequests.length} pull requests had shown is not known.`] : []),
    ...(commits > 0 ? [`${commits} ${commits === 1 ? 'commit' : 'commits'} came without a pull request.`] : []),
    ...gaps,
  ];
}

function plannedWithTheSameFiles(plan: Plan, requests: readonly ReviewedPullRequest[]): number | null {
  const same = requests.findLast(
    ({ reviewed }) => 'plan' in reviewed && reviewed.plan.release.digest === plan.release.digest,
  );
  return same?.number ?? null;
}
