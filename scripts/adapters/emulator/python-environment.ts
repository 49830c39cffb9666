/**
 * The Python virtual environment of the emulator: `.gitops/python`, made from requirements.txt, every package held to
 * its hash. Made once, renewed when the requirements change, finished when an earlier installation was interrupted.
 */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { access, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { EXIT, GitOpsError } from '../../core/errors.ts';
import { readVariables } from '../variables.ts';
import { withFileLock } from './file-lock.ts';
import { EMULATOR_DIR, stateDirectory } from './state-dir.ts';

export interface Python {
  /** The interpreter of the virtual environment. */
  readonly python: string;
  /** The AWS command line beside it. */
  readonly aws: string;
  /** The auditor of workflows, which the tests of `.github` run. */
  readonly zizmor: string;
}

export interface EnsurePythonOptions {
  /** Told what takes long, and nothing when all is there. */
  readonly log?: (line: string) => void;
  /** Default: `.gitops` of the repository. */
  readonly stateDir?: string;
  /** Default: the emulator's own. */
  readonly requirements?: string;
  /** Interpreters to try, best first; default: the usual names, or the one named by `GITOPS_PYTHON`. */
  readonly interpreters?: readonly string[];
}

/** Thrown when there is no Python the emulator runs on, or its packages can't be installed. */
export class PythonUnavailableError extends GitOpsError {
  constructor(message: string, cause?: unknown) {
    super(message, { code: 'PYTHON_UNAVAILABLE', source: 'user', exitCode: EXIT.failed, cause });
  }
}

const run = promisify(execFile);
/** What the emulator asks for (`Requires-Python` of ministack). */
const MINIMUM = [3, 10] as const;
const INTERPRETERS = ['python3', 'python3.14', 'python3.13', 'python3.12', 'python3.11', 'python3.10', 'python'];
const OUTPUT_LINES = 15;

/** Where the virtual environment is, made or not. */
export function pythonIn(stateDir: string = stateDirectory()): Python {
  const bin = join(stateDir, 'python', 'bin');
  return { python: join(bin, 'python'), aws: join(bin, 'aws'), zizmor: join(bin, 'zizmor') };
}

/**
 * Makes the virtual environment when it is missing, unfinished, or of other requirements. Safe to call from several
 * processes at once: one makes it and the others wait.
 *
 * @throws PythonUnavailableError
 */
export async function ensurePython(options: EnsurePythonOptions = {}): Promise<Python> {
  const {
    log = () => {},
    stateDir = stateDirectory(),
    requirements = join(EMULATOR_DIR, 'requirements.txt'),
  } = options;
  const home = join(stateDir, 'python');
  const stamp = join(home, 'requirements.sha256');
  const digest = createHash('sha256')
    .update(await readFile(requirements))
    .digest('hex');
  const found = pythonIn(stateDir);
  if (await isCurrent(stamp, digest, found)) return found;

  await mkdir(stateDir, { recursive: true });
  await withFileLock(join(stateDir, 'python.lock'), async () => {
    if (await isCurrent(stamp, digest, found)) return;
    const interpreter = await findInterpreter(options.interpreters ?? defaultInterpreters());
    log(`Making the virtual environment of the emulator with ${interpreter} (once)`);
    await rm(home, { recursive: true, force: true });
    await install(interpreter, ['-m', 'venv', home], 'On Debian and Ubuntu it takes the package python3-venv.');
    const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--no-input'];
    await install(
      found.python,
      [...pip, '--require-hashes', '--requirement', requirements],
      'It needs the package index once; a mirror is set by PIP_INDEX_URL.',
    );
    // Last: whatever is interrupted before has no stamp and is made again.
    await writeFile(stamp, digest);
  });
  return found;
}

async function isCurrent(stamp: string, digest: string, { python, aws }: Python): Promise<boolean> {
  try {
    // The interpreter is a link: it breaks when the Python it was made from is removed.
    await Promise.all([access(python), access(aws)]);
    return (await readFile(stamp, 'utf8')) === digest;
  } catch {
    return false;
  }
}

function defaultInterpreters(): readonly string[] {
  const chosen = readVariables()['GITOPS_PYTHON'];
  return chosen ? [chosen] : INTERPRETERS;
}

/** The first that is new enough. @throws PythonUnavailableError naming what was found and was too old. */
export async function findInterpreter(candidates: readonly string[] = defaultInterpreters()): Promise<string> {
  const tooOld: string[] = [];
  for (const candidate of candidates) {
    const version = await versionOf(candidate);
    if (version === undefined) continue;
    const [major = 0, minor = 0] = version.split('.').map(Number);
    if (major > MINIMUM[0] || (major === MINIMUM[0] && minor >= MINIMUM[1])) return candidate;
    tooOld.push(`${candidate} is ${version}`);
  }
  const found = tooOld.length > 0 ? `found ${tooOld.join(', ')}` : `tried ${candidates.join(', ')}`;
  throw new PythonUnavailableError(
    `The emulated accounts need Python ${MINIMUM.join('.')} or newer; ${found}. ` +
      'Install it, or name an interpreter in GITOPS_PYTHON.',
  );
}

/** `3.11.7`; undefined when this is no interpreter that runs. */
async function versionOf(interpreter: string): Promise<string | undefined> {
  try {
    const { stdout } = await run(interpreter, ['-c', 'import sys; print("%d.%d.%d" % sys.version_info[:3])']);
    return stdout.trim();
  } catch {
    return undefined;
  }
}

async function install(program: string, args: readonly string[], hint: string): Promise<void> {
  try {
    await run(program, [...args]);
  } catch (error) {
    const { stdout = '', stderr = '' } = error as { stdout?: string; stderr?: string };
    const output = `${stdout}\n${stderr}`.trim().split('\n').slice(-OUTPUT_LINES).join('\n');
    throw new PythonUnavailableError(
      `The virtual environment of the emulated accounts could not be made. ${hint}\n` +
        `${program} ${args.join(' ')}\n${output}`,
      error,
    );
  }
}
