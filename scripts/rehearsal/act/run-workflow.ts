/**
 * Runs one workflow file with act, on this machine, in an environment of which nothing but `PATH` is inherited: what
 * lies about in a shell (a profile of AWS, a token of GitHub) must not make a run succeed.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { finished } from 'node:stream/promises';
import { type ActEvent, readLine } from './log.ts';

export interface WorkflowRun {
  /** The program. */
  readonly act: string;
  /** A clone of the repository, checked out at the commit the run is for. */
  readonly directory: string;
  /** `.github/workflows/promote.yml` */
  readonly workflow: string;
  /** `push`, `pull_request`, `schedule`, `workflow_dispatch`. */
  readonly event: string;
  /** As GitHub's webhook would send it. */
  readonly payload: object;
  /** Login of who began it. */
  readonly actor: string;
  /** `owner/name@commit=folder`, one for each action of the marketplace. */
  readonly standIns: readonly string[];
  /** Where programs are found. */
  readonly path: string;
  /** Of every job. */
  readonly variables: Readonly<Record<string, string>>;
  /** `vars` of the repository. */
  readonly repositoryVariables: Readonly<Record<string, string>>;
  /** `github.token`. One for all jobs: act knows no permissions. */
  readonly token: string;
  /** Scratch space of this run: home, workspaces, the event. */
  readonly scratch: string;
  /** Every line act says, as it says it. */
  readonly logFile: string;
}

export interface RunOptions {
  readonly onEvent: (event: ActEvent) => void;
  readonly signal: AbortSignal;
}

const RUNNER = 'ubuntu-24.04=-self-hosted';
/** Time for steps to end when the rehearsal is interrupted. */
const GRACE_MS = 5_000;

/** @returns whether act calls the run a success */
export async function runWorkflow(run: WorkflowRun, { onEvent, signal }: RunOptions): Promise<boolean> {
  signal.throwIfAborted();
  const home = join(run.scratch, 'home');
  const temporary = join(run.scratch, 'tmp');
  await Promise.all([home, temporary].map((folder) => mkdir(folder, { recursive: true })));
  const event = join(run.scratch, 'event.json');
  await writeFile(event, JSON.stringify(run.payload));

  const child = spawn(run.act, argumentsOf(run, event), {
    cwd: run.directory,
    env: { PATH: run.path, HOME: home, TMPDIR: temporary, LANG: 'C.UTF-8' },
    stdio: ['ignore', 'pipe', 'pipe'],
    // A group of its own: whatever its steps started ends with it.
    detached: true,
  });
  const end = (name: NodeJS.Signals): void => {
    try {
      if (child.pid !== undefined) process.kill(-child.pid, name);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
    }
  };
  const kill = { timer: undefined as NodeJS.Timeout | undefined };
  const stop = (): void => {
    end('SIGTERM');
    kill.timer = setTimeout(() => end('SIGKILL'), GRACE_MS);
  };
  signal.addEventListener('abort', stop, { once: true });
  try {
    const log = createWriteStream(run.logFile);
    const hear = (line: string): void => {
      log.write(`${line}\n`);
      const heard = readLine(line);
      if (heard !== undefined) onEvent(heard);
    };
    createInterface({ input: child.stdout }).on('line', hear);
    createInterface({ input: child.stderr }).on('line', hear);
    const [code] = (await once(child, 'close')) as [number | null];
    log.end();
    await finished(log);
    signal.throwIfAborted();
    return code === 0;
  } finally {
    clearTimeout(kill.timer);
    signal.removeEventListener('abort', stop);
    // What a step left running.
    end('SIGKILL');
  }
}

function argumentsOf(run: WorkflowRun, event: string): readonly string[] {
  const each = (flag: string, values: Readonly<Record<string, string>>): string[] =>
    Object.entries(values).flatMap(([name, value]) => [flag, `${name}=${value}`]);
  return [
    run.event,
    '--json',
    ...['--workflows', run.workflow, '--eventpath', event, '--actor', run.actor, '--platform', RUNNER],
    // Checking out is the stand-in's work; nothing is fetched from GitHub.
    ...['--no-skip-checkout', '--no-cache-server', '--action-offline-mode', '--strict'],
    ...['--defaultbranch', 'main', '--secret', `GITHUB_TOKEN=${run.token}`],
    ...run.standIns.flatMap((standIn) => ['--local-repository', standIn]),
    ...each('--env', run.variables),
    ...each('--var', run.repositoryVariables),
  ];
}
