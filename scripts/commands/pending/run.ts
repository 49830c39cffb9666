/**
 * `pending`: whether a release still has to be deployed to an environment, asked before anybody is asked to approve it.
 *
 * Why: a promotion that has nothing to do, is superseded or would be refused must not wait for a person first. The
 * promotion decides again, under the lock: what is found here only saves people the question.
 */
import type { EnvironmentConfig } from '../../../environments/environment-config.ts';
import type { CommandResult } from '../../adapters/cli/command.ts';
import { endingOf } from '../../core/cause.ts';
import { UsageError } from '../../core/errors.ts';
import { freezeAt } from '../../core/freeze/freeze.ts';
import type { Ledger } from '../../core/ledger/ledger.ts';
import { releaseRefOf } from '../../core/ledger/release-ref.ts';
import { decidePromotion, type PromotionDecision } from '../../core/promotion/decide-promotion.ts';
import { type Release, releaseLabel } from '../../core/release/release.ts';

export interface PendingInput {
  /** What `--env` named. */
  readonly environments: readonly EnvironmentConfig[];
  readonly release: Release;
  readonly options: { readonly retry: boolean; readonly overrideFreeze: string | null };
  readonly local: boolean;
}

export interface Dependencies {
  readonly readLedger: (environment: EnvironmentConfig) => Promise<Ledger>;
  readonly now: () => Date;
}

/** @throws UsageError unless exactly one environment is named */
export async function run({ environments, release, options, local }: PendingInput, deps: Dependencies) {
  const [environment, ...more] = environments;
  if (environment === undefined || more.length > 0) throw new UsageError('Name one environment with --env.');
  const decision = decidePromotion(
    {
      environment,
      ledger: await deps.readLedger(environment),
      release: releaseRefOf(release, environment.name),
      // The order is the workflow's: this job comes behind the wave before.
      predecessor: null,
      freeze: freezeAt(environment.promotion.freeze, deps.now()),
    },
    { ...options, local, enforceFreeze: false },
  );
  return describe(environment.name, release, decision);
}

function describe(environment: string, release: Release, decision: PromotionDecision): CommandResult {
  const pending = decision.kind === 'proceed' || decision.kind === 'finish-rollback';
  const message =
    decision.kind === 'proceed'
      ? [`${releaseLabel(release)} is to be deployed to ${environment}`, ...decision.notes].join('\n')
      : decision.message;
  return {
    ...(decision.kind === 'refuse'
      ? endingOf({ code: decision.code, message }, decision.exitCode)
      : endingOf(undefined)),
    document: { environment, release: release.id, pending, decision: decision.kind, message },
    text: message,
    // Empty where it is not so, as promote gives it.
    outputs: { pending: String(pending), superseded: decision.kind === 'superseded' ? 'true' : '' },
  };
}
