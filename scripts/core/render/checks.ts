/**
 * Checks for people: how many of what kind, then each finding with subject, expected, actual and what to do. Pure.
 */
import { type Cause, few } from '../cause.ts';
import type { Check, CheckStatus, Verdict } from '../check.ts';
import { renderMarkdownTable, renderTable, type TableContent } from './table.ts';

/** The checks of one environment, judged. */
export interface CheckReport {
  /** The environment's name. */
  readonly title: string;
  readonly checks: readonly Check[];
  readonly verdict: Verdict;
  /** Where a verdict is not all there is to say; `valid` or `NOT VALID` and counts when absent. */
  readonly headline?: Headline;
}

export interface Headline {
  /** In Markdown. */
  readonly mark: '✅' | '❔' | '❌';
  readonly text: string;
}

export interface Rendering {
  readonly text: string;
  /** Over all reports. */
  readonly counts: Readonly<Record<CheckStatus, number>>;
}

/** Longer values (policy documents) are cut: the JSON output has them whole. */
const LONGEST_VALUE = 400;

/** For a terminal. */
export function renderChecks(reports: readonly CheckReport[]): Rendering {
  const sections = reports.map((report) => {
    const { title, checks, verdict } = report;
    return [
      `${title}: ${headlineOf(report).text}`,
      renderTable(countTable(checks)),
      ...verdict.failed.map((check) => finding('FAILED', check)),
      ...unknownGroups(checks, verdict).map(({ excused, id, reasons }) =>
        [
          `UNKNOWN  ${id}${excused ? '' : ' (blocks)'}`,
          ...reasons.map(({ reason, subjects }) => `  ${subjects.join(', ')}: ${reason}`),
        ].join('\n'),
      ),
    ].join('\n\n');
  });
  return { text: sections.join('\n\n\n'), counts: sumCounts(reports) };
}

/** For a job summary or a comment. */
export function renderChecksMarkdown(reports: readonly CheckReport[]): Rendering {
  const sections = reports.map((report) => {
    const { title, checks, verdict } = report;
    const { mark, text } = headlineOf(report);
    const failed = verdict.failed.map(({ id, subject, expected, actual, detail }) => [
      id,
      subject,
      printable(expected),
      printable(actual),
      detail,
    ]);
    const unknown = unknownGroups(checks, verdict).flatMap(({ excused, id, reasons }) =>
      reasons.map(({ reason, subjects }) => [id, subjects.join(', '), excused ? 'no' : 'yes', reason]),
    );
    return [
      `### ${mark} ${title}: ${text}`,
      ...(failed.length > 0
        ? [renderMarkdownTable({ head: ['failed', 'of', 'expected', 'actual', 'what to do'], rows: failed })]
        : []),
      ...(unknown.length > 0
        ? [renderMarkdownTable({ head: ['unknown', 'of', 'blocks', 'because'], rows: unknown })]
        : []),
      `<details><summary>All checks</summary>\n\n${renderMarkdownTable(countTable(checks))}\n\n</details>`,
    ].join('\n\n');
  });
  return { text: sections.join('\n\n'), counts: sumCounts(reports) };
}

/**
 * Why these checks end a command with a failure; undefined where all of them pass.
 * @param again the command that looks again
 */
export function causeOfChecks(reports: readonly CheckReport[], again: string): Cause | undefined {
  const wrong = reports.filter(({ verdict }) => !verdict.ok);
  if (wrong.length === 0) return undefined;
  const lines = wrong.flatMap((report) => [
    `${report.title}: ${headlineOf(report).text}`,
    ...few([
      ...report.verdict.failed.map((check) => brief('FAILED', check)),
      ...report.verdict.unexcused.map((check) => brief('UNKNOWN', check)),
    ]),
  ]);
  return { code: 'CHECKS_NOT_PASSED', message: [...lines, `Then again: ${again}`].join('\n') };
}

const brief = (label: string, { id, subject, detail }: Check): string =>
  `  ${label} ${id} of ${subject}${detail === '' ? '' : `: ${detail}`}`;

const headlineOf = ({ headline, verdict }: CheckReport): Headline =>
  headline ?? { mark: verdict.ok ? '✅' : '❌', text: summarize(verdict) };

function summarize({ ok, counts, unexcused }: Verdict): string {
  const total = counts.pass + counts.fail + counts.unknown;
  const parts = [
    `${counts.pass} of ${total} checks passed`,
    ...(counts.fail > 0 ? [`${counts.fail} failed`] : []),
    ...(counts.unknown > 0
      ? [`${counts.unknown} unknown${unexcused.length > 0 ? ` (${unexcused.length} block)` : ''}`]
      : []),
  ];
  return `${ok ? 'valid' : 'NOT VALID'}, ${parts.join(', ')}`;
}

/** One row per kind of thing: the part of the check's id before the dot. */
function countTable(checks: readonly Check[]): TableContent {
  const rows = new Map<string, Record<CheckStatus, number>>();
  for (const { id, status } of checks) {
    const kind = id.split('.')[0] ?? id;
    const counts = rows.get(kind) ?? { pass: 0, fail: 0, unknown: 0 };
    counts[status] += 1;
    rows.set(kind, counts);
  }
  return {
    head: ['checked', 'passed', 'failed', 'unknown'],
    rows: [...rows]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([kind, { pass, fail, unknown }]) => [kind, String(pass), dash(fail), dash(unknown)]),
  };
}

const finding = (label: string, { id, subject, expected, actual, detail }: Check): string =>
  [
    `${label}  ${id}`,
    `  of        ${subject}`,
    `  expected  ${printable(expected)}`,
    `  actual    ${printable(actual)}`,
    // A remedy of several lines stays in its column.
    ...(detail === '' ? [] : [`  to do     ${detail.replaceAll('\n', `\n${' '.repeat(12)}`)}`]),
  ].join('\n');

interface UnknownGroup {
  readonly id: string;
  readonly excused: boolean;
  readonly reasons: readonly { readonly reason: string; readonly subjects: readonly string[] }[];
}

/** Unknown checks of one kind together, and each reason said once. What blocks is what people came to read: first. */
function unknownGroups(checks: readonly Check[], { unexcused }: Verdict): readonly UnknownGroup[] {
  const blocking = new Set(unexcused.map(({ id }) => id));
  const groups = new Map<string, Map<string, string[]>>();
  for (const { id, status, detail, subject } of checks) {
    if (status !== 'unknown') continue;
    const reasons = groups.get(id) ?? new Map<string, string[]>();
    reasons.set(detail, [...(reasons.get(detail) ?? []), subject]);
    groups.set(id, reasons);
  }
  return [...groups]
    .map(([id, reasons]) => ({
      id,
      excused: !blocking.has(id),
      reasons: [...reasons].map(([reason, subjects]) => ({ reason, subjects })),
    }))
    .sort((a, b) => Number(a.excused) - Number(b.excused));
}

function sumCounts(reports: readonly CheckReport[]): Record<CheckStatus, number> {
  const sum = { pass: 0, fail: 0, unknown: 0 };
  for (const { verdict } of reports) {
    for (const status of ['pass', 'fail', 'unknown'] as const) sum[status] += verdict.counts[status];
  }
  return sum;
}

function printable(value: unknown): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value ?? null);
  return text.length > LONGEST_VALUE ? `${text.slice(0, LONGEST_VALUE)}…` : text;
}

const dash = (count: number): string => (count === 0 ? '-' : String(count));
