/**
 * `validate`: looks at each environment named, all at the same time, and says whether it is what its JSON says and
 * takes an order.
 */
import type { AwsClients } from '../../adapters/aws-clients.ts';
import type { CommandResult } from '../../adapters/cli/command.ts';
import type { Target } from '../../adapters/target.ts';
import { endingOf } from '../../core/cause.ts';
import type { Reporter } from '../../core/progress.ts';
import { type CheckReport, causeOfChecks, renderChecks, renderChecksMarkdown } from '../../core/render/checks.ts';
import type { Baseline } from '../../core/validation/baseline.ts';
import type { ValidateOptions, Validation } from '../../operations/validate-environment.ts';

export interface ValidateInput {
  readonly targets: readonly Target[];
  readonly signal?: AbortSignal;
}

export interface Dependencies {
  readonly clientsFor: (target: Target) => AwsClients;
  readonly validate: (options: ValidateOptions) => Promise<Validation>;
  /** What the last deployment from here found before it began; undefined when there is none. */
  readonly readBaseline: (target: Target) => Promise<Baseline | undefined>;
  readonly reporter: Reporter;
}

export async function run({ targets, signal }: ValidateInput, deps: Dependencies): Promise<CommandResult> {
  const reports = await Promise.all(
    targets.map(async (target): Promise<CheckReport> => {
      const baseline = await deps.readBaseline(target);
      const { checks, verdict } = await deps.validate({
        target,
        clients: deps.clientsFor(target),
        baseline,
        reporter: deps.reporter,
        ...(signal && { signal }),
      });
      return { title: target.environment.name, checks, verdict };
    }),
  );
  const failed = reports.filter(({ verdict }) => !verdict.ok).map(({ title }) => title);
  return {
    ...endingOf(causeOfChecks(reports, `npm run validate -- ${failed.map((name) => `--env ${name}`).join(' ')}`)),
    document: {
      environments: reports.map(({ title, checks, verdict }) => ({
        environment: title,
        ok: verdict.ok,
        counts: verdict.counts,
        checks,
      })),
    },
    text: renderChecks(reports).text,
    summary: renderChecksMarkdown(reports).text,
  };
}
