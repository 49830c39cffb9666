/**
 * What a drift check says of one environment: drifted, in sync or unknown, with coverage, and whether that will do. Pure.
 */
import type { EnvironmentConfig } from '../../../environments/environment-config.ts';
import type { DriftWaiver } from '../../../environments/waivers.ts';
import type { Unanswerable } from '../check.ts';
import { type Coverage, measureCoverage } from './coverage.ts';
import {
  DECLARED,
  type Detector,
  type DriftCheck,
  resourceKey,
  type StackResource,
  stackResource,
  UNANSWERED,
} from './drift-check.ts';
import { type Finding, mergeFindings } from './finding.ts';
import { applyWaivers, type WaivedCheck, type WaiverProblem } from './waivers.ts';

/** `unknown`: nothing found, and not everything checked. Never the same as in sync. */
export type DriftResult = 'drifted' | 'in-sync' | 'unknown';

/** Checks nobody could answer, of one kind and for one reason. */
export interface UnknownGroup {
  readonly id: string;
  readonly detector: Detector;
  readonly reason: string;
  readonly subjects: readonly string[];
  /** Why it does not count against the environment; null where it counts. */
  readonly excuse: 'the emulator can’t answer' | 'probes checked it' | 'CloudFormation checked it' | null;
}

export interface DriftReport {
  readonly environment: string;
  readonly stage: EnvironmentConfig['stage'];
  readonly result: DriftResult;
  /** The verdict: nothing open, no waiver wrong, and in production nothing unknown. */
  readonly ok: boolean;
  readonly findings: readonly Finding[];
  readonly unknown: readonly UnknownGroup[];
  readonly waived: readonly WaivedCheck[];
  readonly waiverProblems: readonly WaiverProblem[];
  readonly unusedWaivers: readonly DriftWaiver[];
  readonly coverage: Coverage;
  /** Worth knowing, and no drift: how far behind main it is. */
  readonly notes: readonly string[];
  readonly checks: readonly DriftCheck[];
}

export interface ReportInput {
  readonly environment: string;
  readonly stage: EnvironmentConfig['stage'];
  readonly local: boolean;
  readonly checks: readonly DriftCheck[];
  /** Of every stack. */
  readonly resources: readonly StackResource[];
  readonly waivers: readonly DriftWaiver[];
  readonly now: Date;
  /** What the target can't answer. */
  readonly excused: readonly Unanswerable[];
  readonly notes: readonly string[];
  /** What the release was made with: commands that put a value back name it. */
  readonly config?: EnvironmentConfig;
}

export function assembleReport(input: ReportInput): DriftReport {
  const { environment, stage, local, checks, resources, excused, notes, config } = input;
  const { open, waived, problems, unused } = applyWaivers(input);
  const coverage = measureCoverage(resources, checks, excused);
  const failed = open.filter(({ status }) => status === 'fail');
  const unknown = groupUnknown(
    open.filter(({ status }) => status === 'unknown'),
    coverage,
    excused,
  );
  const counting = unknown.some(({ excuse }) => excuse === null);
  const unseen = unseenResources({ checks, coverage, waived });
  const answered = isAnswered({ checks });
  // A waiver accepts that something is unknown; it does not make it known.
  const isUnknown =
    !answered ||
    unseen.length > 0 ||
    unknown.some(({ excuse }) => excuse === null || excuse === 'the emulator can’t answer') ||
    waived.some(({ check }) => check.status === 'unknown');
  return {
    environment,
    stage,
    result: failed.length > 0 ? 'drifted' : isUnknown ? 'unknown' : 'in-sync',
    ok:
      answered &&
      failed.length === 0 &&
      problems.length === 0 &&
      // An emulated account can't check all, says so, and is no production.
      (stage !== 'production' || (!counting && (local || unseen.length === 0))),
    findings: mergeFindings(failed, { environment, local, resources, checks, config }),
    unknown,
    waived,
    waiverProblems: problems,
    unusedWaivers: unused,
    coverage,
    notes,
    checks,
  };
}

/** Of an environment of which nothing could be read: unknown, and passing nowhere. */
export function unreadableReport({
  target: { name, stage },
  local,
  reason,
}: {
  readonly target: Pick<EnvironmentConfig, 'name' | 'stage'>;
  readonly local: boolean;
  /** In words, with what to do. */
  readonly reason: string;
}): DriftReport {
  const unread: DriftCheck = {
    id: 'release.readable',
    detector: 'release',
    property: 'release.readable',
    subject: name,
    expected: 'a ledger and an account that can be read',
    actual: null,
    status: 'unknown',
    detail: reason,
  };
  const nothing = { resources: [], waivers: [], excused: [], notes: [], now: new Date(0) };
  return assembleReport({ environment: name, stage, local, checks: [unread], ...nothing });
}

/** False where nothing at all could be looked at: then there is nothing to tell of drift, neither that it is there nor gone. */
export const isAnswered = ({ checks }: Pick<DriftReport, 'checks'>): boolean =>
  checks.some(({ status }) => status !== 'unknown');

/** Resources that differ, for the metric: what is about no resource counts as one. */
export const driftedResources = ({ findings }: DriftReport): number => findings.length;

/** Resources nobody could check and no waiver accepts, for the metric: its alarm and the verdict are of one mind. */
export const uncheckedResources = (report: DriftReport): number => unseenResources(report).length;

/** A waiver of one thing accepts nothing else that is unknown of the same resource, or of its stack. */
function unseenResources({
  checks,
  coverage,
  waived,
}: Pick<DriftReport, 'checks' | 'coverage' | 'waived'>): readonly StackResource[] {
  const waivedChecks = new Set(waived.map(({ check }) => check));
  const accepted = keysOf([...waivedChecks]);
  const open = keysOf(checks.filter((check) => check.status === 'unknown' && !waivedChecks.has(check)));
  return coverage.unchecked.filter((resource) => {
    const key = resourceKey(resource);
    return !accepted.has(key) || open.has(key) || open.has(resourceKey(stackResource(resource.stack)));
  });
}

const keysOf = (checks: readonly DriftCheck[]): ReadonlySet<string> =>
  new Set(checks.flatMap(({ resource }) => (resource ? [resourceKey(resource)] : [])));

function groupUnknown(
  checks: readonly DriftCheck[],
  coverage: Coverage,
  excused: readonly Unanswerable[],
): UnknownGroup[] {
  const unanswerable = new Set(excused.map(({ id }) => id));
  const unchecked = new Set(coverage.unchecked.map(resourceKey));
  const excuseOf = ({ id, resource }: DriftCheck): UnknownGroup['excuse'] => {
    if (unanswerable.has(id)) return 'the emulator can’t answer';
    if (!resource || unchecked.has(resourceKey(resource))) return null;
    if (id === UNANSWERED.unsupported) return 'probes checked it';
    return id === DECLARED.unread ? 'CloudFormation checked it' : null;
  };
  const groups = new Map<string, UnknownGroup & { readonly subjects: string[] }>();
  for (const check of checks) {
    const excuse = excuseOf(check);
    const key = JSON.stringify([check.id, check.detail, excuse]);
    const { id, detector, detail: reason } = check;
    const group = groups.get(key) ?? { id, detector, reason, subjects: [], excuse };
    group.subjects.push(check.subject);
    groups.set(key, group);
  }
  // What counts is what people came to read.
  return [...groups.values()].sort((a, b) => Number(a.excuse !== null) - Number(b.excuse !== null));
}
