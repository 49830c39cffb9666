/**
 * `resume`: lifts the hold of environments. The next promotion goes through; nothing is deployed here.
 */
import type { CommandResult } from '../../adapters/cli/command.ts';
import type { EnvironmentLedger } from '../../adapters/ledger/ledger.ts';
import type { Target } from '../../adapters/target.ts';
import type { Clock } from '../../core/clock.ts';
import { EXIT } from '../../core/errors.ts';
import type { Hold } from '../../core/ledger/ledger.ts';

export interface ResumeInput {
  readonly targets: readonly Target[];
  readonly reason: string;
  readonly by: string;
}

export interface Dependencies {
  readonly openSite: (target: Target) => Promise<{ readonly ledger: EnvironmentLedger }>;
  readonly clock: Pick<Clock, 'now'>;
}

/** @throws LedgerRefusedError where nobody holds it; those before it in the list are free then. */
export async function run({ targets, reason, by }: ResumeInput, deps: Dependencies): Promise<CommandResult> {
  const resumed: { readonly environment: string; readonly was: Hold | null }[] = [];
  for (const target of targets) {
    const { ledger } = await deps.openSite(target);
    const was = (await ledger.read()).hold.hold;
    await ledger.recordHold({ type: 'resumed', at: new Date(deps.clock.now()).toISOString(), by, reason });
    resumed.push({ environment: target.environment.name, was });
  }
  const lines = resumed.map(({ environment, was }) => {
    const before = was === null ? '' : `, held by ${was.by} since ${was.since}: ${was.reason}`;
    return `${environment} is free again${before}. The next promotion goes through.`;
  });
  return {
    exitCode: EXIT.done,
    document: { environments: resumed },
    text: lines.join('\n'),
    summary: lines.join('\n\n'),
  };
}
