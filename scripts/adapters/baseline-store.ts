/**
 * Keeps the baseline a deployment took, for a validation that runs later: `.gitops/baselines/<environment>.json`.
 */
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { Baseline } from '../core/validation/baseline.ts';
import { stateDirectory } from './emulator/state-dir.ts';

const schema = z.strictObject({
  environment: z.string(),
  source: z.string(),
  takenAt: z.iso.datetime(),
  deadLetters: z.number().nullable(),
  alarming: z.array(z.string()).nullable(),
  unread: z.array(z.string()),
});

const fileOf = (environment: string, stateDir: string): string => join(stateDir, 'baselines', `${environment}.json`);

/** Replaces an earlier baseline of the environment. */
export async function writeBaseline(baseline: Baseline, stateDir: string = stateDirectory()): Promise<void> {
  const file = fileOf(baseline.environment, stateDir);
  await mkdir(join(stateDir, 'baselines'), { recursive: true });
  // Renamed into place: a validation beside it never reads half a file.
  const draft = `${file}.${process.pid}`;
  await writeFile(draft, `${JSON.stringify(baseline, null, 2)}\n`);
  await rename(draft, file);
}

/**
 * The baseline the last deployment from here took, or undefined when there is none, or it was taken from another
 * account than `source` says (`baselineSource` of the target).
 * @throws ZodError or SyntaxError when the file is not one of ours
 */
export async function readBaseline(
  environment: string,
  source: string,
  stateDir: string = stateDirectory(),
): Promise<Baseline | undefined> {
  let text: string;
  try {
    text = await readFile(fileOf(environment, stateDir), 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  const baseline = schema.parse(JSON.parse(text));
  return baseline.source === source ? baseline : undefined;
}
