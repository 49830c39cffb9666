/**
 * `drift`: looks at each environment named, all at the same time; with `--fix` brings those that drifted back, one after
 * another, and looks again.
 */
import type { EnvironmentConfig } from '../../../environments/environment-config.ts';
import type { CommandResult } from '../../adapters/cli/command.ts';
import type { DriftCounts } from '../../adapters/drift/metrics.ts';
import type { Target } from '../../adapters/target.ts';
import { endingOf } from '../../core/cause.ts';
import { renderFailures } from '../../core/deployment/stack-result.ts';
import { type DriftIssue, wantedIssue } from '../../core/drift/issue.ts';
import { describeMended } from '../../core/drift/mended.ts';
import { differenceOf } from '../../core/drift/merge-differences.ts';
import { causeOfDrift } from '../../core/drift/render/cause.ts';
import { renderDriftMarkdown } from '../../core/drift/render/markdown.ts';
import { renderDrift } from '../../core/drift/render/text.ts';
import {
  type DriftReport,
  driftedResources,
  isAnswered,
  uncheckedResources,
  unreadableReport,
} from '../../core/drift/report.ts';
import { EXIT, GitOpsError, reasonOf, UsageError } from '../../core/errors.ts';
import { words } from '../../core/plan/render/safe-text.ts';
import type { Reporter } from '../../core/progress.ts';
import type { FixDriftInput, FixedDrift } from '../../operations/fix-drift.ts';
import { mendIfAsked, type Outcome, passOn } from './mend.ts';

export interface DriftOptions {
  readonly fix: boolean;
  readonly yesProduction: boolean;
  readonly wait: number;
  readonly publishMetrics: boolean;
  readonly reportIssue: boolean;
}

export interface DriftInput {
  readonly options: DriftOptions;
  readonly local: boolean;
  readonly chosen: readonly EnvironmentConfig[];
  readonly by: string;
  readonly signal: AbortSignal;
}

export interface Dependencies {
  readonly resolveTargets: (environments: readonly EnvironmentConfig[]) => Promise<readonly Target[]>;
  readonly detect: (target: Target) => Promise<DriftReport>;
  readonly fix: (
    input: Pick<FixDriftInput, 'target' | 'before' | 'look' | 'by' | 'waitSeconds'>,
  ) => Promise<FixedDrift>;
  readonly publishMetrics: (target: Target, counts: DriftCounts) => Promise<void>;
  readonly reportIssue: (issue: DriftIssue) => Promise<{ readonly outcome: string; readonly url?: string }>;
  readonly reporter: Reporter;
}

/** Thrown for `--fix` in a production stage without its consent. Exit 3; nothing was touched. */
export class ProductionNotConfirmedError extends GitOpsError {
  constructor(names: readonly string[]) {
    super(`${names.join(', ')} is a production stage: --fix deploys there. Say so with --yes-production.`, {
      code: 'PRODUCTION_NOT_CONFIRMED',
      source: 'user',
      exitCode: EXIT.guarded,
    });
  }
}

export async function run(input: DriftInput, deps: Dependencies): Promise<CommandResult> {
  checkUse(input);
  const places = await reach(input, deps);
  checkListeners(places, input);
  const looked = await Promise.all(places.map((place) => look(place, input, deps)));
  const outcomes: Outcome[] = [];
  const untold: string[] = [];
  for (const { target, report } of looked) {
    if (target === undefined) {
      outcomes.push({ report });
      continue;
    }
    const outcome = await mendIfAsked(target, report, input, deps);
    if ('refused' in outcome) untold.push(outcome.refused);
    outcomes.push(outcome);
    untold.push(...(await tellOthers(target, outcome.report, input, deps)));
  }
  return describe(outcomes, untold, input.local);
}

/** @throws ProductionNotConfirmedError */
function checkUse({ options: { fix, yesProduction }, chosen }: DriftInput): void {
  const production = chosen.filter(({ stage }) => stage === 'production').map(({ name }) => name);
  if (fix && !yesProduction && production.length > 0) throw new ProductionNotConfirmedError(production);
}

/**
 * Nobody is told of what somebody tries out on a laptop. An emulated account that takes sessions of its roles alone stands
 * for AWS, as in a rehearsal.
 * @throws UsageError
 */
function checkListeners(places: readonly Place[], { options }: DriftInput): void {
  const ownAccount = places.some(
    (place) => 'target' in place && place.target.emulator !== undefined && place.target.emulator.signedBy === undefined,
  );
  if (ownAccount && (options.reportIssue || options.publishMetrics)) {
    throw new UsageError('--report-issue and --publish-metrics are about environments in AWS: leave --local out.');
  }
}

