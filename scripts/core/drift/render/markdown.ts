/** A drift check for a job summary and for an issue. What services answered is code: it mentions nobody. Pure. */

import type { Json } from '../../plan/plan.ts';
import { code, cut, words } from '../../plan/render/safe-text.ts';
import { bothTexts } from '../../plan/render/values.ts';
import { renderMarkdownTable } from '../../render/table.ts';
import type { Finding } from '../finding.ts';
import type { Difference } from '../merge-differences.ts';
import type { DriftReport } from '../report.ts';
import { coverageTable, describeProperty, describeWaiver, headline } from './words.ts';

const LONGEST_VALUE = 200;
const MOST_SUBJECTS = 10;
/** An issue takes 65,536 characters; further findings are counted. */
const MOST_FINDINGS = 50;
const BUDGET = 60_000;

export function renderDriftMarkdown(reports: readonly DriftReport[]): string {
  return reports
    .map((report) => renderDriftBody(report, `### ${report.ok ? '✅' : '❌'} ${headline(report)}`))
    .join('\n\n');
}

/** Of one environment, for its issue. Says nothing that changes from run to run while the drift is the same. */
export const renderDriftIssue = (report: DriftReport): { readonly title: string; readonly body: string } => ({
  title: `Drift in ${report.environment}`,
  body: renderDriftBody(report, `**${headline(report)}**`),
});

function renderDriftBody(report: DriftReport, head: string): string {
  const { findings, unknown, waiverProblems, unusedWaivers, waived, notes, coverage } = report;
  const more = findings.length - MOST_FINDINGS;
  const main = [
    head,
    ...findings.slice(0, MOST_FINDINGS).map(renderFinding),
    ...(more > 0 ? [`And ${more} more: \`npm run drift -- --env ${report.environment}\` lists all.`] : []),
    ...(unknown.length > 0
      ? [
          renderRawTable(
            ['unknown', 'of', 'counts', 'because'],
            unknown.map(({ id, subjects, excuse, reason }) => [
              code(id),
              listOf(subjects),
              excuse === null ? 'yes' : `no: ${excuse}`,
              code(reason, LONGEST_VALUE),
            ]),
          ),
        ]
      : []),
    ...waiverProblems.map(({ waiver, problem }) =>
      problem === 'expired'
        ? `❌ The waiver of ${code(describeWaiver(waiver))} ended on ${waiver.expires}; ${code(waiver.owner)} answers for it.`
        : `❌ The waiver of ${code(describeWaiver(waiver))} names no resource that is there.`,
    ),
    ...unusedWaivers.map((waiver) => `The waiver of ${code(describeWaiver(waiver))} is not used any more: remove it.`),
    ...waived.map(
      ({ waiver }) =>
        `Waived until ${waiver.expires}: ${code(describeWaiver(waiver))}, ${code(waiver.reason)} (${code(waiver.owner)})`,
    ),
    ...notes.map((note) => words(note)),
  ].join('\n\n');
  const table = `<details><summary>Coverage: ${coverage.checked} of ${coverage.total} resources</summary>\n\n${[renderMarkdownTable(coverageTable(coverage)), ...coverage.leftOut.map((line) => words(line))].join('\n\n')}\n\n</details>`;
  return main.length + table.length > BUDGET ? cut(main, BUDGET) : `${main}\n\n${table}`;
}

function renderFinding({ name, resource, detectors, differences, remedies }: Finding): string {
  return [
    `**${code(name)}**${resource === null ? '' : ` ${code(resource.type)}`}, seen by ${detectors.join(', ')}`,
    renderRawTable(['property', 'expected', 'actual'], differences.map(renderDifference)),
    ...new Set(differences.flatMap(({ detail }) => (detail === '' ? [] : [`- ${code(detail, LONGEST_VALUE * 3)}`]))),
    ...(remedies.redeploy === null ? [] : [`- Bring it back: \`${remedies.redeploy}\``]),
    ...remedies.undo.map((command) => `- By hand: ${code(command, LONGEST_VALUE * 3)}`),
    ...(remedies.adopt === null ? [] : [`- Take it into Git: ${remedies.adopt}`]),
    ...remedies.waive.map(
      (waiver) =>
        `- Or waive it in \`environments/waivers/drift.json\`: ${code(JSON.stringify(waiver), LONGEST_VALUE * 3)}`,
    ),
  ].join('\n');
}

function renderDifference({ property, checks, expected, actual }: Difference): readonly string[] {
  const [was, is] = bothTexts((expected ?? null) as Json, (actual ?? null) as Json, LONGEST_VALUE);
  return [code(describeProperty(property, checks)), code(was, LONGEST_VALUE), code(is, LONGEST_VALUE)];
}

const listOf = (subjects: readonly string[]): string => {
  const more = subjects.length - MOST_SUBJECTS;
  const shown = subjects.slice(0, MOST_SUBJECTS).map((subject) => code(subject));
  return more > 0 ? `${shown.join(', ')} and ${more} more` : shown.join(', ');
};

/** Cells are Markdown already: `code` lets nothing end one. */
function renderRawTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return `\n${[line(head), `|${' --- |'.repeat(head.length)}`, ...rows.map(line)].join('\n')}\n`;
}
