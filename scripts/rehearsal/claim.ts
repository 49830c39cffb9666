/**
 * One rehearsal at a time in a state directory, and none of them leaves anything: who rehearses says so in
 * `.gitops/rehearsal.json`, and ends what one that was killed has left.
 */
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { stopAccounts } from '../adapters/emulator/accounts.ts';
import { identify, isRunning } from '../adapters/emulator/processes.ts';
import { EXIT, GitOpsError } from '../core/errors.ts';
import type { Reporter } from '../core/progress.ts';

const claim = z.object({
  pid: z.int(),
  startedAt: z.string(),
  /** Folder of the rehearsal; nothing else is ever removed. */
  root: z.string().regex(/[\\/]rehearsal-[A-Za-z0-9]+$/),
});

/** Thrown while another rehearsal runs. Exit 3. */
export class RehearsalRunsError extends GitOpsError {
  constructor(pid: number) {
    super(`Another rehearsal runs here, as process ${pid}. Wait for it, or end it.`, {
      code: 'REHEARSAL_RUNS',
      source: 'user',
      exitCode: EXIT.guarded,
    });
  }
}

/** Where the accounts of a rehearsal are kept. */
export const accountsIn = (root: string): string => join(root, 'state');

/**
 * @param stateDir `.gitops`
 * @param root folder of the rehearsal that begins
 * @returns what lets go of it
 * @throws RehearsalRunsError
 */
export async function claimRehearsal(stateDir: string, root: string, reporter: Reporter): Promise<() => Promise<void>> {
  const file = join(stateDir, 'rehearsal.json');
  await endLeftOver(file, reporter);
  const self = await identify(process.pid);
  const text = JSON.stringify({ pid: process.pid, startedAt: self?.startedAt ?? '', root });
  // Fails when another one was quicker.
  await writeFile(file, text, { flag: 'wx' });
  return () => rm(file, { force: true });
}

async function endLeftOver(file: string, reporter: Reporter): Promise<void> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error;
    return undefined;
  });
  if (text === undefined) return;
  const { root, ...process } = claim.parse(JSON.parse(text));
  if (await isRunning(process)) throw new RehearsalRunsError(process.pid);
  await stopAccounts({ stateDir: accountsIn(root), reporter });
  await rm(root, { recursive: true, force: true });
  await rm(file, { force: true });
}
