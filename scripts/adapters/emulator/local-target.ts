/**
 * Aims an environment's calls at its emulated account.
 */
import type { EnvironmentConfig } from '../../../environments/environment-config.ts';
import { EXIT, GitOpsError } from '../../core/errors.ts';
import type { Target } from '../target.ts';
import { MissingVariablesError, readCredentials, readVariables, type Variables } from '../variables.ts';
import type { EmulatedAccount } from './account-state.ts';
import { runningAccount } from './accounts.ts';
import { stateDirectory } from './state-dir.ts';
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

/** Thrown when an account takes only calls signed with the credentials of the environment, and there are none. */
export class UnsignedCallsError extends GitOpsError {
  constructor(environment: string, account: string, cause: MissingVariablesError) {
    super(
      `The emulated account ${account} of ${environment} takes only sessions of its roles, and there is none: ` +
        `${cause.names.join(' and ')} ${cause.names.length === 1 ? 'is' : 'are'} not set. ` +
        'Take a role first (a workflow job does it with its OIDC token), or start an account of your own: npm start',
      { code: 'NO_CREDENTIALS', source: 'user', exitCode: EXIT.failed, cause },
    );
  }
}

/** Region, and what signs the calls: the emulator takes the access key id for the account. */
export const emulatorCredentials = (account: string): { accessKeyId: string; secretAccessKey: string } => ({
  accessKeyId: account,
  secretAccessKey: 'local',
});

/** @throws EmulatedAccountDownError, UnsignedCallsError */
export async function createLocalTarget(
  environment: EnvironmentConfig,
  stateDir: string = stateDirectory(),
  variables: Variables = readVariables(),
): Promise<Target & Required<Pick<Target, 'emulator'>>> {
  const { account, region, name } = environment;
  const running = await runningAccount(account, stateDir);
  if (running === undefined) throw new EmulatedAccountDownError(name, account);
  return {
    environment,
    account,
    region,
    emulator: { endpoint: running.endpoint, ...signatureOf(running, name, variables) },
    unanswerable: UNANSWERABLE,
  };
}

type Signature = Omit<Required<Target>['emulator'], 'endpoint'>;

function signatureOf({ account, signedBy }: EmulatedAccount, environment: string, variables: Variables): Signature {
  if (signedBy === undefined) return { credentials: emulatorCredentials(account) };
  try {
    return { credentials: readCredentials(variables), signedBy };
  } catch (error) {
    if (error instanceof MissingVariablesError) throw new UnsignedCallsError(environment, account, error);
    throw error;
  }
}
