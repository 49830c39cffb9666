/**
 * Another release made of one on disk, without a synth: templates, function code and configuration edited as a commit would
 * have changed them, with every name that follows from their content, so that the toolkit takes it for any other release.
 */
import { createHash } from 'node:crypto';
import { cpSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { hashDirectory } from '../adapters/release/hash-directory.ts';
import { readRelease, writeRelease } from '../adapters/release/release-directory.ts';
import { describeRelease, type Release } from '../core/release/release.ts';

interface Resource {
  readonly Type: string;
  readonly Properties: Record<string, unknown>;
}
export interface RevisedTemplate {
  readonly Resources: Record<string, Resource>;
}

export interface Revision {
  /** Minutes after the release it is made of: a later one is newer. */
  readonly minute: number;
  /** Edits a stack's template in place. Called for every stack of every environment. */
  readonly template?: (template: RevisedTemplate, stack: string, environment: string) => void;
  /** The new code of a function, by the path of its construct: `OrderProcessing/Function`. In every environment. */
  readonly code?: Readonly<Record<string, string>>;
  /** Edits an environment's configuration in place. */
  readonly config?: (config: Record<string, Record<string, unknown>>, environment: string) => void;
}

/** @returns the release in the folder `to`, complete and verified against itself like any other */
export async function reviseRelease(from: string, to: string, revision: Revision): Promise<Release> {
  cpSync(from, to, { recursive: true });
  const release = await readRelease(from);
  for (const [environment, { stacks }] of Object.entries(release.environments)) {
    const folder = join(to, environment);
    for (const stack of stacks) reviseStack(folder, stack, environment, revision);
    const file = join(folder, 'environment.json');
    const config = JSON.parse(readFileSync(file, 'utf8'));
    revision.config?.(config, environment);
    writeFileSync(file, JSON.stringify(config, null, 2));
  }
  rmSync(join(to, 'release.json'));
  const { commit, toolchain } = release;
  const revised = describeRelease({
    commit: sha256(`${commit} ${revision.minute}`).slice(0, 40),
    committedAt: new Date(Date.parse(release.committedAt ?? '') + revision.minute * 60_000).toISOString(),
    dirty: false,
    createdAt: new Date(release.createdAt),
    environments: Object.entries(release.environments).map(([name, { digest: _, ...facts }]) => ({ name, ...facts })),
    toolchain,
    files: await hashDirectory(to),
  });
  await writeRelease(to, revised);
  return revised;
}

function reviseStack(folder: string, stack: string, environment: string, { template, code = {} }: Revision): void {
  const file = join(folder, `${stack}.template.json`);
  const before = readFileSync(file, 'utf8');
  const content = JSON.parse(before) as RevisedTemplate;
  template?.(content, stack, environment);
  let text = JSON.stringify(content, null, 1);
  const assets = JSON.parse(readFileSync(join(folder, `${stack}.assets.json`), 'utf8')) as {
    files: Record<string, { displayName: string }>;
  };
  for (const [key, { displayName }] of Object.entries(assets.files)) {
    const js = code[displayName.replace(/\/Code$/, '')];
    if (js === undefined) continue;
    const next = sha256(js);
    writeFileSync(join(folder, `asset.${key}`, 'index.js'), js);
    renameSync(join(folder, `asset.${key}`), join(folder, `asset.${next}`));
    replaceIn(join(folder, `${stack}.assets.json`), key, next);
    text = text.replaceAll(key, next);
  }
  if (text === before) return;
  writeFileSync(file, text);
  const [old] = Object.entries(assets.files).find(([, { displayName }]) => displayName.endsWith('Template')) ?? [];
  if (old === undefined) throw new Error(`${stack} has no template among its assets`);
  const next = sha256(text);
  for (const name of readdirSync(folder).filter((each) => each.endsWith('.json') && !each.includes('.template.'))) {
    replaceIn(join(folder, name), old, next);
  }
}

function replaceIn(file: string, from: string, to: string): void {
  writeFileSync(file, readFileSync(file, 'utf8').replaceAll(from, to));
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
