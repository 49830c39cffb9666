/** Finds a program on a path, as a shell does. */
import { accessSync, constants } from 'node:fs';
import { join } from 'node:path';
import { EXIT, GitOpsError } from '../../../core/errors.ts';

/** Thrown where no folder of the path has the program. Exit 1. */
export class ProgramMissingError extends GitOpsError {
  constructor(name: string, folders: readonly string[]) {
    super(`There is no ${name} on the PATH of this job: ${folders.join(', ') || 'it is empty'}`, {
      code: 'PROGRAM_MISSING',
      source: 'user',
      exitCode: EXIT.failed,
    });
  }
}

/** @throws ProgramMissingError */
export function findProgram(name: string, folders: readonly string[]): string {
  const found = folders.filter((folder) => folder !== '').map((folder) => join(folder, name));
  const program = found.find(isExecutable);
  if (program === undefined) throw new ProgramMissingError(name, folders);
  return program;
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
