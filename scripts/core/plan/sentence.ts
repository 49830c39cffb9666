/**
 * Sentences of a plan that name things other people named: what is quoted can be told from our own words, so that each
 * rendering can make it harmless in its own way. Pure.
 */

/** The name in backticks, without any of its own: a sentence splits at backticks into our words and theirs. */
export const quote = (text: string): string => `\`${text.replaceAll('`', 'ˋ')}\``;

export interface Piece {
  readonly quoted: boolean;
  readonly text: string;
}

/** Our words and what they quote, in order. */
export const piecesOf = (sentence: string): Piece[] =>
  sentence
    .split('`')
    .map((text, index) => ({ quoted: index % 2 === 1, text }))
    .filter(({ text }) => text !== '');

/** `a`, `a and b`, `a, b and c`, `a, b and 7 more` */
export function enumerate(items: readonly string[], most = 3): string {
  const shown = items.length > most ? [...items.slice(0, most - 1), `${items.length - most + 1} more`] : items;
  const last = shown.at(-1) ?? 'nothing';
  return shown.length < 2 ? last : `${shown.slice(0, -1).join(', ')} and ${last}`;
}
