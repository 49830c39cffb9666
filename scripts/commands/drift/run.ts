/**
 * `drift`: looks at each environment named, all at the same time; with `--fix` brings those that drifted back, one after
 * another, and looks again.
 */
import type { EnvironmentConfig } from '../../../environments/environment-config.ts';
import type { CommandResult } from '../../adapters/cli/command.ts';
import type { DriftCounts } from '../../adapters/drift/metrics.ts';
import type { Target } from '../../adapters/target.ts';
import { renderFailures, type StackResult, succeeded } from '../../core/deployment/stack-result.ts';
import { type DriftIssue, wantedIssue } from '../../core/drift/issue.ts';
import { compareReports, describeMended, type Mended } from '../../core/drift/mended.ts';
import { renderDriftMarkdown } from '../../core/drift/render/markdown.ts';
import { renderDrift } from '../../core/drift/render/text.ts';
import { type DriftReport, driftedResources, uncheckedResources } from '../../core/drift/report.ts';
import { EXIT, GitOpsError, UsageError } from '../../core/errors.ts';
import type { Reporter } from '../../core/progress.ts';

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
  readonly fix: (input: { target: Target; by: string; waitSeconds: number }) => Promise<readonly StackResult[]>;
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

interface Fixed {
  readonly before: DriftReport;
  readonly stacks: readonly StackResult[];
  readonly comparison: Mended;
}

/** One environment: how it stands in the end, and what was done to it. */
interface Outcome {
  readonly report: DriftReport;
  readonly fixed?: Fixed;
}

export async function run(input: DriftInput, deps: Dependencies): Promise<CommandResult> {
  checkUse(input);
  const targets = await deps.resolveTargets(input.chosen);
  const reports = await Promise.all(targets.map((target) => deps.detect(target)));
  const outcomes: Outcome[] = [];
  for (const [index, target] of targets.entries()) {
    const report = reports[index] as DriftReport;
    const outcome =
      input.options.fix && report.findings.length > 0 ? await mend(target, report, input, deps) : { report };
    outcomes.push(outcome);
    await tellOthers(target, outcome.report, input.options, deps);
  }
  return describe(outcomes, input.local);
}

/** @throws UsageError, ProductionNotConfirmedError */
function checkUse({ options, local, chosen }: DriftInput): void {
  const { fix, yesProduction, reportIssue, publishMetrics } = options;
  if (local && (reportIssue || publishMetrics)) {
    throw new UsageError('--report-issue and --publish-metrics are about environments in AWS: leave --local out.');
  }
  const production = chosen.filter(({ stage }) => stage === 'production').map(({ name }) => name);
  if (fix && !yesProduction && production.length > 0) throw new ProductionNotConfirmedError(production);
}

async function mend(
  target: Target,
  before: DriftReport,
  { by, options }: DriftInput,
  deps: Dependencies,
): Promise<Outcome> {
  const stacks = await deps.fix({ target, by, waitSeconds: options.wait });
  const report = await deps.detect(target);
  return { report, fixed: { before, stacks, comparison: compareReports(before, report) } };
}

/** A failed metric or issue fails the command, after every environment was reported. */
async function tellOthers(
  target: Target,
  report: DriftReport,
  { publishMetrics, reportIssue }: DriftOptions,
  deps: Dependencies,
): Promise<void> {
  const { environment } = report;
  if (publishMetrics) {
    await deps.publishMetrics(target, {
      environment,
      drifted: driftedResources(report),
      unchecked: uncheckedResources(report),
    });
  }
  const issue = reportIssue ? wantedIssue(report) : null;
  if (issue === null) return;
  const { outcome, url } = await deps.reportIssue(issue);
  if (outcome !== 'none')
    deps.reporter.info(`The issue of ${environment}: ${outcome}${url === undefined ? '' : `, ${url}`}`);
}

function describe(outcomes: readonly Outcome[], local: boolean): CommandResult {
  const ok = outcomes.every(({ report, fixed }) => report.ok && (fixed?.stacks.every(succeeded) ?? true));
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
    exitCode: ok ? EXIT.done : EXIT.failed,
    document: {
      environments: outcomes.map(({ report, fixed }) => ({
        ...documentOf(report),
        ...(fixed && { fixed: { before: documentOf(fixed.before), stacks: fixed.stacks, ...fixed.comparison } }),
      })),
    },
    text: [...mending, renderDrift(reports)].join('\n\n'),
    summary: [
      ...(mending.length > 0 ? [`\`\`\`\n${mending.join('\n\n')}\n\`\`\``] : []),
      renderDriftMarkdown(reports),
    ].join('\n\n'),
  };
}

/** Checks that passed are in the coverage: a document of all of them is mostly noise. */
const documentOf = ({ checks: _, ...report }: DriftReport): Readonly<Record<string, unknown>> => report;
