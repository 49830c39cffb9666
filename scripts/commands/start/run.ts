/**
 * `start`: emulated accounts up and prepared, the working tree promoted through them, and how to send the first order.
 * Accounts and release are made side by side: neither needs the other.
 */
import type { EnvironmentConfig } from '../../../environments/environment-config.ts';
import type { CommandResult } from '../../adapters/cli/command.ts';
import type { EmulatedAccount } from '../../adapters/emulator/accounts.ts';
import type { Target } from '../../adapters/target.ts';
import { renderFailures } from '../../core/deployment/stack-result.ts';
import { EXIT, GitOpsError } from '../../core/errors.ts';
import type { BootstrappedAccount } from '../../operations/bootstrap-account.ts';
import { type Dependencies as BootstrapDependencies, bootstrapAccounts } from '../../operations/bootstrap-accounts.ts';
import type { ReleaseOnDisk } from '../../operations/fetched-release.ts';
import type { PromoteInput, Promotion } from '../../operations/promote.ts';
import { endingOfPromotion } from '../../operations/promotion-cause.ts';
import { type Ending, renderEnding } from './ending.ts';

export interface StartInput {
  /** The repository's root. */
  readonly root: string;
  /** All environments, in the order of promotion. */
  readonly environments: readonly EnvironmentConfig[];
  /** Those to start. */
  readonly chosen: readonly EnvironmentConfig[];
  /** Who acts: for ledger and lock. */
  readonly by: string;
  readonly signal: AbortSignal;
}

export interface Dependencies extends BootstrapDependencies {
  readonly startAccounts: (
    chosen: readonly EnvironmentConfig[],
    signal: AbortSignal,
  ) => Promise<readonly EmulatedAccount[]>;
  /**
   * Where an account's process died while it was worked with: ends all of them.
   * @throws EmulatorFailedError with the end of its log
   */
  readonly endFallenAccounts: (accounts: readonly EmulatedAccount[]) => Promise<void>;
  readonly resolveTargets: (chosen: readonly EnvironmentConfig[]) => Promise<readonly Target[]>;
  readonly withRelease: (
    signal: AbortSignal,
    use: (release: ReleaseOnDisk) => Promise<Promotion>,
  ) => Promise<Promotion>;
  readonly promote: (input: PromoteInput) => Promise<Promotion>;
  /** Where an environment's API is reached from this machine; null when it has none yet. */
  readonly orderApiUrl: (target: Target) => Promise<string | null>;
}

/** Thrown when an emulated account could not be prepared; names the stacks and why. Exit 1. */
export class AccountsNotPreparedError extends GitOpsError {
  constructor(accounts: readonly BootstrappedAccount[]) {
    const failures = accounts.flatMap(({ account, stacks }) =>
      renderFailures(stacks).map((line) => `${account}: ${line}`),
    );
    super(`The emulated accounts could not be prepared.\n${failures.join('\n')}`, {
      code: 'ACCOUNTS_NOT_PREPARED',
      source: 'internal',
      exitCode: EXIT.failed,
    });
  }
}

export async function run(input: StartInput, deps: Dependencies): Promise<CommandResult> {
  // A failure of the accounts ends the synth too: nobody needs its release then.
  const failed = new AbortController();
  const signal = AbortSignal.any([input.signal, failed.signal]);
  const up = prepareAccounts(input, deps, signal);
  up.catch((error: unknown) => failed.abort(error));
  const promotion = deps.withRelease(signal, async ({ release, folder }) => {
    const { targets } = await up;
    const { environments, by } = input;
    const options = { retry: false, overrideFreeze: null, enforceFreeze: false };
    return await deps.promote({
      release,
      folder,
      targets,
      environments,
      options,
      predecessorValidated: false,
      by,
      waitSeconds: WAIT_SECONDS,
      signal,
    });
  });
  const [prepared, promoted] = await settleBoth(up, promotion);
  if (promoted.exitCode !== EXIT.done) await deps.endFallenAccounts(prepared.accounts);
  return await describe(promoted, prepared.targets, deps);
}

/** The lease of a process that died here runs out within a minute: worth the wait. */
const WAIT_SECONDS = 90;

interface Prepared {
  readonly accounts: readonly EmulatedAccount[];
  readonly targets: readonly Target[];
}

async function prepareAccounts(
  { root, environments, chosen }: StartInput,
  deps: Dependencies,
  signal: AbortSignal,
): Promise<Prepared> {
  const accounts = await deps.startAccounts(chosen, signal);
  const targets = await deps.resolveTargets(chosen);
  try {
    const prepared = await bootstrapAccounts({ root, targets, environments, signal }, deps);
    if (!prepared.every(({ ok }) => ok)) throw new AccountsNotPreparedError(prepared);
  } catch (error) {
    await deps.endFallenAccounts(accounts);
    throw error;
  }
  return { accounts, targets };
}

/** Waits for both, so that nothing goes on behind an error; the accounts' is the one to tell. */
async function settleBoth<A, B>(first: Promise<A>, second: Promise<B>): Promise<[A, B]> {
  await Promise.allSettled([first, second]);
  return [await first, await second];
}

async function describe(promotion: Promotion, targets: readonly Target[], deps: Dependencies): Promise<CommandResult> {
  const urls = await Promise.all(targets.map((target) => deps.orderApiUrl(target)));
  const ending: Ending = {
    release: promotion.release,
    criticalPath: promotion.criticalPath,
    environments: promotion.environments.map((result, index) => ({
      result,
      authorization: targets[index]?.environment.api.authorization ?? 'AWS_IAM',
      url: urls[index] ?? null,
    })),
  };
  const { id, commit, dirty } = promotion.release;
  return {
    ...endingOfPromotion(promotion),
    document: {
      release: { id, commit, dirty },
      environments: ending.environments.map(({ result, url }) => ({ ...result, url })),
      criticalPath: promotion.criticalPath,
    },
    text: renderEnding(ending),
  };
}
