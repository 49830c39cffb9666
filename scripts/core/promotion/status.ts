/**
 * Where every environment stands, as rows of `npm run status`. Pure; rendering is the verb's.
 */
import type { EnvironmentConfig } from '../../../environments/environment-config.ts';
import type { FreezeStatus } from '../freeze/freeze.ts';
import { currentRelease, type Hold, isInProgress, type Ledger, type Rejected, type State } from '../ledger/ledger.ts';
import { isNewer, type ReleaseRef, type ValidatedRelease } from '../ledger/release-ref.ts';
import type { LockView } from '../lock/lease.ts';

export interface StatusFacts {
  readonly environment: Pick<EnvironmentConfig, 'name' | 'stage'>;
  /** What could not be read is unknown, and says why. */
  readonly read:
    | { readonly ok: true; readonly ledger: Ledger; readonly lock: LockView }
    | { readonly ok: false; readonly problem: string };
  readonly freeze: FreezeStatus;
}

interface RowHead {
  readonly environment: string;
  readonly stage: EnvironmentConfig['stage'];
  readonly freeze: FreezeStatus;
}

export type StatusRow = RowHead &
  (
    | { readonly known: false; readonly problem: string }
    | {
        readonly known: true;
        readonly state: State;
        /** In the midst of something that nobody is doing any more: its process died. */
        readonly abandoned: boolean;
        readonly release: ReleaseRef | null;
        /** When the state began; null where nothing ever happened. */
        readonly since: string | null;
        readonly by: string | null;
        /** Why it failed, or was rolled back. */
        readonly reason: string | null;
        readonly freezeOverride: string | null;
        readonly hold: Hold | null;
        readonly lock: LockView;
        /** The release to go back to, and what was rejected. */
        readonly lastValidated: ValidatedRelease | null;
        readonly rejected: readonly Rejected[];
        /** Newer releases than the one here, of those any environment knows; `unknown` where that can't be told. */
        readonly behind: number | 'unknown';
      }
  );

/** @param candidate a release that is deployed nowhere yet, such as the one in the working tree. */
export function statusRows(facts: readonly StatusFacts[], candidate: ReleaseRef | null = null): StatusRow[] {
  const releases = knownReleases(facts, candidate);
  return facts.map(({ environment, read, freeze }) => {
    const head = { environment: environment.name, stage: environment.stage, freeze };
    if (!read.ok) return { ...head, known: false, problem: read.problem };
    const { current, validated, hold } = read.ledger;
    const release = currentRelease(current);
    const untouched = current.sequence === 0;
    return {
      ...head,
      known: true,
      state: current.state,
      abandoned: isInProgress(current.state) && !isAtWork(read.lock, current.generation),
      release,
      since: untouched ? null : current.since,
      by: untouched ? null : current.by,
      reason: reasonOf(read.ledger),
      freezeOverride: 'freezeOverride' in current ? current.freezeOverride : null,
      hold: hold.hold,
      lock: read.lock,
      lastValidated: validated.releases[0] ?? null,
      rejected: current.rejected,
      behind: behind(release, releases),
    };
  });
}

const isAtWork = (lock: LockView, generation: number): boolean =>
  lock.held && !lock.expired && lock.generation === generation;

function reasonOf({ current }: Ledger): string | null {
  if (current.state === 'rollback-failed') return current.failure;
  return 'reason' in current ? current.reason : null;
}

function knownReleases(facts: readonly StatusFacts[], candidate: ReleaseRef | null): ReleaseRef[] {
  const all = facts.flatMap(({ read }) =>
    read.ok
      ? [currentRelease(read.ledger.current), ...read.ledger.validated.releases.map(({ release }) => release)]
      : [],
  );
  const byId = new Map(
    [...all, candidate].flatMap((release) => (release === null ? [] : [[release.id, release] as const])),
  );
  return [...byId.values()];
}

function behind(release: ReleaseRef | null, known: readonly ReleaseRef[]): number | 'unknown' {
  if (release === null) return known.length;
  const others = known.filter(({ id }) => id !== release.id);
  if (others.length > 0 && [release, ...others].some(({ committedAt }) => committedAt === null)) return 'unknown';
  return others.filter((other) => isNewer(other, release)).length;
}
