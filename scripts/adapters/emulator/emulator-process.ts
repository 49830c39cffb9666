/**
 * One emulator process: starts it detached on 127.0.0.1, waits until it answers, and tells what it said when it died.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, open, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { EXIT, GitOpsError } from '../../core/errors.ts';
import { readVariables } from '../variables.ts';
import { type EmulatedAccount, forgetAccount, logFile, scratchDir, writeAccount } from './account-state.ts';
import { endGroup, identify } from './processes.ts';
import { EMULATOR_DIR } from './state-dir.ts';

export const HOST = '127.0.0.1';
/** Half a second on an idle machine; a busy one gets plenty. */
const HEALTHY_WITHIN_MS = 60_000;
const POLL_MS = 50;
const ANSWER_WITHIN_MS = 2_000;
const LOG_LINES = 20;
/** What the emulator and the functions in it get of our variables: no credentials, no endpoints, no proxies. */
const PASSED_ON = ['PATH', 'HOME', 'LANG', 'LC_ALL', 'TZ'];

/** Thrown when a port is taken by another program. */
export class PortInUseError extends GitOpsError {
  constructor(port: number) {
    super(
      `Port ${port} on ${HOST} is in use by another program. End that program, or choose where the ports begin: ` +
        `GITOPS_BASE_PORT=${port + 1000} npm start (each account takes one port from there on).`,
      { code: 'PORT_IN_USE', source: 'user', exitCode: EXIT.failed },
    );
  }
}

/** Thrown when an emulator process dies or stays silent while starting; carries the end of its log. */
export class EmulatorFailedError extends GitOpsError {
  constructor(account: string, what: string, log: string, logPath: string) {
    super(`The emulated account ${account} ${what}. Its log (${logPath}) ends with:\n${log || '(nothing)'}`, {
      code: 'EMULATOR_FAILED',
      source: 'internal',
      exitCode: EXIT.failed,
    });
  }
}

export interface EmulatorSpec {
  readonly account: string;
  readonly environments: readonly string[];
  readonly port: number;
  readonly python: string;
  /** Default: start_module.py beside this file. */
  readonly startModule?: string;
  /** The emulator ends when this process does, however that ends: for tests. */
  readonly endWithParent?: boolean;
}

/**
 * Starts an emulator, keeps its state file, and waits until it answers. Whatever goes wrong, no process of it is left.
 *
 * @throws PortInUseError, EmulatorFailedError, and the reason of `signal` when that aborts.
 */
export async function startEmulator(
  spec: EmulatorSpec,
  stateDir: string,
  signal?: AbortSignal,
): Promise<EmulatedAccount> {
  const { account, port } = spec;
  if (!(await portIsFree(port))) throw new PortInUseError(port);

  const instance = `${account}-${crypto.randomUUID()}`;
  const scratch = scratchDir(stateDir, account);
  await rm(scratch, { recursive: true, force: true });
  await provideRuntimePackages(scratch);
  const log = await open(logFile(stateDir, account), 'w');
  const startModule = spec.startModule ?? join(EMULATOR_DIR, 'start_module.py');
  const child = spawn(spec.python, [startModule], {
    cwd: scratch,
    detached: true,
    stdio: ['ignore', log.fd, log.fd],
    env: settings(spec, instance, scratch),
  });
  const died = new Promise<string>((resolve) => {
    child.once('error', (error) => resolve(`could not be started: ${error.message}`));
    child.once('exit', (code, name) => resolve(`ended while starting (${name ?? `exit code ${code}`})`));
  });
  await log.close();
  child.unref();

  const identity = child.pid === undefined ? undefined : await identify(child.pid);
  const fail = async (what: string): Promise<never> => {
    throw new EmulatorFailedError(account, what, await logEnd(stateDir, account), logFile(stateDir, account));
  };
  if (identity === undefined) return fail(await died);
  const endpoint = `http://${HOST}:${port}`;
  const finished = new AbortController();
  const stop = AbortSignal.any([finished.signal, ...(signal ? [signal] : [])]);
  const started = { account, endpoint, port, ...identity, instance, environments: [...spec.environments] };
  try {
    // Before it answers: should this command be killed now, `npm stop` still knows the process.
    await writeAccount(started, stateDir);
    const healthy = untilHealthy(started, HEALTHY_WITHIN_MS, stop).then((answers) =>
      answers ? undefined : `did not answer at ${endpoint} within ${HEALTHY_WITHIN_MS / 1000} s`,
    );
    const failure = await Promise.race([died, healthy]);
    return failure === undefined ? started : await fail(failure);
  } catch (error) {
    await endGroup(identity, 0);
    await forgetAccount(account, stateDir);
    throw error;
  } finally {
    finished.abort();
  }
}

