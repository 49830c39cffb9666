/**
 * The artifacts of one run: a folder each, `<store>/<name>/`, and what is known of it in `<store>/.index/<name>.json`.
 *
 * A folder appears whole, by a rename, which also decides between two uploads of one name; it counts from the moment its
 * entry is there.
 */
import { createHash, randomUUID } from 'node:crypto';
import { chmod, copyFile, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { ActionRefusedError, NotRehearsedError } from './step.ts';

const entry = z.object({
  id: z.int(),
  name: z.string(),
  /** `sha256:…` over its files. GitHub's is over the archive it makes of them. */
  digest: z.string(),
  files: z.int(),
  bytes: z.int(),
  /** After which it would be gone; undefined: as the repository has it. */
  retentionDays: z.int().optional(),
});
export type Artifact = Readonly<z.infer<typeof entry>>;

const INDEX = '.index';
const MODE = 0o644;
const entryFile = (store: string, name: string): string => join(store, INDEX, `${name}.json`);

export interface ToKeep {
  readonly name: string;
  /** Path in the artifact, with forward slashes → the file. */
  readonly files: ReadonlyMap<string, string>;
  readonly retentionDays?: number | undefined;
}

/** @throws ActionRefusedError where the run has one of this name; NotRehearsedError for a name a folder can't have */
export async function keepArtifact(store: string, { name, files, retentionDays }: ToKeep): Promise<Artifact> {
  if (name.startsWith('.'))
    throw new NotRehearsedError(`The stand-in keeps no artifact named ${JSON.stringify(name)}.`);
  await mkdir(join(store, INDEX), { recursive: true });
  const making = join(store, `.making-${randomUUID()}`);
  try {
    await copyFiles(files, making);
    await claim(making, join(store, name), name);
  } finally {
    await rm(making, { recursive: true, force: true });
  }
  const { digest, bytes } = await digestOf(join(store, name));
  const artifact: Artifact = { id: idOf(name), name, digest, files: files.size, bytes, retentionDays };
  const draft = `${entryFile(store, name)}.${randomUUID()}`;
  await writeFile(draft, `${JSON.stringify(artifact, null, 2)}\n`);
  await rename(draft, entryFile(store, name));
  return artifact;
}

/** By name. An upload that is under way is not among them. */
export async function listArtifacts(store: string): Promise<readonly Artifact[]> {
  const names = await readdir(join(store, INDEX)).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
  const files = names.filter((name) => name.endsWith('.json')).sort();
  return await Promise.all(files.map(async (file) => read(await readFile(join(store, INDEX, file), 'utf8'))));
}

const read = (text: string): Artifact => entry.parse(JSON.parse(text));

/** Nothing happens where there is none. */
export async function removeArtifact(store: string, name: string): Promise<void> {
  await rm(entryFile(store, name), { force: true });
  await rm(join(store, name), { recursive: true, force: true });
}

/** Puts its files into a folder, over what is there. @returns whether they are those that were kept */
export async function fetchArtifact(store: string, artifact: Artifact, folder: string): Promise<{ intact: boolean }> {
  const from = join(store, artifact.name);
  const { digest, paths } = await digestOf(from);
  await copyFiles(new Map(paths.map((path) => [path, join(from, path)])), folder);
  return { intact: digest === artifact.digest };
}

/** What a file may be besides read and written is lost, as in the archives of the action. */
async function copyFiles(files: ReadonlyMap<string, string>, folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const [path, file] of files) {
    const target = join(folder, path);
    await mkdir(dirname(target), { recursive: true });
    await copyFile(file, target);
    await chmod(target, MODE);
  }
}

async function claim(made: string, folder: string, name: string): Promise<void> {
  try {
    await rename(made, folder);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'ENOTEMPTY' && code !== 'EEXIST') throw error;
    throw new ActionRefusedError(
      `(409) Conflict: this run has an artifact ${JSON.stringify(name)} already. Give each upload its own name, or ` +
        'overwrite: true.',
      error,
    );
  }
}

async function digestOf(folder: string): Promise<{ digest: string; bytes: number; paths: readonly string[] }> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries
    .filter((item) => item.isFile())
    .map((item) => join(item.parentPath, item.name).slice(folder.length + 1))
    .sort();
  const hash = createHash('sha256');
  let bytes = 0;
  for (const path of paths) {
    const content = await readFile(join(folder, path));
    bytes += content.length;
    hash.update(`${path}\0${content.length}\0`).update(content);
  }
  return { digest: `sha256:${hash.digest('hex')}`, bytes, paths };
}

/** The same for a name in every run: nothing of a rehearsal is left to chance that need not be. */
function idOf(name: string): number {
  return Number.parseInt(createHash('sha256').update(name).digest('hex').slice(0, 8), 16);
}
