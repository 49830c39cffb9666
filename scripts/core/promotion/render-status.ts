/**
 * Where every environment stands, and what happened in one of them, for people. Pure.
 */
import type { Cause } from '../cause.ts';
import type { FreezeStatus } from '../freeze/freeze.ts';
import { describeFreeze } from '../freeze/freeze.ts';
import { isNotKnown } from '../ledger/event.ts';
import type { MarkedRecord } from '../ledger/history.ts';
import { releaseLabel, shortId } from '../release/release.ts';
import { renderMarkdownTable, renderTable, type TableContent } from '../render/table.ts';
import type { StatusRow } from './status.ts';

export interface Rendered {
  readonly text: string;
  readonly markdown: string;
  readonly counts: { readonly rows: number; readonly unknown: number };
}

export function renderStatus(rows: readonly StatusRow[]): Rendered {
  const table: TableContent = {
    head: ['environment', 'state', 'release', 'commit', 'since', 'by', 'behind', 'hold', 'lock'],
    rows: rows.map(cellsOf),
  };
  const notes = rows.flatMap(notesOf);
  return {
    text: [renderTable(table), ...notes].join('\n'),
    markdown: [renderMarkdownTable(table), ...notes].join('\n\n'),
    counts: { rows: rows.length, unknown: rows.filter(({ known }) => !known).length },
  };
}

/** Why `status` ends with a failure; undefined where every environment could be read. */
export function causeOfUnknown(rows: readonly StatusRow[]): Cause | undefined {
  const lines = rows.flatMap((row) => (row.known ? [] : [`${row.environment}: ${row.problem}`]));
  if (lines.length === 0) return undefined;
  const head = 'Where these stand is not known, as they could not be read:';
  return { code: 'STATE_UNKNOWN', message: [head, ...lines, 'Mend that, then again: npm run status'].join('\n') };
}

function cellsOf(row: StatusRow): string[] {
  if (!row.known) return [row.environment, 'unknown', '', '', '', '', '', '', ''];
  const { environment, state, abandoned, release, since, by, behind, hold, lock } = row;
  return [
    environment,
    abandoned ? `${state} (abandoned)` : state,
    release === null ? '' : shortId(release.id),
    release === null ? '' : `${shortId(release.commit)}${release.dirty ? ' (dirty)' : ''}`,
    since ?? '',
    by ?? '',
    release === null ? '' : String(behind),
    hold === null ? '' : `by ${hold.by}`,
    lock.held ? `by ${lock.by}, ${lock.ageSeconds} s${lock.expired ? ', ran out' : ''}` : '',
  ];
}

/** What a cell has no room for, one line each. */
function notesOf(row: StatusRow): string[] {
  const frozen = freezeNote(row.freeze);
  const own = row.known ? knownNotes(row) : [row.problem];
  return [...own, ...frozen].map((note) => `${row.environment}: ${note}`);
}

function knownNotes(row: Extract<StatusRow, { known: true }>): string[] {
  const { environment, state, abandoned, reason, hold, lock, freezeOverride, rejected, release } = row;
  return [
    ...(reason === null ? [] : [`${state}: ${reason}`]),
    ...(abandoned ? [`was left ${state} by a process that died; npm run promote or rollback takes it up`] : []),
    ...(hold === null
      ? []
      : [
          `held by ${hold.by} since ${hold.since}: ${hold.reason}. npm run resume -- --env ${environment} --reason "…"`,
        ]),
    ...(lock.held ? [`locked by ${lock.by} (${lock.doing})`] : []),
    ...(freezeOverride === null ? [] : [`deployed in a freeze: ${freezeOverride}`]),
    ...(release?.dirty ? [`${releaseLabel(release)}`] : []),
    ...rejected.map(({ id, at, reason: why }) => `rejected ${shortId(id)} at ${at}: ${why}`),
  ];
}

const freezeNote = (freeze: FreezeStatus): string[] => (freeze.frozen ? [`frozen ${describeFreeze(freeze)}`] : []);

/** @param records oldest first */
export function renderHistory(environment: string, records: readonly MarkedRecord[]): Rendered {
  const table: TableContent = {
    head: ['time', 'event', 'state', 'release', 'by', 'what'],
    rows: records.map(({ time, event, to, release, applied }) => [
      time,
      applied ? event.type : `${event.type} (never took effect)`,
      to,
      release === null ? '' : shortId(release),
      event.by,
      describeEvent(event),
    ]),
  };
  const none = `${environment} has no history yet.`;
  return {
    text: records.length === 0 ? none : renderTable(table),
    markdown: records.length === 0 ? none : renderMarkdownTable(table),
    counts: { rows: records.length, unknown: 0 },
  };
}

/** Characters of what people and services wrote; `--json` has it all. */
const WIDTH = 100;

function describeEvent(event: MarkedRecord['event']): string {
  switch (event.type) {
    case 'deploy-started': {
      const how = [
        event.retry ? '--retry' : '',
        event.freezeOverride === null ? '' : `freeze overridden: ${event.freezeOverride}`,
      ];
      return cut([releaseLabel(event.release), ...how].filter(Boolean).join(', '));
    }
    case 'validated':
    case 'rolled-back':
      return `${event.verdict.pass} checks passed${event.verdict.unknown > 0 ? `, ${event.verdict.unknown} unknown` : ''}`;
    case 'rollback-started':
      return cut(`${event.trigger}, to ${shortId(event.target.release.id)}: ${event.reason}`);
    case 'drift-mended':
      return cut(`${countMended(event)} of ${event.before.length}: ${event.before.join(', ')}`);
    case 'failed':
    case 'rollback-failed':
    case 'destroy-started':
    case 'held':
    case 'resumed':
      return cut(event.reason);
    case 'deploy-finished':
    case 'destroyed':
      return '';
  }
}

const countMended = ({ before, after }: Extract<MarkedRecord['event'], { type: 'drift-mended' }>): string =>
  isNotKnown(after) ? 'not known how many' : String(before.length - after.length);

const cut = (text: string): string => {
  const line = text.replaceAll(/\s+/g, ' ');
  return line.length > WIDTH ? `${line.slice(0, WIDTH - 1)}…` : line;
};
