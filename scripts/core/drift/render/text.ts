/** A drift check for a terminal: verdict, findings with what to do, unknowns, coverage. Pure. */

import type { Json } from '../../plan/plan.ts';
import { cut, visible } from '../../plan/render/safe-text.ts';
import { bothTexts } from '../../plan/render/values.ts';
import { renderTable } from '../../render/table.ts';
import type { Difference, Finding } from '../finding.ts';
import type { DriftReport } from '../report.ts';
import { coverageTable, describeWaiver, headline } from './words.ts';

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
    `Coverage\n${renderTable(coverageTable(report.coverage))}`,
  ].join('\n\n');
}

function renderFinding({ name, resource, detectors, differences, remedies }: Finding): string {
  return [
    `DRIFTED  ${name}${resource === null ? '' : ` (${resource.type})`}, seen by ${detectors.join(', ')}`,
    ...differences.flatMap(renderDifference),
    ...(remedies.redeploy === null ? [] : [`  mend      ${remedies.redeploy}`]),
    `  or        ${remedies.adopt}`,
    `  or waive  in environments/waivers/drift.json: ${JSON.stringify(remedies.waive[0])}`,
  ].join('\n');
}

function renderDifference({ property, expected, actual, detail }: Difference): string[] {
  const [was, is] = bothTexts((expected ?? null) as Json, (actual ?? null) as Json, LONGEST_VALUE);
  return [
    `  ${property}`,
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
