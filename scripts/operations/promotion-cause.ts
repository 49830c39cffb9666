/**
 * Why a promotion did not get as far as it was asked to, in the few words of an annotation. Pure.
 */
import { type Cause, type Ending, few } from '../core/cause.ts';
import { EXIT } from '../core/errors.ts';
import type { Promotion } from './promote.ts';
import type { EnvironmentPromotion, PromotionOutcome } from './promotion-result.ts';

/** A promotion ends with one exit code; the cause tells of every environment that stopped. */
export function endingOfPromotion({ exitCode, environments }: Pick<Promotion, 'exitCode' | 'environments'>): Ending {
  if (exitCode === EXIT.done) return { exitCode };
  const stopped = environments.filter((each) => each.exitCode !== EXIT.done);
  const waiting = environments.filter(({ outcome }) => outcome === 'not-started').map(({ environment }) => environment);
  // Its code is that of what gave the exit code.
  const first = stopped.find((each) => each.exitCode === exitCode);
  const cause: Cause = {
    code: first?.code ?? CODES[first?.outcome ?? 'failed'] ?? 'PROMOTION_FAILED',
    ...(first?.source && { source: first.source }),
    message: [...stopped.flatMap(linesOf), ...(waiting.length > 0 ? [`Not started: ${waiting.join(', ')}.`] : [])].join(
      '\n',
    ),
  };
  return { exitCode, cause };
}

const CODES: Partial<Record<PromotionOutcome, string>> = {
  'rolled-back': 'RELEASE_ROLLED_BACK',
  'rollback-failed': 'ROLLBACK_FAILED',
  failed: 'RELEASE_FAILED',
};

function linesOf({ environment, outcome, message, details }: EnvironmentPromotion): readonly string[] {
  const next = nextStep(outcome);
  // The message names the first of them.
  const more = details.filter((line) => !message.includes(line));
  return [
    `${environment}: ${outcome}. ${message}`,
    ...few(more).map((line) => `  ${line}`),
    ...(next === undefined ? [] : [next]),
  ];
}

/** Where the message itself does not end with what to do. */
function nextStep(outcome: PromotionOutcome): string | undefined {
  if (outcome === 'rolled-back') return 'Mend what failed and promote that; --retry promotes the same release again.';
  if (outcome === 'failed') return 'Mend what failed and promote again.';
  return undefined;
}
