/**
 * Small pieces of text every reporter shares. Pure.
 */
import { stripVTControlCharacters } from 'node:util';
import { cut } from '../../core/plan/render/safe-text.ts';

/** `0.4s`, `12.3s`, `2m 05s` */
export function formatElapsed(milliseconds: number): string {
  const seconds = milliseconds / 1000;
  if (seconds < 59.95) return `${seconds.toFixed(1)}s`;
  const whole = Math.round(seconds);
  return `${Math.floor(whole / 60)}m ${String(whole % 60).padStart(2, '0')}s`;
}

/** Text of a service may hold colours or cursor movements: they have no place in a log. Line breaks stay. */
export function plainText(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is removed
  return stripVTControlCharacters(text).replace(/[\u0000-\u0008\u000b-\u001f\u007f]/g, '');
}

/** `dev › trading-vpc-dev` */
export const titlePath = (titles: readonly string[]): string => titles.join(' › ');

/**
 * A long text in few lines, for places where it is read at a glance. Of lines and of each line the middle is left out: a
 * message begins with what is wrong and ends with what to do.
 * @param most lines, and characters of each
 */
export function shortText(text: string, most: { readonly lines: number; readonly width: number }): string {
  const all = text
    .trim()
    .split('\n')
    .map((line) => cut(line.trimEnd(), most.width));
  const missing = all.length - most.lines + 1;
  if (missing < 2) return all.join('\n');
  return [...all.slice(0, most.lines - 2), `… ${missing} more lines: see the log …`, ...all.slice(-1)].join('\n');
}
