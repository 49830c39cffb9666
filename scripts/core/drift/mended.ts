/** What a mending deployment did: findings before beside findings after. Pure. */
import type { Finding } from './finding.ts';
import type { DriftReport } from './report.ts';

export interface Mended {
  /** Gone. */
  readonly mended: readonly Finding[];
  /** Still there: a hand must, or the target can't revert it. */
  readonly left: readonly Finding[];
  /** Not there before. */
  readonly fresh: readonly Finding[];
}

export function compareReports(before: DriftReport, after: DriftReport): Mended {
  const keys = (report: DriftReport): ReadonlySet<string> => new Set(report.findings.map(keyOf));
  const [earlier, now] = [keys(before), keys(after)];
  return {
    mended: before.findings.filter((finding) => !now.has(keyOf(finding))),
    left: after.findings.filter((finding) => earlier.has(keyOf(finding))),
    fresh: after.findings.filter((finding) => !earlier.has(keyOf(finding))),
  };
}

const keyOf = ({ name, resource }: Finding): string => (resource === null ? name : `${resource.type} ${resource.id}`);

/** @param comparison null: nobody could look again */
export function describeMended(environment: string, comparison: Mended | null, local: boolean): string {
  if (comparison === null) return `${environment}: deployed again, and what that mended is not known`;
  const { mended, left, fresh } = comparison;
  const names = (findings: readonly Finding[]): string => findings.map(({ name }) => name).join(', ');
  return [
    `${environment}: ${mended.length} of ${mended.length + left.length} mended`,
    ...(mended.length > 0 ? [`  gone        ${names(mended)}`] : []),
    ...(left.length > 0
      ? [
          `  still there ${names(left)}`,
          local
            ? '  The emulator has no drift-reverting deployments: it deploys what differs in a template and leaves the rest. Undo these by hand, as each finding says.'
            : '  CloudFormation does not see these: undo them by hand, as each finding says.',
        ]
      : []),
    ...(fresh.length > 0 ? [`  new         ${names(fresh)}`] : []),
  ].join('\n');
}
