/**
 * Processes that outlive the command that started them: known by pid and start, so a pid the system has given to
 * another program since is never taken for ours, and ended as a group, so their children go with them.
 */
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';

export interface ProcessIdentity {
  /** Also the id of the process group: the process was started as a leader (`detached`). */
  readonly pid: number;
  /** When it started, in a form to compare only. */
  readonly startedAt: string;
}

const run = promisify(execFile);
const POLL_MS = 50;

/** The identity of a running process; undefined when none has this pid. */
export async function identify(pid: number): Promise<ProcessIdentity | undefined> {
  const startedAt = process.platform === 'linux' ? await startOnLinux(pid) : await startByPs(pid);
  return startedAt === undefined ? undefined : { pid, startedAt };
}

export async function isRunning({ pid, startedAt }: ProcessIdentity): Promise<boolean> {
  return (await identify(pid))?.startedAt === startedAt;
}

/**
 * Ends the process and its group: politely, and after `graceMs` by force. Does nothing when the pid belongs to
 * another program now.
 *
 * @returns whether there was anything to end.
 */
export async function endGroup(identity: ProcessIdentity, graceMs: number): Promise<boolean> {
  if (!(await groupIsOurs(identity)) || !signalGroup(identity.pid, 'SIGTERM')) return false;
  const deadline = Date.now() + graceMs;
  while (signalGroup(identity.pid, 0) && Date.now() < deadline) await sleep(POLL_MS);
  while (signalGroup(identity.pid, 'SIGKILL')) await sleep(POLL_MS);
  return true;
}

/**
 * A leader that died may leave children in its group, and as long as it has members no new process gets its id
 * (POSIX, fork: "shall not match any active process group ID"). A living process of that id and another start means
 * ours is gone altogether.
 */
async function groupIsOurs(identity: ProcessIdentity): Promise<boolean> {
  const current = await identify(identity.pid);
  if (current !== undefined) return current.startedAt === identity.startedAt;
  const boot = await bootId();
  return boot !== '' && identity.startedAt.startsWith(`${boot} `);
}

/** @returns false when the group has no members left. */
function signalGroup(pid: number, signal: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(-pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
    throw error;
  }
}

/** Field 22 of /proc/PID/stat, in ticks since boot (proc(5)); zombies count as gone. */
async function startOnLinux(pid: number): Promise<string | undefined> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(absent);
  // The program's name, in parentheses, may hold spaces.
  const fields = stat?.slice(stat.lastIndexOf(')') + 2).split(' ');
  if (fields === undefined || fields[0] === 'Z') return undefined;
  return `${await bootId()} ${fields[19]}`;
}

async function startByPs(pid: number): Promise<string | undefined> {
  const output = await run('ps', ['-o', 'lstart=', '-p', String(pid)]).catch(absent);
  const start = output?.stdout.trim();
  return start ? `${await bootId()} ${start}` : undefined;
}

/** Pids and ticks start anew at each boot. Empty where there is no such id (macOS, whose start times are dates). */
async function bootId(): Promise<string> {
  return (await readFile('/proc/sys/kernel/random/boot_id', 'utf8').catch(absent))?.trim() ?? '';
}

const absent = (): undefined => undefined;
