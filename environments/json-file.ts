/**
 * A JSON file on disk → its value or what is wrong with it, and the name messages give it.
 */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { type JsonText, readJsonText } from './json-text.ts';

/** Never throws: what can't be read is a finding. */
export function readJsonFile(file: string): JsonText {
  try {
    return readJsonText(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(readFileSync(file)));
  } catch (error) {
    const found = `no file that can be read (${reasonOf(error)})`;
    return {
      findings: [{ path: [], found, allowed: 'a readable JSON file in UTF-8' }],
      locate: () => undefined,
    };
  }
}

/** `ENOENT`, `EISDIR`, or what the error says. */
export function reasonOf(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? String(error);
}

/** From the working directory if the file is below it, as a person would type it. */
export function displayName(file: string): string {
  const relative = path.relative(process.cwd(), file);
  return (relative.startsWith('..') ? path.resolve(file) : relative || '.').replaceAll(path.sep, '/');
}
