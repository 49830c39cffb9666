/**
 * The emulated accounts of this repository, one emulator process each: started together, used again while they run,
 * stopped together. Two environments of one account share its process.
 */
import type { Reporter } from '../../core/progress.ts';
import { type EmulatedAccount, forgetAccount, readAccount, readAccounts, writeAccount } from './account-state.ts';
import { startEmulator, untilHealthy } from './emulator-process.ts';
import { endGroup, isRunning } from './processes.ts';
import { ensurePython } from './python-environment.ts';
import { stateDirectory } from './state-dir.ts';

export { type EmulatedAccount, readAccounts } from './account-state.ts';
export { EmulatorFailedError, PortInUseError } from './emulator-process.ts';

/** Where ports begin unless `GITOPS_BASE_PORT` says otherwise. */
export const DEFAULT_BASE_PORT = 4566;
/** Time for function workers to end; nothing in an emulated account outlives it anyway. */
const GRACE_MS = 3_000;
/** An emulator that is at work may be slow to answer; ending it for that would lose what is deployed in it. */
const BUSY_MS = 15_000;

export interface AccountRequest {
  readonly account: string;
  /** Names of the environments in it. */
  readonly names: readonly string[];
}

export interface StartAccountsOptions {
  readonly environments: readonly AccountRequest[];
  /** Default: `.gitops` of the repository. */
  readonly stateDir?: string;
  /** The first account's port; each further one takes the next. Running ones keep theirs. */
  readonly basePort?: number;
  readonly reporter: Reporter;
  /** Stops starting; what this call started is ended. */
  readonly signal?: AbortSignal;
  /** Default: the virtual environment in `stateDir`, made when it is missing. */
  readonly python?: string;
  /** Another start module, for tests. */
  readonly startModule?: string;
}

/** Groups environments by the account they are in, in the order given. */
export function accountsOf(environments: readonly { name: string; account: string }[]): readonly AccountRequest[] {
  const names = new Map<string, string[]>();
  for (const { name, account } of environments) names.set(account, [...(names.get(account) ?? []), name]);
  return [...names].map(([account, inIt]) => ({ account, names: inIt }));
}

/**
 * Makes sure every account is up, and answers with all of them in the order asked for. When one fails, those that
 * this call started are ended and the first failure is thrown.
 *
 * @throws PythonUnavailableError, PortInUseError, EmulatorFailedError
 */
export async function startAccounts(options: StartAccountsOptions): Promise<readonly EmulatedAccount[]> {
  const {
    environments,
    stateDir = stateDirectory(),
    basePort = DEFAULT_BASE_PORT,
    reporter,
    signal,
    startModule,
  } = options;
  const task = reporter.task('Emulated accounts');
  const started: EmulatedAccount[] = [];
  try {
    const python = options.python ?? (await ensurePython({ stateDir, log: (line) => task.update(line) })).python;
    const running = await runningAccounts(environments, stateDir);
    const ports = choosePorts(environments, basePort, running, await portsInUse(stateDir));
    const outcomes = await Promise.allSettled(
      environments.map(async ({ account, names }) => {
        const current = running.get(account);
        if (current !== undefined) return await keep({ ...current, environments: [...names] }, stateDir);
        const port = ports.get(account) as number;
        const spec = { account, environments: names, port, python, startModule };
        const emulated = await startEmulator(spec, stateDir, signal);
        started.push(emulated);
        return emulated;
      }),
    );
    const failure = outcomes.find(({ status }) => status === 'rejected');
    if (failure?.status === 'rejected') throw failure.reason;
    signal?.throwIfAborted();
    task.done(`${environments.length} up, ${started.length} of them started now`);
    return outcomes.map((outcome) => (outcome as PromiseFulfilledResult<EmulatedAccount>).value);
  } catch (error) {
    await Promise.all(started.map((account) => end(account, stateDir)));
    task.fail('not started');
    throw error;
  }
}

export interface StoppedAccounts {
  /** Ended now. */
  readonly stopped: readonly EmulatedAccount[];
  /** Had a state file and no process any more. */
  readonly stale: readonly EmulatedAccount[];
}

export interface StopAccountsOptions {
  /** Default: `.gitops` of the repository. */
  readonly stateDir?: string;
  /** Only accounts that hold one of these environments; default: all. */
  readonly names?: readonly string[];
  readonly reporter: Reporter;
}

/** Ends exactly the processes that `startAccounts` started and forgets them. None running is no error. */
export async function stopAccounts({
  stateDir = stateDirectory(),
  names,
  reporter,
}: StopAccountsOptions): Promise<StoppedAccounts> {
  const task = reporter.task('Emulated accounts');
  const all = await readAccounts(stateDir);
  const accounts =
    names === undefined ? all : all.filter(({ environments }) => environments.some((name) => names.includes(name)));
  const ended = await Promise.all(accounts.map((account) => end(account, stateDir)));
  const stopped = accounts.filter((_, index) => ended[index]);
  task.done(stopped.length === 0 ? 'none was running' : `${stopped.length} stopped`);
  return { stopped, stale: accounts.filter((_, index) => !ended[index]) };
}

/** The account's process, when it runs and answers. */
export async function runningAccount(
  account: string,
  stateDir: string = stateDirectory(),
): Promise<EmulatedAccount | undefined> {
  const state = await readAccount(account, stateDir);
  if (state === undefined || !(await isRunning(state))) return undefined;
  return (await untilHealthy(state, BUSY_MS)) ? state : undefined;
}

async function runningAccounts(
  requests: readonly AccountRequest[],
  stateDir: string,
): Promise<ReadonlyMap<string, EmulatedAccount>> {
  const found = new Map<string, EmulatedAccount>();
  for (const { account } of requests) {
    const running = await runningAccount(account, stateDir);
    if (running !== undefined) found.set(account, running);
    // Runs and does not answer, or left a state file only: make room.
    else await endLeftOver(account, stateDir);
  }
  return found;
}

async function endLeftOver(account: string, stateDir: string): Promise<void> {
  const state = await readAccount(account, stateDir);
  if (state !== undefined) await end(state, stateDir);
}

/** `basePort` plus the account's position, past the ports of accounts that run already. */
function choosePorts(
  requests: readonly AccountRequest[],
  basePort: number,
  running: ReadonlyMap<string, EmulatedAccount>,
  inUse: ReadonlySet<number>,
): ReadonlyMap<string, number> {
  const taken = new Set(inUse);
  const ports = new Map<string, number>();
  for (const [index, { account }] of requests.entries()) {
    if (running.has(account)) continue;
    let port = basePort + index;
    while (taken.has(port)) port += 1;
    taken.add(port);
    ports.set(account, port);
  }
  return ports;
}

/** Of all our accounts that run, asked for now or not. */
async function portsInUse(stateDir: string): Promise<ReadonlySet<number>> {
  const ports = new Set<number>();
  for (const account of await readAccounts(stateDir)) if (await isRunning(account)) ports.add(account.port);
  return ports;
}

async function keep(account: EmulatedAccount, stateDir: string): Promise<EmulatedAccount> {
  await writeAccount(account, stateDir);
  return account;
}

async function end(account: EmulatedAccount, stateDir: string): Promise<boolean> {
  const ended = await endGroup(account, GRACE_MS);
  await forgetAccount(account.account, stateDir);
  return ended;
}
