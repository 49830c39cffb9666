/** What all renderings of a drift check say in the same words. Pure. */
import type { DriftWaiver } from '../../../../environments/waivers.ts';
import type { TableContent } from '../../render/table.ts';
import type { Coverage } from '../coverage.ts';
import { type DriftReport, isAnswered } from '../report.ts';

const RESULTS = {
  drifted: 'DRIFTED',
  'in-sync': 'in sync',
  unknown: 'no drift found, but not everything could be checked',
} as const;

/** `prod: DRIFTED, 2 resources differ; 190 of 195 resources checked` */
export function headline(report: DriftReport): string {
  const { environment, result, ok, findings, coverage, waived, unknown } = report;
  const counted = unknown.filter(({ excuse }) => excuse === null).flatMap(({ subjects }) => subjects).length;
  return [
    `${environment}: ${isAnswered(report) ? RESULTS[result] : 'nothing could be checked'}`,
    ...(findings.length > 0
      ? [`${findings.length} ${findings.length === 1 ? 'resource differs' : 'resources differ'}`]
      : []),
    ...(isAnswered(report) ? [`${coverage.checked} of ${coverage.total} resources checked`] : []),
    ...(counted > 0 ? [`${counted} unknown`] : []),
    ...(waived.length > 0 ? [`${waived.length} waived`] : []),
    ...(ok || result === 'drifted' ? [] : ['which does not pass']),
  ].join(', ');
}

export const describeWaiver = ({ resource, property }: DriftWaiver): string => `${property} of ${resource}`;

/** Named by its path, as waivers name it, and by the checks of `validate` that found it. */
export function describeProperty(property: string, checks: readonly string[]): string {
  const others = checks.filter((id) => id !== property && !/^(declared|cloudformation)\./.test(id));
  return others.length === 0 ? property : `${property} (${others.join(', ')})`;
}

/** Of all resources, by stack and type; a row for each stack's sum would only repeat them. */
export function coverageTable(coverage: Coverage): TableContent {
  return {
    head: ['stack', 'type', 'checked', 'by CloudFormation', 'by probes'],
    rows: [...coverage.rows, { stack: 'all', type: '', ...coverage }].map(
      ({ stack, type, total, checked, byCloudFormation, byProbes }) => [
        stack,
        type,
        `${checked} of ${total}`,
        String(byCloudFormation),
        String(byProbes),
      ],
    ),
  };
}
