/** What became of a set-up: each change done, done in part, refused, or not begun, and why. Pure. */

import { type Cause, few } from '../cause.ts';
import { renderMarkdownTable, renderTable, type TableContent } from '../render/table.ts';
import type { Change, Compared } from './changes.ts';
import { type Difference, type Facet, showFacet } from './differences.ts';
import type { Note } from './notes.ts';

export type ChangeState = 'done' | 'in part' | 'refused' | 'not begun';

export interface ChangeOutcome {
  readonly change: Change;
  readonly state: ChangeState;
  /** What was not done, why, and what to do; empty where all was. */
  readonly reason: string;
}

export interface SetupOutcome {
  readonly repository: string;
  /** Nothing was written because nobody asked for it. */
  readonly dryRun: boolean;
  readonly compared: readonly Compared[];
  /** What was to be done, in its order. */
  readonly changes: readonly Change[];
  /** Empty in a dry run. */
  readonly outcomes: readonly ChangeOutcome[];
  /** What differs although GitHub took every call. */
  readonly unkept: readonly Difference[];
  /** Why nobody could look again whether GitHub kept what was written; empty when somebody did. */
  readonly unverified: string;
  readonly notes: readonly Note[];
}

/** Whether the repository is set up now, or would be. */
export const isComplete = ({ outcomes, unkept, unverified, compared }: SetupOutcome): boolean =>
  outcomes.every(({ state }) => state === 'done') &&
  unkept.length === 0 &&
  unverified === '' &&
  untoldOf(compared).length === 0;

const untoldOf = (compared: readonly Compared[]): readonly (readonly [subject: string, reason: string])[] =>
  compared.flatMap(({ subject, untold }) =>
    untold.map(({ setting, reason }) => [setting === undefined ? subject : `${subject}: ${setting}`, reason] as const),
  );

/** The difference, for people to see before anything is done. */
export function renderDifferences(changes: readonly Change[]): string {
  return renderTable(differenceTable(changes));
}

export function renderOutcome(outcome: SetupOutcome): string {
  return parts(outcome, renderTable, '\n').join('\n\n');
}

export function renderOutcomeMarkdown(outcome: SetupOutcome): string {
  return parts(outcome, renderMarkdownTable, '\n\n').join('\n\n');
}

function parts(outcome: SetupOutcome, table: (content: TableContent) => string, gap: string): readonly string[] {
  const { changes, outcomes, notes } = outcome;
  const section = (title: string, content: TableContent): string[] =>
    content.rows.length === 0 ? [] : [`${title}${gap}${table(content)}`];
  return [
    ...(outcome.dryRun ? section('What would be changed:', differenceTable(changes)) : []),
    ...section('What was done:', {
      head: ['subject', 'result'],
      rows: outcomes.map(({ change, state }) => [change.subject, state]),
    }),
    ...troubles(outcome),
    ...section('Worth knowing:', {
      head: ['', 'subject', ''],
      rows: notes.map(({ kind, subject, text }) => [kind, subject, wrap(text)]),
    }),
    headline(outcome),
  ];
}

/** What keeps it from being complete, a line each. */
function troubles({ outcomes, unkept, unverified, compared }: SetupOutcome): readonly string[] {
  const failed = outcomes.filter(({ state }) => state !== 'done');
  return [
    ...byReason(failed).map(
      ({ state, reason, subjects }) => `${state.toUpperCase()}: ${subjects.join(', ')}. ${reason}`,
    ),
    ...unkept.map(
      ({ subject, setting, found, wanted }) =>
        `NOT KEPT: ${subject}: ${setting} is ${showFacet(found)} and not ${showFacet(wanted)}, although GitHub took the call. ` +
        'Set it by hand under Settings.',
    ),
    ...(unverified === '' ? [] : [`UNKNOWN: whether GitHub kept all of it. ${unverified} Run it again.`]),
    ...untoldOf(compared).map(([subject, reason]) => `UNKNOWN: ${subject}. ${reason}`),
  ];
}

/** Why a set-up ends with a failure; undefined where it is complete. */
export const causeOfSetup = (outcome: SetupOutcome): Cause | undefined =>
  isComplete(outcome)
    ? undefined
    : { code: 'NOT_SET_UP', message: [...few(troubles(outcome)), headline(outcome)].join('\n') };

/** What failed for one reason is said once. */
function byReason(outcomes: readonly ChangeOutcome[]) {
  const groups = new Map<string, { state: ChangeState; reason: string; subjects: string[] }>();
  for (const { change, state, reason } of outcomes) {
    const key = `${state} ${reason}`;
    const group = groups.get(key) ?? { state, reason, subjects: [] };
    group.subjects.push(change.subject);
    groups.set(key, group);
  }
  return [...groups.values()];
}

function headline(outcome: SetupOutcome): string {
  const { repository, dryRun, changes, outcomes } = outcome;
  const same = outcome.compared.length - changes.length;
  if (changes.length === 0 && isComplete(outcome))
    return `${repository} is set up: nothing to change (${same} settings compared).`;
  if (dryRun) return `${repository}: ${count(changes.length)} to make; nothing was changed (--dry-run).`;
  const done = outcomes.filter(({ state }) => state === 'done').length;
  if (isComplete(outcome)) return `${repository} is set up: ${count(done)} made.`;
  return `${repository} is NOT set up: ${done} of ${count(changes.length)} made. What is said above needs a person; then run it again.`;
}

const count = (number: number): string => `${number} change${number === 1 ? '' : 's'}`;

function differenceTable(changes: readonly Change[]): TableContent {
  return {
    head: ['subject', 'setting', 'is', 'shall be'],
    rows: changes.flatMap(({ differences }) =>
      differences.map(({ subject, setting, found, wanted }, index) => [
        index === 0 ? subject : '',
        setting,
        cell(found),
        cell(wanted),
      ]),
    ),
  };
}

/** Long lists one item a line. */
const cell = (value: Facet | undefined): string =>
  Array.isArray(value) && value.length > 2 ? value.join('\n') : showFacet(value);

const WIDTH = 90;

function wrap(text: string): string {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last === undefined || last.length + word.length >= WIDTH) lines.push(word);
    else lines[lines.length - 1] = `${last} ${word}`;
  }
  return lines.join('\n');
}

/** For machines. */
export function outcomeDocument(outcome: SetupOutcome): Readonly<Record<string, unknown>> {
  const { repository, dryRun, changes, outcomes, unkept, unverified, notes, compared } = outcome;
  return {
    repository,
    dryRun,
    differences: changes.flatMap(({ differences }) => differences),
    changes: changes.map(({ subject }) => {
      const found = outcomes.find(({ change }) => change.subject === subject);
      return { subject, state: found?.state ?? 'not begun', reason: found?.reason ?? '' };
    }),
    unkept,
    unverified,
    unknown: untoldOf(compared).map(([subject, reason]) => ({ subject, reason })),
    notes,
  };
}
