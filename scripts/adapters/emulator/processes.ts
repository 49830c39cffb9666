/**
 * Processes that outlive the command that started them: known by pid and start, so a pid the system has given to
 * another program since is never taken for ours, and ended as a group, so their children go with them.
 */
import { execFile } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
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
/** After the signal that no process can refuse; a process that waits for a broken disk may still not go. */
const KILLED_WITHIN_MS = 5_000;

interface ProcessEntry {
  readonly pid: number;
  readonly group: number;
  readonly startedAt: string;
}

/** The identity of a running process; undefined when none has this pid. */
export async function identify(pid: number): Promise<ProcessIdentity | undefined> {
  const entry = await (process.platform === 'linux' ? readOnLinux(pid) : readByPs(pid));
  return entry === undefined ? undefined : { pid, startedAt: entry.startedAt };
}

export async function isRunning({ pid, startedAt }: ProcessIdentity): Promise<boolean> {
  return (await identify(pid))?.startedAt === startedAt;
}

/**
 * Ends the process and its group: politely, and after `graceMs` by force. Does nothing when the pid belongs to
 * another program now.
 *
 * @returns whether there was anything to end.
 * @throws Error when even force does not end it.
 */
export async function endGroup(identity: ProcessIdentity, graceMs: number): Promise<boolean> {
  if (!(await hasMembers(identity))) return false;
  signalGroup(identity.pid, 'SIGTERM');
  if (await isGoneWithin(identity, graceMs)) return true;
  signalGroup(identity.pid, 'SIGKILL');
  if (await isGoneWithin(identity, KILLED_WITHIN_MS)) return true;
  throw new Error(`Process ${identity.pid} can't be ended.`);
}

async function isGoneWithin(identity: ProcessIdentity, ms: number): Promise<boolean> {
  const deadline = Date.now() + ms;
  while (await hasMembers(identity)) {
    if (Date.now() >= deadline) return false;
    await sleep(POLL_MS);
  }
  return true;
}

/**
 * Whether the group has members still. A leader that died may leave children in it, and as long as there are any no
 * new process gets its id (POSIX, fork: "shall not match any active process group ID"). A living process of that id
 * and another start, or another boot, means ours is gone altogether.
 */
async function hasMembers(identity: ProcessIdentity): Promise<boolean> {
  const current = await identify(identity.pid);
  if (current !== undefined) return current.startedAt === identity.startedAt;
  if (!identity.startedAt.startsWith(`${await bootId()} `)) return false;
  const entries = await (process.platform === 'linux' ? listOnLinux() : listByPs());
  return entries.some(({ group }) => group === identity.pid);
}

function signalGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal);
  } catch (error) {
    // Gone in between.
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

async function listOnLinux(): Promise<readonly ProcessEntry[]> {
  const names = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const entries = await Promise.all(names.map((name) => readOnLinux(Number(name))));
  return entries.filter((entry) => entry !== undefined);
}

/** /proc/PID/stat: state, group and start in ticks since boot are fields 3, 5 and 22 (proc(5)). Zombies are gone. */
async function readOnLinux(pid: number): Promise<ProcessEntry | undefined> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(absent);
  // The program's name, in parentheses, may hold spaces.
  const fields = stat?.slice(stat.lastIndexOf(')') + 2).split(' ');
  if (fields === undefined || fields[0] === 'Z') return undefined;
  return { pid, group: Number(fields[2]), startedAt: `${await bootId()} ${fields[19]}` };
}

/** One option each: the header that follows `=` would swallow the rest. */
const PS_COLUMNS = ['pid', 'pgid', 'stat', 'lstart'].flatMap((name) => ['-o', `${name}=`]);

async function readByPs(pid: number): Promise<ProcessEntry | undefined> {
  return (await ps([...PS_COLUMNS, '-p', String(pid)]))[0];
}

const listByPs = (): Promise<readonly ProcessEntry[]> => ps(['-A', ...PS_COLUMNS]);

async function ps(args: readonly string[]): Promise<readonly ProcessEntry[]> {
  // Exits 1 when there is no such process.
  const output = (await run('ps', [...args]).catch(absent))?.stdout ?? '';
  const boot = await bootId();
  return output.split('\n').flatMap((line) => {
    const [, pid, group, state, start] = /^\s*(\d+)\s+(\d+)\s+(\S+)\s+(.+?)\s*$/.exec(line) ?? [];
    if (state === undefined || state.startsWith('Z')) return [];
    return [{ pid: Number(pid), group: Number(group), startedAt: `${boot} ${start}` }];
  });
}

/** Pids, and ticks, start anew at each boot. */
async function bootId(): Promise<string> {
  if (process.platform === 'linux') return (await readFile('/proc/sys/kernel/random/boot_id', 'utf8')).trim();
  return (await run('sysctl', ['-n', 'kern.boottime'])).stdout.trim();
}

const absent = (): undefined => undefined;
