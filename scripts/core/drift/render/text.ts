/** A drift check for a terminal: verdict, findings with what to do, unknowns, coverage. Pure. */

import type { Json } from '../../plan/plan.ts';
import { cut, visible } from '../../plan/render/safe-text.ts';
import { bothTexts } from '../../plan/render/values.ts';
import { renderTable } from '../../render/table.ts';
import type { Finding } from '../finding.ts';
import type { Difference } from '../merge-differences.ts';
import type { DriftReport } from '../report.ts';
import { coverageTable, describeProperty, describeWaiver, headline } from './words.ts';

/** Longer values (policy documents) are cut to where they differ: the JSON output has them whole. */
const LONGEST_VALUE = 300;
/** More subjects of one reason are counted. */
const MOST_SUBJECTS = 8;

export function renderDrift(reports: readonly DriftReport[]): string {
  return reports.map(renderOne).join('\n\n\n');
}

function renderOne(report: DriftReport): string {
  return [
    headline(report),
    ...report.findings.map(renderFinding),
    ...report.unknown.map(
      ({ id, reason, subjects, excuse }) =>
        `UNKNOWN  ${id}${excuse === null ? '' : ` (${excuse})`}\n  of       ${subjectsText(subjects)}\n  because  ${visible(reason)}`,
    ),
    ...describeWaivers(report),
    ...report.notes,
    [`Coverage\n${renderTable(coverageTable(report.coverage))}`, ...report.coverage.leftOut].join('\n'),
  ].join('\n\n');
}

function renderFinding({ name, resource, detectors, differences, remedies }: Finding): string {
  return [
    `DRIFTED  ${name}${resource === null ? '' : ` (${resource.type})`}, seen by ${detectors.join(', ')}`,
    ...differences.flatMap(renderDifference),
    ...(remedies.redeploy === null ? [] : [`  mend      ${remedies.redeploy}`]),
    ...remedies.undo.map((command, index) => `${index === 0 ? '  by hand   ' : '            '}${visible(command)}`),
    ...(remedies.adopt === null ? [] : [`  or        ${remedies.adopt}`]),
    ...remedies.waive.map((waiver, index) =>
      index === 0
        ? `  or waive  in environments/waivers/drift.json: ${JSON.stringify(waiver)}`
        : `            ${JSON.stringify(waiver)}`,
    ),
  ].join('\n');
}

function renderDifference({ property, checks, expected, actual, detail }: Difference): string[] {
  const [was, is] = bothTexts((expected ?? null) as Json, (actual ?? null) as Json, LONGEST_VALUE);
  return [
    `  ${describeProperty(property, checks)}`,
    `    expected  ${visible(was)}`,
    `    actual    ${visible(is)}`,
    ...(detail === '' ? [] : [`    to do     ${visible(detail)}`]),
  ];
}

const subjectsText = (subjects: readonly string[]): string => {
  const more = subjects.length - MOST_SUBJECTS;
  const shown = subjects.slice(0, MOST_SUBJECTS).map((subject) => cut(subject, LONGEST_VALUE));
  return more > 0 ? `${shown.join(', ')} and ${more} more` : shown.join(', ');
};

function describeWaivers({ waived, waiverProblems, unusedWaivers }: DriftReport): string[] {
  return [
    ...waiverProblems.map(({ waiver, problem }) =>
      problem === 'expired'
        ? `WAIVER EXPIRED  ${describeWaiver(waiver)}\n  It ended on ${waiver.expires}: mend the drift, or ask ${waiver.owner} for a new end.`
        : `WAIVER OF NOTHING  ${describeWaiver(waiver)}\n  There is no such resource: name it as a finding does, or remove the waiver.`,
    ),
    ...unusedWaivers.map(
      (waiver) => `Unused waiver: ${describeWaiver(waiver)}. Nothing differs there any more: remove it.`,
    ),
    ...waived.map(
      ({ waiver }) => `Waived until ${waiver.expires}: ${describeWaiver(waiver)} (${waiver.owner}: ${waiver.reason})`,
    ),
  ];
}
