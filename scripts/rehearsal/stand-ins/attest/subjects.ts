/**
 * What is attested: files found and digested, or a digest that is given.
 *
 * Source: README.md and src/subject.ts of actions/attest v4.2.2.
 */
import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { create } from '@actions/glob';
import { ActionRefusedError, type Inputs, textInput } from '../shared/step.ts';

export interface Subject {
  readonly name: string;
  /** `sha256:…` */
  readonly digest: string;
}

/** Hexadecimal digits of each. */
const ALGORITHMS: ReadonlyMap<string, number> = new Map([
  ['sha224', 56],
  ['sha256', 64],
  ['sha384', 96],
  ['sha512', 128],
  ['sha512_224', 56],
  ['sha512_256', 64],
]);
export const MOST_SUBJECTS = 1024;

/** Relative paths begin at the working directory. @throws ActionRefusedError */
export async function readSubjects(inputs: Inputs): Promise<readonly Subject[]> {
  const [path, digest, name] = ['subject-path', 'subject-digest', 'subject-name'].map((input) =>
    textInput(inputs, input),
  ) as [string, string, string];
  if (path === '' && digest === '') {
    throw new ActionRefusedError('One of the inputs subject-path, subject-digest and subject-checksums is needed.');
  }
  if (path !== '' && digest !== '') {
    throw new ActionRefusedError('Only one of the inputs subject-path, subject-digest and subject-checksums is taken.');
  }
  if (path !== '') return await subjectsAt(path, name);
  if (name === '') throw new ActionRefusedError('The input subject-digest needs subject-name beside it.');
  return [{ name, digest: checkedDigest(digest) }];
}

async function subjectsAt(path: string, name: string): Promise<readonly Subject[]> {
  const patterns = path.split(/[,\n]/).map((part) => part.trim());
  const found = await (await create(patterns.join('\n'))).glob();
  const isFile = await Promise.all(found.map(async (file) => (await stat(file)).isFile()));
  const files = found.filter((_, index) => isFile[index]).sort();
  if (files.length === 0) throw new ActionRefusedError(`There is no file to attest at ${path}.`);
  if (files.length > MOST_SUBJECTS) {
    throw new ActionRefusedError(`There are ${files.length} files to attest at ${path}; allowed: ${MOST_SUBJECTS}.`);
  }
  return await Promise.all(
    files.map(async (file) => ({
      name: name || basename(file),
      digest: `sha256:${createHash('sha256')
        .update(await readFile(file))
        .digest('hex')}`,
    })),
  );
}

function checkedDigest(text: string): string {
  const [, algorithm = '', hex = ''] = /^([^:]+):([^:]+)$/.exec(text) ?? [];
  const length = ALGORITHMS.get(algorithm);
  if (length === undefined) {
    throw new ActionRefusedError(
      `The input subject-digest is ${JSON.stringify(text)}; its form is algorithm:hex, with one of ` +
        `${[...ALGORITHMS.keys()].join(', ')}.`,
    );
  }
  if (/^[0-9a-f]+$/i.test(hex) && hex.length === length) return text;
  throw new ActionRefusedError(`The input subject-digest is no ${algorithm}, which has ${length} hexadecimal digits.`);
}
