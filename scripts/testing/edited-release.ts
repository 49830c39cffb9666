/**
 * Releases that differ from a deployed one by one edit: of the sources, synthesized anew, or of the assembly's templates.
 */
import { cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadEnvironments } from '../../environments/load.ts';
import { hashDirectory } from '../adapters/release/hash-directory.ts';
import { writeRelease } from '../adapters/release/release-directory.ts';
import { REPOSITORY_ROOT } from '../adapters/repository-root.ts';
import { describeRelease, type Release } from '../core/release/release.ts';
import { makeRelease } from '../operations/make-release.ts';
import type { Owner } from './emulator.ts';

export interface EditedRelease {
  readonly release: Release;
  readonly folder: string;
}

/** What synth needs of the repository. */
const SOURCES = ['cdk.json', 'environments', 'infra', 'lambdas', 'package.json', 'tsconfig.json'];

/** Text of the file → its text after the edit. */
export type SourceEdit = { readonly file: string; readonly edit: (text: string) => string };

/** The release of the working tree with files edited: what a pull request's commit would make. Takes a synth. */
export async function releaseOfEditedSources(owner: Owner, ...edits: readonly SourceEdit[]): Promise<EditedRelease> {
  const root = await workspace(owner);
  await Promise.all(SOURCES.map((name) => cp(join(REPOSITORY_ROOT, name), join(root, name), { recursive: true })));
  await symlink(join(REPOSITORY_ROOT, 'node_modules'), join(root, 'node_modules'));
  for (const { file, edit } of edits) {
    const before = await readFile(join(root, file), 'utf8');
    const after = edit(before);
    if (after === before) throw new Error(`the edit of ${file} changes nothing`);
    await writeFile(join(root, file), after);
  }
  const folder = join(root, 'release');
  const environments = loadEnvironments({ folder: join(root, 'environments') });
  const { release } = await makeRelease({ root, folder, environments });
  return { release, folder };
}

// biome-ignore lint/suspicious/noExplicitAny: an edit reaches anywhere into a template, which has no type
type Editable = any;

/** The release with the template of one stack edited in place. */
export async function releaseOfEditedTemplate(
  owner: Owner,
  from: EditedRelease,
  environment: string,
  stack: string,
  edit: (template: Editable) => void,
): Promise<EditedRelease> {
  const folder = join(await workspace(owner), 'release');
  await cp(from.folder, folder, { recursive: true });
  const file = join(folder, environment, `${stack}.template.json`);
  const before = await readFile(file, 'utf8');
  const template: Editable = JSON.parse(before);
  edit(template);
  await writeFile(file, JSON.stringify(template, null, 1));
  return { release: await describeAgain(from.release, folder), folder };
}

/** The same release with the digests of the files that are in `folder` now. */
async function describeAgain(release: Release, folder: string): Promise<Release> {
  const environments = Object.entries(release.environments).map(([name, facts]) => ({ name, ...facts }));
  const files = await hashDirectory(folder);
  const again = describeRelease({ ...release, createdAt: new Date(release.createdAt), environments, files });
  await writeRelease(folder, again);
  return again;
}

async function workspace(owner: Owner): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'edited-release-'));
  owner.after(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** The resource of that type whose construct path holds `path`. @throws Error when there is not exactly one */
export function resourceOf(template: Editable, type: string, path = ''): { id: string; resource: Editable } {
  const found = Object.entries<Editable>(template.Resources).filter(
    ([, { Type, Metadata }]) => Type === type && String(Metadata?.['aws:cdk:path'] ?? '').includes(path),
  );
  const [only] = found;
  if (only === undefined || found.length > 1) throw new Error(`${found.length} resources are ${type} at ${path}`);
  return { id: only[0], resource: only[1] };
}
