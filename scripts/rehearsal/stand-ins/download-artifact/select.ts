/**
 * Which artifacts of the run are meant, and where each goes. Pure.
 *
 * Source: README.md and src/download-artifact.ts of actions/download-artifact v8.0.1.
 */
import { join } from 'node:path';
import { Minimatch } from 'minimatch';
import type { Artifact } from '../shared/artifacts.ts';
import { ActionRefusedError } from '../shared/step.ts';

export interface Wanted {
  readonly name: string;
  /** Numbers, with commas; empty where none are given. */
  readonly ids: string;
  readonly pattern: string;
  readonly merge: boolean;
  /** Absolute. */
  readonly folder: string;
}

export interface Selection {
  readonly downloads: readonly { readonly artifact: Artifact; readonly folder: string }[];
  /** Ids that were asked for and are not there. */
  readonly missing: readonly number[];
}

/**
 * Several artifacts get a folder each, named like them, unless they are merged. One alone goes straight into the folder,
 * also where a pattern found it.
 * @throws ActionRefusedError for a name or ids the run does not have; a pattern may match nothing
 */
export function selectArtifacts(wanted: Wanted, all: readonly Artifact[]): Selection {
  const { name, ids, pattern, merge, folder } = wanted;
  if (name !== '' && ids !== '')
    throw new ActionRefusedError('Only one of the inputs name and artifact-ids may be given.');
  const numbers = ids === '' ? [] : numbersOf(ids);
  const found = name !== '' ? [named(name, all)] : ids !== '' ? identified(numbers, all) : matching(pattern, all);
  const straight = name !== '' || merge || found.length === 1;
  return {
    downloads: found.map((artifact) => ({ artifact, folder: straight ? folder : join(folder, artifact.name) })),
    missing: numbers.filter((id) => !found.some((artifact) => artifact.id === id)),
  };
}

function named(name: string, all: readonly Artifact[]): Artifact {
  const found = all.find((artifact) => artifact.name === name);
  if (found !== undefined) return found;
  const there = all.length === 0 ? 'none' : all.map((artifact) => artifact.name).join(', ');
  throw new ActionRefusedError(`This run has no artifact ${JSON.stringify(name)}; it has: ${there}.`);
}

function numbersOf(ids: string): readonly number[] {
  const parts = ids.split(',').map((part) => part.trim());
  const given = parts.filter((part) => part !== '');
  if (given.length === 0) throw new ActionRefusedError('The input artifact-ids names no artifact.');
  return given.map((part) => {
    const id = Number.parseInt(part, 10);
    if (Number.isNaN(id))
      throw new ActionRefusedError(`The input artifact-ids has ${JSON.stringify(part)}, no number.`);
    return id;
  });
}

function identified(ids: readonly number[], all: readonly Artifact[]): readonly Artifact[] {
  const found = all.filter(({ id }) => ids.includes(id));
  if (found.length === 0) throw new ActionRefusedError(`This run has none of the artifacts ${ids.join(', ')}.`);
  return found;
}

/** An empty pattern is none: everything. */
function matching(pattern: string, all: readonly Artifact[]): readonly Artifact[] {
  if (pattern === '') return all;
  const matcher = new Minimatch(pattern);
  return all.filter(({ name }) => matcher.match(name));
}