/** An environment and where it is, or why nobody knows. */
type Place = { readonly environment: EnvironmentConfig } & (
  | { readonly target: Target }
  | { readonly problem: unknown }
);

/** @throws why none of them can be reached */
async function reach({ chosen }: DriftInput, { resolveTargets }: Dependencies): Promise<readonly Place[]> {
  const places = await Promise.all(
    chosen.map(async (environment): Promise<Place> => {
      try {
        const [target] = await resolveTargets([environment]);
        return { environment, target: target as Target };
      } catch (problem) {
        return { environment, problem };
      }
    }),
  );
  const [first] = places;
  if (first && 'problem' in first && places.every((place) => 'problem' in place)) throw first.problem;
  return places;
}

interface Looked {
  /** Undefined: it could not be reached. */
  readonly target?: Target;
  readonly report: DriftReport;
}

/** An environment whose ledger or account can't be read is unknown, by name; the others are reported all the same. */
async function look(place: Place, { signal, local }: DriftInput, deps: Dependencies): Promise<Looked> {
  const unreadable = (error: unknown): DriftReport =>
    unreadableReport({ target: place.environment, local, reason: reasonOf(error) });
  if ('problem' in place) return { report: unreadable(place.problem) };
  const { target } = place;
  try {
    return { target, report: await deps.detect(target) };
  } catch (error) {
    passOn(error, signal);
    return { target, report: unreadable(error) };
  }
}

/**
 * Metric and issue, each for itself: the report is shown, whatever becomes of them.
 * @returns what failed, in words
 */
async function tellOthers(
  target: Target,
  report: DriftReport,
  { options, signal }: DriftInput,
  deps: Dependencies,
): Promise<string[]> {
  const { environment } = report;
  const failures: string[] = [];
  const attempt = async (what: string, work: () => Promise<void>): Promise<void> => {
    try {
      await work();
    } catch (error) {
      signal.throwIfAborted();
      failures.push(`${what} of ${environment} failed: ${error instanceof Error ? error.message : String(error)}`);
    }
  };
  // No data says more than a zero would: the alarms also ring when none comes.
  if (options.publishMetrics && isAnswered(report)) {
    const counts = { environment, drifted: driftedResources(report), unchecked: uncheckedResources(report) };
    await attempt('Publishing the metrics', () => deps.publishMetrics(target, counts));
  }
  const issue = options.reportIssue ? wantedIssue(report) : null;
  if (issue !== null) {
    await attempt('Reporting the issue', async () => {
      const { outcome, url } = await deps.reportIssue(issue);
      if (outcome !== 'none')
        deps.reporter.info([`The issue of ${environment}: ${outcome}`, url ?? []].flat().join(', '));
    });
  }
  return failures;
}

function describe(outcomes: readonly Outcome[], untold: readonly string[], local: boolean): CommandResult {
  const reports = outcomes.map(({ report }) => report);
  const mending = outcomes.flatMap(({ report: { environment }, fixed }) =>
    fixed === undefined
      ? []
      : [
          `Before\n\n${renderDrift([fixed.before])}`,
          ...renderFailures(fixed.stacks),
          `After\n\n${describeMended(environment, fixed.comparison, local)}`,
        ],
  );
  return {
    ...endingOf(causeOfDrift({ reports, stacks: outcomes.flatMap(({ fixed }) => fixed?.stacks ?? []), untold })),
    document: {
      ...(untold.length > 0 && { untold }),
      environments: outcomes.map(({ report, fixed }) => ({
        ...documentOf(report),
        ...(fixed && { fixed: { before: documentOf(fixed.before), stacks: fixed.stacks, ...fixed.comparison } }),
      })),
    },
    text: [...mending, renderDrift(reports), ...untold].join('\n\n'),
    summary: [
      ...(mending.length > 0 ? [`\`\`\`\n${mending.join('\n\n')}\n\`\`\``] : []),
      renderDriftMarkdown(reports),
      ...untold.map((line) => `❌ ${words(line)}`),
    ].join('\n\n'),
  };
}

/** Checks that passed are in the coverage: a document of all of them is mostly noise. */
const documentOf = ({ checks: _, waived, ...report }: DriftReport): Readonly<Record<string, unknown>> => ({
  ...report,
  waived: waived.map(({ check, waiver }) => ({ ...differenceOf(check), waiver })),
});
