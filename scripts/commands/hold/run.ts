/**
 * `hold`: keeps promotions out of environments until `resume`. It needs no lock: it counts at once, also while someone
 * deploys.
 */
import type { CommandResult } from '../../adapters/cli/command.ts';
import type { EnvironmentLedger } from '../../adapters/ledger/ledger.ts';
import type { Target } from '../../adapters/target.ts';
import type { Clock } from '../../core/clock.ts';
import { EXIT } from '../../core/errors.ts';

export interface HoldInput {
  readonly targets: readonly Target[];
  readonly reason: string;
  readonly by: string;
}

export interface Dependencies {
  readonly openSite: (target: Target) => Promise<{ readonly ledger: EnvironmentLedger }>;
  readonly clock: Pick<Clock, 'now'>;
}

/** @throws LedgerRefusedError where somebody holds it already; those before it in the list are held then. */
export async function run({ targets, reason, by }: HoldInput, deps: Dependencies): Promise<CommandResult> {
  const held: { readonly environment: string; readonly hold: unknown }[] = [];
  for (const target of targets) {
    const { ledger } = await deps.openSite(target);
    const { hold } = await ledger.recordHold({
      type: 'held',
      at: new Date(deps.clock.now()).toISOString(),
      by,
      reason,
    });
    held.push({ environment: target.environment.name, hold: hold.hold });
  }
  const lines = held.map(
    ({ environment }) =>
      `${environment} is held: promotions stop there until npm run resume -- --env ${environment} --reason "…"`,
  );
  return { exitCode: EXIT.done, document: { environments: held }, text: lines.join('\n'), summary: lines.join('\n\n') };
}
