/** Why a drift check ends a command with a failure, in the few words of an annotation. Pure. */
import { type Cause, few } from '../../cause.ts';
import { renderFailures, type StackResult, succeeded } from '../../deployment/stack-result.ts';
import { cut, visible } from '../../plan/render/safe-text.ts';
import type { Finding } from '../finding.ts';
import type { DriftReport } from '../report.ts';
import { describeWaiver, headline } from './words.ts';

/** Characters of a line: what is longer is whole in the report. */
const LINE = 300;

export interface DriftEnd {
  readonly reports: readonly DriftReport[];
  /** What mending deployed; empty where nothing was to be mended. */
  readonly stacks: readonly StackResult[];
  /** Metrics and issues that could not be told, in words. */
  readonly untold: readonly string[];
}

/** Undefined where all is as it should be. */
export function causeOfDrift({ reports, stacks, untold }: DriftEnd): Cause | undefined {
  const wrong = reports.filter(({ ok }) => !ok);
  if (wrong.length === 0 && stacks.every(succeeded) && untold.length === 0) return undefined;
  const lines = [...renderFailures(stacks), ...wrong.flatMap(linesOf), ...untold];
  return { code: codeOf(wrong, stacks), message: lines.map((line) => visible(cut(line, LINE))).join('\n') };
}

function codeOf(wrong: readonly DriftReport[], stacks: readonly StackResult[]): string {
  if (!stacks.every(succeeded)) return 'DRIFT_NOT_MENDED';
  if (wrong.some(({ result }) => result === 'drifted')) return 'DRIFTED';
  return wrong.length > 0 ? 'DRIFT_UNKNOWN' : 'DRIFT_NOT_TOLD';
}

function linesOf(report: DriftReport): readonly string[] {
  const { findings, unknown, waiverProblems } = report;
  const unanswered = unknown
    .filter(({ excuse }) => excuse === null)
    .map(({ id, reason, subjects }) => `  unknown ${id} of ${few(subjects).join(', ')}: ${reason}`);
  return [
    headline(report),
    ...few(findings.map(findingLine)),
    // Beside what drifted, what is unknown can wait.
    ...(findings.length > 0 ? [] : few(unanswered)),
    ...few(
      waiverProblems.map(
        ({ waiver }) => `  see the waiver of ${describeWaiver(waiver)} in environments/waivers/drift.json`,
      ),
    ),
    ...(findings.length > 0 ? [`Mend: ${mending(findings)}. Values and each remedy are in the report.`] : []),
  ];
}

const findingLine = ({ name, resource, differences }: Finding): string =>
  `  ${name}${resource === null ? '' : ` (${resource.type})`}: ${few(differences.map(({ property }) => property)).join(', ')}`;

/** What mends most at once; where no deployment does, a hand must. */
function mending(findings: readonly Finding[]): string {
  const commands = [...new Set(findings.flatMap(({ remedies }) => remedies.redeploy ?? []))];
  const byHand = findings.some(({ remedies }) => remedies.redeploy === null);
  return [...few(commands), ...(byHand ? ['by hand what no deployment mends'] : [])].join('; ');
}