/** Asks until this very emulator, and no other program, answers at the endpoint. @returns false when time is up. */
export async function untilHealthy(
  { endpoint, instance }: Pick<EmulatedAccount, 'endpoint' | 'instance'>,
  withinMs: number,
  signal?: AbortSignal,
): Promise<boolean> {
  const deadline = Date.now() + withinMs;
  do {
    signal?.throwIfAborted();
    if ((await instanceAt(endpoint)) === instance) return true;
    await sleep(POLL_MS);
  } while (Date.now() < deadline);
  return false;
}

async function instanceAt(endpoint: string): Promise<string | undefined> {
  try {
    const answer = await fetch(`${endpoint}/_ministack/health`, { signal: AbortSignal.timeout(ANSWER_WITHIN_MS) });
    return z.looseObject({ edition: z.string() }).parse(await answer.json()).edition;
  } catch {
    return undefined;
  }
}

const runtimePackages = (scratch: string): string => join(scratch, 'runtime');

/**
 * Lambda's Node.js runtimes carry the AWS SDK, and the functions that CDK brings along count on it. Nothing else is
 * there, so a function that forgot to bundle a package fails here as it does on AWS.
 * https://docs.aws.amazon.com/lambda/latest/dg/lambda-nodejs.html
 */
async function provideRuntimePackages(scratch: string): Promise<void> {
  const client = createRequire(import.meta.url).resolve('@aws-sdk/client-ec2');
  const packages = client.slice(0, client.lastIndexOf('@aws-sdk'));
  await mkdir(runtimePackages(scratch), { recursive: true });
  for (const scope of ['@aws-sdk', '@smithy']) {
    await symlink(join(packages, scope), join(runtimePackages(scratch), scope), 'dir');
  }
  // Functions are unpacked below this folder. Node would go up to the repository's package.json, which says "module";
  // in Lambda there is none above a function.
  await writeFile(join(scratch, 'package.json'), '{}\n');
}

/** ministack's own variables; see its README. */
function settings(
  { account, port, endWithParent = false }: EmulatorSpec,
  instance: string,
  scratch: string,
): NodeJS.ProcessEnv {
  const variables = readVariables();
  return {
    ...Object.fromEntries(PASSED_ON.map((name) => [name, variables[name]])),
    MINISTACK_ACCOUNT_ID: account,
    GATEWAY_PORT: String(port),
    BIND_HOST: HOST,
    // In the addresses it gives out, of queues for one: localhost may mean ::1, where nobody listens.
    MINISTACK_HOST: HOST,
    // Free text that its health page tells back.
    MINISTACK_EDITION: instance,
    // Spares a port per account.
    IOT_MTLS_ENABLED: '0',
    // What functions run with.
    AWS_ACCESS_KEY_ID: account,
    AWS_SECRET_ACCESS_KEY: 'local',
    TMPDIR: scratch,
    NODE_PATH: runtimePackages(scratch),
    ...(endWithParent ? { EMULATOR_ENDS_WITH_PARENT: '1' } : {}),
    PYTHONDONTWRITEBYTECODE: '1',
    PYTHONUNBUFFERED: '1',
  };
}

/** What is to be said of an emulator that started well and is gone. */
export const describeDeath = async (account: string, stateDir: string): Promise<EmulatorFailedError> =>
  new EmulatorFailedError(
    account,
    'ended while it was in use',
    await logEnd(stateDir, account),
    logFile(stateDir, account),
  );

async function logEnd(stateDir: string, account: string): Promise<string> {
  const text = await readFile(logFile(stateDir, account), 'utf8');
  return text.trimEnd().split('\n').slice(-LOG_LINES).join('\n');
}

/** Whether the port can be listened on. Another program may still take it first: then the emulator ends and says so. */
export async function portIsFree(port: number): Promise<boolean> {
  const server = createServer();
  try {
    server.listen({ port, host: HOST, exclusive: true });
    await once(server, 'listening');
    return true;
  } catch (error) {
    if (['EADDRINUSE', 'EACCES'].includes((error as NodeJS.ErrnoException).code ?? '')) return false;
    throw error;
  } finally {
    if (server.listening) await new Promise((closed) => server.close(closed));
  }
}
