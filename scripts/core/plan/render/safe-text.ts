/**
 * Text of others inside Markdown of ours: whatever it holds, it stays inside its code span, mentions nobody and links
 * nowhere. Pure.
 *
 * GitHub makes no mentions, references or links inside code; so all such text is code, and nothing in it ends the code.
 */
import { piecesOf } from '../sentence.ts';

/**
 * Characters that show nothing or turn the text around them: controls, directional marks, zero-width ones, tags, and
 * halves of characters. They are written out, as what a reviewer can't see he can't judge.
 */
const INVISIBLE = /\p{Cc}|\p{Cf}|\p{Cs}|\p{Zl}|\p{Zp}|\p{Default_Ignorable_Code_Point}/gu;

/** The text on one line, with everything in it to be seen. */
export function visible(text: string): string {
  return text.replace(/\r?\n/g, '⏎').replace(/\t/g, ' ').replace(INVISIBLE, writeOut);
}

const writeOut = (character: string): string =>
  `⟨U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}⟩`;

/** The beginning and the end of a long text, and how much is left out between them. Never cuts a character in two. */
export function cut(text: string, most: number): string {
  if (text.length <= most) return text;
  const head = text.slice(0, Math.ceil(most * 0.7)).replace(/[\ud800-\udbff]$/, '');
  const tail = text.slice(text.length - Math.floor(most * 0.3)).replace(/^[\udc00-\udfff]/, '');
  return `${head}… ${text.length - head.length - tail.length} more …${tail}`;
}

/** How long a text of others may be in running Markdown. */
export const DEFAULT_LENGTH = 160;

/** Letters of scripts written from right to left: they would draw what follows to their side. */
const RIGHT_TO_LEFT = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]/u;
const isolate = (text: string): string => (RIGHT_TO_LEFT.test(text) ? `\u2068${text}\u2069` : text);

/** A code span, in running text or in a cell of a table. */
export function code(text: string, most = DEFAULT_LENGTH): string {
  const shown = isolate(visible(cut(text, most)));
  // A backtick would end the span, a pipe the cell, and a backslash may take the pipe's escape away. The start of an
  // HTML comment is harmless in a span, but whoever looks for our marker in the source must not find another.
  return shown.trim() === '' || /[`|\\]|<!/.test(shown) ? element(shown) : `\`${shown}\``;
}

/** The same as an element, for places where Markdown is not read: the summary of folded details. */
export const htmlCode = (text: string, most = DEFAULT_LENGTH): string => element(isolate(visible(cut(text, most))));

/** Everything but letters, digits and spaces by its number: Markdown reads no character reference as markup. */
const element = (shown: string): string =>
  `<code>${shown === '' ? '(empty)' : shown.replace(/[\u0021-\u002f\u003a-\u0040\u005b-\u0060\u007b-\u007e]/g, (character) => `&#${character.charCodeAt(0)};`)}</code>`;

/** A sentence of a plan: our words, what they quote as code. */
export const sentence = (text: string, most = DEFAULT_LENGTH): string =>
  piecesOf(text)
    .map((piece) => (piece.quoted ? code(piece.text, most) : words(piece.text, most * 4)))
    .join('');

/**
 * Running words. They should be ours; a plan that was made elsewhere may hold anything, so what could be markup, a
 * mention, a reference or an address is left out or taken apart.
 */
export const words = (text: string, most = DEFAULT_LENGTH * 4): string =>
  visible(cut(text, most))
    .replace(/[^\p{L}\p{N}\p{M} ,.;:()%'/→⏎…⟨⟩+−-]/gu, ' ')
    // `GH-1` and its like are references, and so are the hashes of commits.
    .replace(/(?<=\p{L})-(?=\d)/gu, '‑')
    .replace(/\b[0-9a-f]{7,64}\b/g, '`$&`')
    .replace(/(?<=[:/])\/|(?<=www)\./gi, ' ')
    .replace(/^( *)([-+−]|\d+[.)])(?= )/, '$1');
