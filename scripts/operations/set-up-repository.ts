/**
 * Sets a GitHub repository up: compares it with what it shall be, shows the difference, writes what differs in an order that
 * protects before it opens, and looks again whether GitHub kept it.
 */

import type { GitHub } from '../adapters/github/client.ts';
import { GitHubCallError } from '../adapters/github/failure.ts';
import { readActionsApp, readRepositorySettings } from '../adapters/github/repository-settings/read.ts';
import { type ReviewerIds, resolveReviewers } from '../adapters/github/repository-settings/reviewers.ts';
import { writeSetting } from '../adapters/github/repository-settings/write.ts';
import { type Change, planSettings, type SettingsPlan } from '../core/github-settings/changes.ts';
import { type DesiredInput, desiredSettings } from '../core/github-settings/desired.ts';
import { type NotesInput, notesOf } from '../core/github-settings/notes.ts';
import { type ChangeOutcome, renderDifferences, type SetupOutcome } from '../core/github-settings/outcome.ts';
import type { CurrentSettings, DesiredSettings } from '../core/github-settings/settings.ts';
import type { Reporter } from '../core/progress.ts';

/** What a repository is compared with. */
export interface WantedInput
  extends Pick<DesiredInput, 'environments' | 'overridden' | 'reviewers' | 'usedActions'>,
    Pick<NotesInput, 'trusted'> {
  /** What messages call the file of the reviewers. */
  readonly reviewersFile: string;
}

export interface Comparison extends SettingsPlan {
  readonly current: CurrentSettings;
  readonly desired: DesiredSettings;
  readonly notes: SetupOutcome['notes'];
}

/** Reads only. @throws GitHubCallError where repository or token is wrong, or GitHub can't be reached */
export async function compareRepository(github: GitHub, wanted: WantedInput): Promise<Comparison> {
  const [current, actionsApp] = await Promise.all([readRepositorySettings(github), readActionsApp(github)]);
  const desired = desiredSettings({ ...wanted, repository: current.repository, actionsApp });
  const accounts = Object.fromEntries(wanted.environments.map(({ name, account }) => [name, account]));
  return {
    ...planSettings(current, desired),
    current,
    desired,
    notes: notesOf({ current, desired, ...wanted, accounts }),
  };
}

export interface SetUpOptions {
  readonly dryRun: boolean;
  readonly reporter: Reporter;
}

/**
 * What GitHub refuses is part of the outcome, as is what was not begun for it.
 * @throws UnknownReviewersError before anything is written; GitHubCallError where GitHub can't be read
 */
export async function setUpRepository(
  github: GitHub,
  wanted: WantedInput,
  { dryRun, reporter }: SetUpOptions,
): Promise<SetupOutcome> {
  const { current, desired, compared, changes, notes } = await compareRepository(github, wanted);
  const names = desired.environments.flatMap(({ reviewers }) => reviewers);
  const ids = await resolveReviewers(github, names, wanted.reviewersFile);
  const outcome = { repository: current.repository.name, dryRun, compared, changes, notes };
  if (dryRun || changes.length === 0) return { ...outcome, outcomes: [], unkept: [], unverified: '' };

  reporter.info(`To be changed in ${outcome.repository}:\n${renderDifferences(changes)}`);
  const unread = compared.filter(({ untold }) => untold.some(({ setting }) => setting === undefined));
  const outcomes = await writeAll(
    changes,
    unread.map(({ subject }) => subject),
    (change) => writeOne(github, change, ids, reporter),
  );
  return { ...outcome, outcomes, ...(await lookAgain(github, desired, outcomes)) };
}

/** After one of these nothing else can go well either. */
const HOPELESS = ['token-refused', 'rate-limited', 'unavailable'];

type Written = ChangeOutcome & { readonly hopeless: boolean };

async function writeAll(
  changes: readonly Change[],
  unread: readonly string[],
  write: (change: Change) => Promise<Written>,
): Promise<readonly ChangeOutcome[]> {
  const outcomes: Written[] = [];
  for (const change of changes) {
    const stop = outcomes.find(({ hopeless }) => hopeless);
    const open = [...outcomes.filter(({ state }) => state !== 'done').map((each) => each.change.subject), ...unread];
    if (stop !== undefined) {
      outcomes.push(notBegun(change, `It comes after ${stop.change.subject}.`));
    } else if (change.opens && open.length > 0) {
      outcomes.push(notBegun(change, `It lets more in, and what protects is not complete: ${open.join(', ')}.`));
    } else {
      outcomes.push(await write(change));
    }
  }
  return outcomes.map(({ hopeless: _, ...outcome }) => outcome);
}

const notBegun = (change: Change, reason: string): Written => ({
  change,
  state: 'not begun',
  reason,
  hopeless: false,
});

async function writeOne(github: GitHub, change: Change, ids: ReviewerIds, reporter: Reporter): Promise<Written> {
  const task = reporter.task(change.subject);
  try {
    const refusals = await writeSetting(github, change.write, ids);
    const state = refusals.length === 0 ? 'done' : 'in part';
    if (state === 'done') task.done();
    else task.fail('in part');
    return { change, state, reason: refusals.join(' '), hopeless: false };
  } catch (error) {
    task.fail('refused');
    if (!(error instanceof GitHubCallError)) throw error;
    return { change, state: 'refused', reason: error.message, hopeless: HOPELESS.includes(error.kind) };
  }
}

/** A call can be taken and a part of it ignored: only a second look says so. What was done is told, whatever becomes of it. */
async function lookAgain(
  github: GitHub,
  desired: DesiredSettings,
  outcomes: readonly ChangeOutcome[],
): Promise<Pick<SetupOutcome, 'unkept' | 'unverified'>> {
  const done = new Set(outcomes.filter(({ state }) => state === 'done').map(({ change }) => change.subject));
  if (done.size === 0) return { unkept: [], unverified: '' };
  try {
    const { changes } = planSettings(await readRepositorySettings(github), desired);
    const unkept = changes.filter(({ subject }) => done.has(subject)).flatMap(({ differences }) => differences);
    return { unkept, unverified: '' };
  } catch (error) {
    if (!(error instanceof GitHubCallError)) throw error;
    return { unkept: [], unverified: error.message };
  }
}
