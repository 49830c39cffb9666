/**
 * Aims an environment's calls at its emulated account.
 */
import type { EnvironmentConfig } from '../../../environments/environment-config.ts';
import { EXIT, GitOpsError } from '../../core/errors.ts';
import type { Target } from '../target.ts';
import { runningAccount } from './accounts.ts';
import { STATE_DIR } from './state-dir.ts';
import { UNANSWERABLE } from './unanswerable.ts';

/** Thrown when an environment's emulated account is not up. */
export class EmulatedAccountDownError extends GitOpsError {
  constructor(environment: string, account: string) {
    super(`The emulated account ${account} of ${environment} is not running. Start it: npm start`, {
      code: 'EMULATED_ACCOUNT_DOWN',
      source: 'user',
      exitCode: EXIT.failed,
    });
  }
}

/** Region, and what signs the calls: the emulator takes the access key id for the account. */
export const emulatorCredentials = (account: string): { accessKeyId: string; secretAccessKey: string } => ({
  accessKeyId: account,
  secretAccessKey: 'local',
});

/** @throws EmulatedAccountDownError */
export async function createLocalTarget(
  environment: EnvironmentConfig,
  stateDir: string = STATE_DIR,
): Promise<Target & Required<Pick<Target, 'emulator'>>> {
  const { account, region, name } = environment;
  const running = await runningAccount(account, stateDir);
  if (running === undefined) throw new EmulatedAccountDownError(name, account);
  return {
    environment,
    account,
    region,
    emulator: { endpoint: running.endpoint, credentials: emulatorCredentials(account) },
    unanswerable: UNANSWERABLE,
  };
}
