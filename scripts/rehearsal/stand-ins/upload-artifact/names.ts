/**
 * Characters that neither the name of an artifact nor a path in it may have: not every file system knows them. Pure.
 *
 * Source: packages/artifact of actions/toolkit.
 */
import { ActionRefusedError } from '../shared/step.ts';

const IN_PATHS: ReadonlyMap<string, string> = new Map([
  ['"', 'double quote'],
  [':', 'colon'],
  ['<', 'less than'],
  ['>', 'greater than'],
  ['|', 'vertical bar'],
  ['*', 'asterisk'],
  ['?', 'question mark'],
  ['\r', 'carriage return'],
  ['\n', 'line feed'],
]);
const IN_NAMES: ReadonlyMap<string, string> = new Map([...IN_PATHS, ['\\', 'backslash'], ['/', 'slash']]);

/** @throws ActionRefusedError */
export function checkName(name: string): void {
  if (name === '') throw new ActionRefusedError('The name of the artifact is empty.');
  refuse(name, IN_NAMES, 'The name of the artifact');
}

/** @throws ActionRefusedError */
export function checkPath(path: string): void {
  refuse(path, IN_PATHS, 'The path of a file in the artifact');
}

function refuse(text: string, forbidden: ReadonlyMap<string, string>, what: string): void {
  for (const [character, name] of forbidden) {
    if (!text.includes(character)) continue;
    const all = [...forbidden.values()].join(', ');
    throw new ActionRefusedError(`${what} is ${JSON.stringify(text)}, with a ${name}; forbidden: ${all}.`);
  }
}
