/**
 * `rollback`: brings one environment back to a validated release, after saying what will change and what can't be undone.
 */
import type { EnvironmentConfig } from '../../../environments/environment-config.ts';
import type { CommandResult } from '../../adapters/cli/command.ts';
import type { Target } from '../../adapters/target.ts';
import { type Cause, endingOf, few } from '../../core/cause.ts';
import { renderStacks } from '../../core/deployment/stack-result.ts';
import { UsageError } from '../../core/errors.ts';
import { renderPlain } from '../../core/plan/render/plain.ts';
import type { Reporter } from '../../core/progress.ts';
import { releaseLabel } from '../../core/release/release.ts';
import type {
  PlannedRollback,
  RollbackEnvironmentInput,
  RollbackResult,
} from '../../operations/rollback-environment.ts';
import type { Site } from '../../operations/site.ts';
import { Timeline } from '../../operations/timeline.ts';

export interface RollbackInput
  extends Pick<
    RollbackEnvironmentInput,
    'requested' | 'reason' | 'hold' | 'recreateFailed' | 'by' | 'waitSeconds' | 'signal'
  > {
  readonly environments: readonly EnvironmentConfig[];
}

export interface Dependencies {
  readonly resolveTargets: (environments: readonly EnvironmentConfig[]) => Promise<readonly Target[]>;
  readonly openSite: (target: Target) => Promise<Site>;
  readonly rollbackEnvironment: (input: RollbackEnvironmentInput) => Promise<RollbackResult>;
  readonly reporter: Reporter;
}

export async function run(input: RollbackInput, deps: Dependencies): Promise<CommandResult> {
  const { environments, ...wish } = input;
  const [target, ...others] = await deps.resolveTargets(environments);
  if (target === undefined || others.length > 0) throw new UsageError('A rollback takes one environment: --env NAME.');
  const { name } = target.environment;
  const task = deps.reporter.task(`rolling back ${name}`);
  try {
    const result = await deps.rollbackEnvironment({
      ...wish,
      site: await deps.openSite(target),
      task,
      reporter: deps.reporter,
      timeline: new Timeline(() => performance.now()),
      onPlanned: (planned) => deps.reporter.info(describePlan(name, planned)),
    });
    if (result.ok) task.done(`back on ${releaseLabel(result.target)}`);
    else task.fail(result.failure?.reason ?? 'failed');
    return describe(name, result);
  } catch (error) {
    task.fail('stopped');
    throw error;
  }
}

function describePlan(environment: string, { from, to, plan }: PlannedRollback): string {
  const head = `${environment} goes from ${releaseLabel(from)} back to ${releaseLabel(to)}.`;
  return plan === null ? head : `${head} What will change:\n${renderPlain({ plans: [plan], configChanges: [] }).text}`;
}

function describe(environment: string, result: RollbackResult): CommandResult {
  const { ok, from, target, failure, stacks, validation, leftovers, hold, plan } = result;
  const table = renderStacks([{ name: environment, stacks }]);
  const lines = [
    ok
      ? `${environment} is back on ${releaseLabel(target)}, validated: ${validation?.verdict.counts.pass} checks passed.`
      : failed(environment, result),
    ...(failure?.details ?? []),
    ...leftovers.map(({ name, removed, reason }) => `${name} ${removed ? 'was removed' : 'was left'}: ${reason}`),
    hold === null
      ? `${environment} is not held: the next promotion of another release goes through.`
      : `${environment} is held by ${hold.by}: ${hold.reason}. Promotions stop there until: npm run resume -- --env ${environment} --reason "…"`,
  ];
  return {
    ...endingOf(ok ? undefined : causeOf(environment, result)),
    document: {
      environment,
      from,
      to: target,
      failure,
      stacks,
      counts: validation?.verdict.counts ?? null,
      leftovers,
      hold,
      plan,
    },
    text: [...(stacks.length > 0 ? [table.text] : []), ...lines].join('\n'),
    summary: [...(stacks.length > 0 ? [table.markdown] : []), ...lines].join('\n\n'),
  };
}

const failed = (environment: string, { target, failure }: RollbackResult): string =>
  `The rollback of ${environment} to ${releaseLabel(target)} failed: ${failure?.reason ?? 'no reason given'}`;

function causeOf(environment: string, result: RollbackResult): Cause {
  const { reason, details: all = [] } = result.failure ?? {};
  const details = few(all.filter((line) => line !== reason)).map((line) => `  ${line}`);
  const next = `Mend that, then again: npm run rollback -- --env ${environment} --reason "…"`;
  return { code: 'ROLLBACK_FAILED', message: [failed(environment, result), ...details, next].join('\n') };
}
