/**
 * `drift --fix` in one environment: what was done to it and how it stands afterwards, also where that can't be told.
 */
import type { Target } from '../../adapters/target.ts';
import type { StackResult } from '../../core/deployment/stack-result.ts';
import { compareReports, type Mended } from '../../core/drift/mended.ts';
import { type DriftReport, unreadableReport } from '../../core/drift/report.ts';
import { reasonOf } from '../../core/errors.ts';
import { NotLookedAgainError } from '../../operations/fix-drift.ts';
import type { Dependencies, DriftInput } from './run.ts';

interface Fixed {
  readonly before: DriftReport;
  readonly stacks: readonly StackResult[];
  /** Null: nobody could look again. */
  readonly comparison: Mended | null;
}

/** One environment: how it stands in the end, and what was done to it. */
export interface Outcome {
  readonly report: DriftReport;
  readonly fixed?: Fixed;
}

/**
 * Of several environments, one that can't be mended now (another deployment holds its lock) keeps no other from it.
 * @throws why it can't, where it is the only one
 */
export async function mendIfAsked(
  target: Target,
  report: DriftReport,
  input: DriftInput,
  deps: Dependencies,
): Promise<Outcome | (Outcome & { readonly refused: string })> {
  if (!input.options.fix || report.findings.length === 0) return { report };
  try {
    return await mend(target, report, input, deps);
  } catch (error) {
    passOn(error, input.signal);
    if (input.chosen.length === 1) throw error;
    return { report, refused: `Mending ${report.environment} failed: ${reasonOf(error)}` };
  }
}

async function mend(
  target: Target,
  before: DriftReport,
  { by, options, signal, local }: DriftInput,
  deps: Dependencies,
): Promise<Outcome> {
  const look = (): Promise<DriftReport> => deps.detect(target);
  try {
    const { stacks, after: report } = await deps.fix({ target, before, look, by, waitSeconds: options.wait });
    return { report, fixed: { before, stacks, comparison: compareReports(before, report) } };
  } catch (error) {
    if (!(error instanceof NotLookedAgainError)) throw error;
    passOn(error.cause, signal);
    // Something was deployed since, so what was found before says nothing of now.
    const report = unreadableReport({ target: target.environment, local, reason: error.message });
    return { report, fixed: { before, stacks: error.stacks, comparison: null } };
  }
}

/** @throws for an interruption, which ends all, and for a defect of ours, which is to be seen as one, with its stack */
export function passOn(error: unknown, signal: AbortSignal): void {
  signal.throwIfAborted();
  if (error instanceof TypeError || error instanceof RangeError) throw error;
}
