/**
 * One rehearsal at a time in a state directory, and none of them leaves anything: who rehearses says so in
 * `.gitops/rehearsal.json`, and ends what one that was killed has left.
 */
import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { stopAccounts } from '../adapters/emulator/accounts.ts';
import { withFileLock } from '../adapters/emulator/file-lock.ts';
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

/** Thrown when it can't be told whose rehearsal ran before. Exit 1; nothing was touched. */
export class ClaimUnreadableError extends GitOpsError {
  constructor(file: string, cause: unknown) {
    super(`${file} does not tell which rehearsal ran. Look for its processes and folder, then remove the file.`, {
      code: 'CLAIM_UNREADABLE',
      source: 'user',
      exitCode: EXIT.failed,
      cause,
    });
  }
}

/**
 * @param stateDir `.gitops`
 * @param root folder of the rehearsal that begins
 * @returns what lets go of it
 * @throws RehearsalRunsError, ClaimUnreadableError
 */
export async function claimRehearsal(stateDir: string, root: string, reporter: Reporter): Promise<() => Promise<void>> {
  const file = join(stateDir, 'rehearsal.json');
  // Two that begin at once must not both take a dead one's place.
  await withFileLock(`${file}.lock`, async () => {
    await endLeftOver(file, reporter);
    const self = await identify(process.pid);
    const draft = `${file}.draft`;
    await writeFile(draft, JSON.stringify({ pid: process.pid, startedAt: self?.startedAt ?? '', root }));
    // Appears whole: whoever is killed here leaves nothing that can't be read.
    await rename(draft, file);
  });
  return () => rm(file, { force: true });
}

async function endLeftOver(file: string, reporter: Reporter): Promise<void> {
  const found = await readClaim(file);
  if (found === undefined) return;
  if (await isRunning(found)) throw new RehearsalRunsError(found.pid);
  await stopAccounts({ stateDir: accountsIn(found.root), reporter });
  await rm(found.root, { recursive: true, force: true });
  await rm(file, { force: true });
}

async function readClaim(file: string): Promise<z.infer<typeof claim> | undefined> {
  try {
    return claim.parse(JSON.parse(await readFile(file, 'utf8')));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new ClaimUnreadableError(file, error);
  }
}
