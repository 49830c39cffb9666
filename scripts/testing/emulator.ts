/**
 * An emulated account for one test or one test file: its own process, port and state, gone when the test is over.
 */
import { randomInt } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { EmulatedAccount } from '../adapters/emulator/account-state.ts';
import {
  EmulatorFailedError,
  type EmulatorSpec,
  PortInUseError,
  startEmulator,
} from '../adapters/emulator/emulator-process.ts';
import { emulatorCredentials } from '../adapters/emulator/local-target.ts';
import { endGroup } from '../adapters/emulator/processes.ts';
import { ensurePython } from '../adapters/emulator/python-environment.ts';

/** A test's context, or `{ after }` of node:test for a whole file, at its top level: in a `before` hook it ends with the hook. */
export interface Owner {
  after(hook: () => Promise<void>): void;
}

export interface TestAccount extends EmulatedAccount {
  /** Holds the account's state file: what `stateDir` options of the adapters take. */
  readonly stateDir: string;
  /** What every SDK client is made with: `new SSMClient(account.client)`. */
  readonly client: {
    readonly endpoint: string;
    readonly region: string;
    readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
  };
}

export interface TestAccountOptions {
  /** 12 digits. */
  readonly account: string;
  /** Default: us-east-1. */
  readonly region?: string;
  /** Names of the environments in it. */
  readonly environments?: readonly string[];
}

/** Below the ephemeral ports of Linux (32768 and up), which outgoing connections take. */
const PORTS = { from: 20_000, to: 32_000 };
/** Tests run side by side and draw ports by lot. */
const ATTEMPTS = 20;

/** Starts an emulated account with the repository's virtual environment, and ends it after the test. */
export async function withEmulatedAccount(owner: Owner, options: TestAccountOptions): Promise<TestAccount> {
  const { account, region = 'us-east-1', environments = [] } = options;
  const { python } = await ensurePython();
  const stateDir = await mkdtemp(join(tmpdir(), 'emulated-account-'));
  // As in the repository, whose package.json is above `.gitops`: functions must not take it for theirs.
  await writeFile(join(stateDir, 'package.json'), JSON.stringify({ type: 'module' }));
  let emulated: EmulatedAccount | undefined;
  owner.after(async () => {
    if (emulated !== undefined) await endGroup(emulated, 0);
    await rm(stateDir, { recursive: true, force: true });
  });
  emulated = await startAnywhere({ account, environments, python, endWithParent: true }, stateDir);
  const { endpoint } = emulated;
  return { ...emulated, stateDir, client: { endpoint, region, credentials: emulatorCredentials(account) } };
}

async function startAnywhere(spec: Omit<EmulatorSpec, 'port'>, stateDir: string): Promise<EmulatedAccount> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await startEmulator({ ...spec, port: randomInt(PORTS.from, PORTS.to) }, stateDir);
    } catch (error) {
      // Another test took the port: before, or while this emulator was starting.
      const lost =
        error instanceof PortInUseError || (error instanceof EmulatorFailedError && /in use/.test(error.message));
      if (!lost || attempt === ATTEMPTS) throw error;
    }
  }
}
