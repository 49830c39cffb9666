/**
 * The program that runs workflow files on this machine: `.gitops/act`, from requirements.txt, held to its hash. Made
 * once; renewed when the requirements change.
 *
 * Source: https://nektosact.com
 */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { access, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { withFileLock } from '../../adapters/emulator/file-lock.ts';
import { ensurePython } from '../../adapters/emulator/python-environment.ts';
import { stateDirectory } from '../../adapters/emulator/state-dir.ts';
import { readVariables } from '../../adapters/variables.ts';
import { EXIT, GitOpsError } from '../../core/errors.ts';

const run = promisify(execFile);
const REQUIREMENTS = join(import.meta.dirname, 'requirements.txt');

/** Thrown when act can't be had for this machine. Exit 1. */
export class ActUnavailableError extends GitOpsError {
  constructor(reason: string, cause?: unknown) {
    super(
      `The rehearsal runs the workflow files with act, which could not be installed:\n${reason}\n` +
        'It needs the package index once (a mirror is set by PIP_INDEX_URL). Where there is no package for this machine:\n' +
        '  go install github.com/nektos/act@v0.2.89, then GITOPS_ACT="$(go env GOPATH)/bin/act" npm run rehearse',
      { code: 'ACT_UNAVAILABLE', source: 'user', exitCode: EXIT.failed, cause },
    );
  }
}

export interface EnsureActOptions {
  /** Told what takes long, and nothing when all is there. */
  readonly log?: (line: string) => void;
  /** Default: `.gitops` of the repository. */
  readonly stateDir?: string;
  /** Default: the rehearsal's own. */
  readonly requirements?: string;
  /** A program to take instead; default: the one `GITOPS_ACT` names. */
  readonly chosen?: string | undefined;
}

/**
 * @returns path of the program
 * @throws ActUnavailableError; PythonUnavailableError
 */
export async function ensureAct(options: EnsureActOptions = {}): Promise<string> {
  const { log = () => {}, stateDir = stateDirectory(), requirements = REQUIREMENTS } = options;
  const chosen = options.chosen ?? readVariables()['GITOPS_ACT'];
  if (chosen) return await tried(chosen);
  const home = join(stateDir, 'act');
  const program = join(home, 'bin', 'act');
  const stamp = join(home, 'requirements.sha256');
  const digest = createHash('sha256')
    .update(await readFile(requirements))
    .digest('hex');
  if (await isCurrent(stamp, digest, program)) return program;

  const { python } = await ensurePython({ log });
  await mkdir(stateDir, { recursive: true });
  await withFileLock(join(stateDir, 'act.lock'), async () => {
    if (await isCurrent(stamp, digest, program)) return;
    log('Installing act, which runs workflow files (once)');
    await rm(home, { recursive: true, force: true });
    const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--no-input', '--no-deps'];
    const held = ['--only-binary', ':all:', '--require-hashes', '--requirement', requirements];
    try {
      await run(python, [...pip, ...held, '--target', home]);
    } catch (error) {
      const { stdout = '', stderr = '' } = error as { stdout?: string; stderr?: string };
      throw new ActUnavailableError(`${stdout}\n${stderr}`.trim(), error);
    }
    await tried(program);
    // Last: whatever is interrupted before has no stamp and is made again.
    await writeFile(stamp, digest);
  });
  return program;
}

async function isCurrent(stamp: string, digest: string, program: string): Promise<boolean> {
  try {
    await access(program);
    return (await readFile(stamp, 'utf8')) === digest;
  } catch {
    return false;
  }
}

/** @throws ActUnavailableError when it does not start */
async function tried(program: string): Promise<string> {
  try {
    await run(program, ['--version']);
    return program;
  } catch (error) {
    throw new ActUnavailableError(`${program} does not start: ${(error as Error).message}`, error);
  }
}
