/**
 * Emulated accounts whose process died while they were worked with: said with their log, and the others ended, so that
 * nothing half-alive is left.
 */
import type { Reporter } from '../../core/progress.ts';
import { type EmulatedAccount, stopAccounts } from './accounts.ts';
import { describeDeath } from './emulator-process.ts';
import { isRunning } from './processes.ts';
import { stateDirectory } from './state-dir.ts';

/**
 * Does nothing while all of them run.
 * @throws EmulatorFailedError for the first that does not, after the others were ended
 */
export async function endFallenAccounts(
  accounts: readonly EmulatedAccount[],
  reporter: Reporter,
  stateDir: string = stateDirectory(),
): Promise<void> {
  const running = await Promise.all(accounts.map((account) => isRunning(account)));
  const fallen = accounts.find((_, index) => !running[index]);
  if (fallen === undefined) return;
  const error = await describeDeath(fallen.account, stateDir);
  await stopAccounts({ stateDir, reporter });
  throw error;
}
