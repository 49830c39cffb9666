/** What is installed on this machine, as tools say it themselves. */
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { MachineFacts } from '../../core/doctor/machine.ts';
import { missing, type Observation, observed, unanswered } from '../../core/validation/observation.ts';
import { findInterpreter, PythonUnavailableError } from '../emulator/python-environment.ts';

/** Those whose version decides what a release is, and which are pinned. */
const PACKAGES = ['aws-cdk-lib', 'constructs', '@aws-cdk/toolkit-lib', 'esbuild', 'tsx', 'typescript'];

export interface MachineOptions {
  /** The repository's root. */
  readonly root: string;
  /** Whether the emulator is to run here. */
  readonly emulator: boolean;
}

interface Manifest {
  readonly version?: string;
  readonly engines?: { readonly node?: string };
  readonly devDependencies?: Readonly<Record<string, string>>;
}

export async function readMachine({ root, emulator }: MachineOptions): Promise<MachineFacts> {
  const manifest = await readManifest(root);
  const packages = await Promise.all(
    PACKAGES.map(async (name) => {
      const wanted = manifest.devDependencies?.[name] ?? '';
      return [name, { wanted, installed: await installedVersion(join(root, 'node_modules', name)) }] as const;
    }),
  );
  return {
    node: process.versions.node,
    wantedNode: manifest.engines?.node ?? '',
    packages: Object.fromEntries(packages),
    git: await versionOf('git'),
    python: emulator ? await pythonVersion() : undefined,
  };
}

const readManifest = async (folder: string): Promise<Manifest> =>
  JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')) as Manifest;

async function installedVersion(folder: string): Promise<Observation<string>> {
  try {
    return observed((await readManifest(folder)).version ?? '');
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT' ? missing : unanswered(String(error));
  }
}

/** The interpreter that `npm start` would take. */
async function pythonVersion(): Promise<Observation<string>> {
  try {
    return await versionOf(await findInterpreter());
  } catch (error) {
    if (error instanceof PythonUnavailableError) return missing;
    throw error;
  }
}

/** `git version 2.43.0` → `2.43.0` */
async function versionOf(tool: string): Promise<Observation<string>> {
  try {
    const { stdout, stderr } = await promisify(execFile)(tool, ['--version']);
    return observed(/\d+(\.\d+)+/.exec(stdout || stderr)?.[0] ?? stdout.trim());
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT' ? missing : unanswered(String(error));
  }
}
