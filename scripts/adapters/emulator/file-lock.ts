/**
 * One process at a time, on one machine: a lock file that names its holder, so that a holder that died blocks nobody.
 * Two waiters that find a dead holder in the same moment could both go on: good enough for making a folder, not for
 * a ledger.
 */
import { randomUUID } from 'node:crypto';
import { link, readFile, rm, writeFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { identify, isRunning, type ProcessIdentity } from './processes.ts';

const POLL_MS = 100;

/** Runs `work` while holding the lock at `path`, waiting for whoever holds it now. The folder must exist. */
export async function withFileLock<T>(path: string, work: () => Promise<T>): Promise<T> {
  const own = `${path}.${randomUUID()}`;
  await writeFile(own, JSON.stringify(await identify(process.pid)));
  try {
    // A link appears with its content: nobody ever reads a lock without a holder.
    while (!(await tryLink(own, path))) {
      if (!(await isHeld(path))) await rm(path, { force: true });
      else await sleep(POLL_MS);
    }
    try {
      return await work();
    } finally {
      await rm(path, { force: true });
    }
  } finally {
    await rm(own, { force: true });
  }
}

async function tryLink(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

async function isHeld(path: string): Promise<boolean> {
  try {
    return await isRunning(JSON.parse(await readFile(path, 'utf8')) as ProcessIdentity);
  } catch (error) {
    // Released in between: the caller tries again.
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return true;
    throw error;
  }
}
