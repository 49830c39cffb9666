/**
 * What the ledger itself says about drift: is it recorded, settled and held no longer than a week, and does main still
 * have its release? Pure.
 */
import type { Current, Ledger } from '../ledger/ledger.ts';
import { currentRelease, isInProgress } from '../ledger/ledger.ts';
import { shortId } from '../release/release.ts';
import type { DriftCheck } from './drift-check.ts';

const LONGEST_HOLD_DAYS = 7;
const DAY_MS = 86_400_000;

/** Where the release's commit is, seen from the branch that is promoted. */
export type OnMain =
  | { readonly known: true; readonly branch: string; readonly contained: boolean; readonly behind: number }
  | { readonly known: false; readonly reason: string };

export interface LedgerFacts {
  readonly environment: string;
  /** ` --local`, or nothing. */
  readonly aim: string;
  readonly ledger: Ledger;
  /** Someone holds the environment's lock, and lives. */
  readonly atWork: boolean;
  readonly onMain: OnMain;
  readonly now: Date;
}

export interface LedgerJudgement {
  readonly checks: readonly DriftCheck[];
  readonly notes: readonly string[];
}

/** Of a ledger that names a release. */
export function judgeLedger(facts: LedgerFacts): LedgerJudgement {
  const release = currentRelease(facts.ledger.current);
  if (release === null) return { checks: [], notes: [] };
  const { environment, onMain } = facts;
  const behind =
    onMain.known && onMain.contained && onMain.behind > 0
      ? [`${environment} is ${onMain.behind} ${onMain.behind === 1 ? 'commit' : 'commits'} behind ${onMain.branch}.`]
      : [];
  return {
    checks: [judgeState(facts), judgeHold(facts), judgeCommit(facts, release)],
    notes: behind,
  };
}

/** Stacks that move are not compared: what is found would be half of one release and half of another. */
export const isMoving = ({ ledger, atWork }: Pick<LedgerFacts, 'ledger' | 'atWork'>): boolean =>
  isInProgress(ledger.current.state) && atWork;

/** In place of every other check while a deployment is at work. */
export const movingCheck = (environment: string, { state }: Current): DriftCheck => ({
  ...base('release.state', environment),
  expected: 'at rest',
  actual: state,
  status: 'unknown',
  detail: 'A deployment is at work. Look again when it has ended.',
});

/** For stacks that no ledger speaks of. */
export const unrecordedCheck = (environment: string, aim: string, stacks: readonly string[]): DriftCheck => ({
  ...base('release.recorded', environment),
  expected: stacks.length === 0 ? 'nothing deployed' : 'a release in the ledger',
  actual: stacks.length === 0 ? 'nothing deployed' : `stacks and no release: ${stacks.join(', ')}`,
  status: stacks.length === 0 ? 'pass' : 'fail',
  detail:
    stacks.length === 0
      ? ''
      : `Deployed past the ledger, by \`cdk deploy\` or \`npm run deploy\`. A promotion adopts it: npm run promote -- --only ${environment}${aim}`,
});

function judgeState({ environment, aim, ledger: { current } }: LedgerFacts): DriftCheck {
  const settled = ['validated', 'rolled-back', 'deployed'].includes(current.state);
  return {
    ...base('release.state', environment),
    expected: 'a release that was deployed as a whole',
    actual: current.state,
    status: settled ? 'pass' : 'fail',
    detail: settled
      ? ''
      : `What runs may be half of one release and half of another. Promote again: npm run promote -- --only ${environment}${aim} --retry. ` +
        `Or go back: npm run rollback -- --env ${environment}${aim}`,
  };
}

function judgeHold({ environment, aim, ledger, now }: LedgerFacts): DriftCheck {
  const { hold } = ledger.hold;
  const days = hold === null ? 0 : (now.getTime() - Date.parse(hold.since)) / DAY_MS;
  const old = days > LONGEST_HOLD_DAYS;
  return {
    ...base('release.hold', environment),
    expected: `no hold older than ${LONGEST_HOLD_DAYS} days`,
    actual: hold === null ? 'no hold' : `held by ${hold.by} since ${hold.since}: ${hold.reason}`,
    status: old ? 'fail' : 'pass',
    detail: old
      ? `Held for ${Math.floor(days)} days, so nothing from main gets here. npm run resume -- --env ${environment}${aim} --reason "…"`
      : '',
  };
}

function judgeCommit(
  { environment, aim, onMain }: LedgerFacts,
  { id, commit, dirty }: NonNullable<ReturnType<typeof currentRelease>>,
): DriftCheck {
  const subject = base('release.on-main', environment);
  const actual = `release ${shortId(id)} of commit ${commit.slice(0, 12)}${dirty ? ' with uncommitted changes' : ''}`;
  if (commit === 'unknown' || dirty) {
    const detail = 'It was made of uncommitted changes, or where git was not: nobody can say what of main it holds.';
    return { ...subject, expected: 'a commit of main', actual, status: 'unknown', detail };
  }
  if (!onMain.known)
    return { ...subject, expected: 'a commit of main', actual, status: 'unknown', detail: onMain.reason };
  return {
    ...subject,
    expected: `a commit of ${onMain.branch}`,
    actual,
    status: onMain.contained ? 'pass' : 'fail',
    detail: onMain.contained
      ? ''
      : `${onMain.branch} no longer has this commit: its history was rewritten, or it never went through a pull request. npm run promote -- --only ${environment}${aim}`,
  };
}

const base = (id: string, environment: string): Pick<DriftCheck, 'id' | 'property' | 'subject' | 'detector'> => ({
  id,
  property: id,
  subject: environment,
  detector: 'release',
});
