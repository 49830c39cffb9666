/**
 * How the promotion of one environment ended, with the sentence people read.
 */
import type { Check, Verdict } from '../core/check.ts';
import { type StackResult, summarizeStacks } from '../core/deployment/stack-result.ts';
import { EXIT, type ExitCode } from '../core/errors.ts';
import type { ReleaseRef } from '../core/ledger/release-ref.ts';
import type { PromotionDecision } from '../core/promotion/decide-promotion.ts';
import { releaseLabel, shortId } from '../core/release/release.ts';
import type { BroughtRelease } from './bring-release.ts';
import type { Leftover } from './remove-leftovers.ts';
import type { RolledBack } from './roll-back.ts';

export type PromotionOutcome =
  /** Deployed, and its checks passed. */
  | 'validated'
  | 'nothing-to-do'
  | 'superseded'
  /** A guard or a rule stopped it before anything was touched. */
  | 'refused'
  /** It failed, and the last validated release is back, its checks passed. */
  | 'rolled-back'
  | 'rollback-failed'
  /** It failed, and there was nothing to go back to. */
  | 'failed'
  /** An error ended it: the ledger says how far it got. */
  | 'stopped'
  /** What comes before it does not hold the release. */
  | 'not-started';

export interface EnvironmentPromotion {
  readonly environment: string;
  readonly outcome: PromotionOutcome;
  readonly exitCode: ExitCode;
  /** One or two sentences. */
  readonly message: string;
  /** Why, one line each: failed stacks, checks that stand in the way. */
  readonly details: readonly string[];
  /** Code of a refusal or an error. */
  readonly code?: string;
  /** Of an error: whose it is. */
  readonly source?: 'user' | 'internal';
  readonly stacks: readonly StackResult[];
  /** Of the promotion's own validation. */
  readonly counts: Verdict['counts'] | null;
  readonly checks: readonly Check[];
  readonly rollback: { readonly to: ReleaseRef; readonly ok: boolean; readonly leftovers: readonly Leftover[] } | null;
}

/** True where the release stands validated, so that the next environment may begin. */
export const mayGoOn = ({ outcome }: EnvironmentPromotion): boolean =>
  outcome === 'validated' || outcome === 'nothing-to-do';

const NOTHING = { details: [], stacks: [], counts: null, checks: [], rollback: null } as const;

const of = (brought: BroughtRelease | null) => ({
  stacks: brought?.stacks ?? [],
  counts: brought?.validation?.verdict.counts ?? null,
  checks: brought?.validation?.checks ?? [],
  details: brought?.failure?.details ?? [],
});

type NotNeeded = Exclude<PromotionDecision, { kind: 'proceed' | 'finish-rollback' }>;

export const promotions = {
  notNeeded(environment: string, decision: NotNeeded): EnvironmentPromotion {
    const { kind, message } = decision;
    if (kind !== 'refuse') return { ...NOTHING, environment, outcome: kind, exitCode: EXIT.done, message };
    const { exitCode, code } = decision;
    return { ...NOTHING, environment, outcome: 'refused', exitCode, message, code };
  },

  validated(environment: string, release: ReleaseRef, brought: BroughtRelease): EnvironmentPromotion {
    const what = of(brought);
    const checks = what.counts === null ? '' : `; ${describeCounts(what.counts)}`;
    const message = `${environment} holds ${releaseLabel(release)}: ${summarizeStacks(what.stacks)}${checks}`;
    return { ...NOTHING, ...what, environment, outcome: 'validated', exitCode: EXIT.done, message };
  },

  failed(environment: string, release: ReleaseRef, brought: BroughtRelease): EnvironmentPromotion {
    const why = brought.failure?.reason ?? 'it was not validated';
    const message =
      `${shortId(release.id)} failed in ${environment}: ${why}. No release was ever validated there, so there is none to ` +
      'go back to: the stacks are left as they are, for diagnosis.';
    return { ...NOTHING, ...of(brought), environment, outcome: 'failed', exitCode: EXIT.failed, message };
  },

  /** @param brought null: an earlier, unfinished rollback was finished */
  rolledBack(environment: string, brought: BroughtRelease | null, rolledBack: RolledBack): EnvironmentPromotion {
    const { ok, target, leftovers, failure } = rolledBack;
    const why = brought?.failure?.reason ?? 'its rollback had not finished';
    const message = ok
      ? `The release failed in ${environment}: ${why}. ${environment} is back on ${releaseLabel(target)}, validated.`
      : `The release failed in ${environment}: ${why}. Going back to ${releaseLabel(target)} failed too: ` +
        `${failure?.reason ?? 'no reason given'}. See it, then: npm run rollback -- --env ${environment} --reason "…"`;
    return {
      ...of(brought),
      environment,
      outcome: ok ? 'rolled-back' : 'rollback-failed',
      exitCode: EXIT.failed,
      message,
      details: [...(brought?.failure?.details ?? []), ...(failure?.details ?? [])],
      rollback: { to: target, ok, leftovers },
    };
  },

  stopped(environment: string, failure: Pick<EnvironmentPromotion, 'exitCode' | 'message' | 'code' | 'source'>) {
    return { ...NOTHING, environment, outcome: 'stopped', ...failure } satisfies EnvironmentPromotion;
  },

  /** @param exitCode that of what stopped it: waiting for a predecessor is no failure of its own */
  notStarted(environment: string, predecessor: EnvironmentPromotion): EnvironmentPromotion {
    const message = `${environment} was not started: ${predecessor.environment} does not hold the release`;
    return { ...NOTHING, environment, outcome: 'not-started', exitCode: EXIT.done, message };
  },
};

const describeCounts = ({ pass, unknown }: Verdict['counts']): string =>
  `${pass} checks passed${unknown === 0 ? '' : `, ${unknown} can't be known there`}`;
