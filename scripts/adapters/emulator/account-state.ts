/**
 * What is kept about each emulated account: `<state>/accounts/<account>.json`, with its log and its scratch folder.
 */
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { stateDirectory } from './state-dir.ts';

const schema = z.strictObject({
  account: z.string().regex(/^\d{12}$/),
  /** `http://127.0.0.1:4566` */
  endpoint: z.url(),
  port: z.int(),
  pid: z.int(),
  /** See ProcessIdentity. */
  startedAt: z.string(),
  /** Told back by the emulator's health page: what answers at the endpoint is this process and no other. */
  instance: z.string(),
  environments: z.array(z.string()),
  /**
   * What signs calls to it. `environment`: the credentials a command finds in its environment, as with AWS. Left out:
   * the account's own.
   */
  signedBy: z.literal('environment').optional(),
});

/** An emulated account, as it was when it started. Whether it still runs is another question. */
export type EmulatedAccount = Readonly<z.infer<typeof schema>>;

const folder = (stateDir: string): string => join(stateDir, 'accounts');
const fileOf = (stateDir: string, account: string): string => join(folder(stateDir), `${account}.json`);

/** The account's log; kept after it stops, overwritten when it starts again. */
export const logFile = (stateDir: string, account: string): string => join(folder(stateDir), `${account}.log`);
/** Code of functions and whatever else the emulator unpacks; removed when the account stops. */
export const scratchDir = (stateDir: string, account: string): string => join(folder(stateDir), `${account}.tmp`);

/** All accounts with a state file. A file that can't be read is left out: nothing in it can be trusted. */
export async function readAccounts(stateDir: string = stateDirectory()): Promise<readonly EmulatedAccount[]> {
  const names = await readdir(folder(stateDir)).catch(missingIs<string[]>([]));
  const accounts = names
    .filter((name) => name.endsWith('.json'))
    .map((name) => readAccount(name.slice(0, -'.json'.length), stateDir));
  return (await Promise.all(accounts)).filter((account) => account !== undefined);
}

export async function readAccount(
  account: string,
  stateDir: string = stateDirectory(),
): Promise<EmulatedAccount | undefined> {
  const text = await readFile(fileOf(stateDir, account), 'utf8').catch(missingIs(''));
  try {
    return schema.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}

/** Written whole or not at all: another command may be reading. */
export async function writeAccount(account: EmulatedAccount, stateDir: string): Promise<void> {
  await mkdir(folder(stateDir), { recursive: true });
  const file = fileOf(stateDir, account.account);
  await writeFile(`${file}.${process.pid}`, `${JSON.stringify(account, null, 2)}\n`);
  await rename(`${file}.${process.pid}`, file);
}

export async function forgetAccount(account: string, stateDir: string): Promise<void> {
  await rm(fileOf(stateDir, account), { force: true });
  await rm(scratchDir(stateDir, account), { recursive: true, force: true });
}

function missingIs<T>(fallback: T): (error: unknown) => T {
  return (error) => {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return fallback;
    throw error;
  };
}
