/**
 * What people write, made fit for the ledger: one line and bounded, so that no reason fills a parameter. Pure.
 */

const ELLIPSIS = '…';

/** What a character takes in a parameter: its JSON in UTF-8, where `{` may be written as an escape (see codec.ts). */
function costOf(character: string): number {
  return character === '{' ? '\\u007b'.length : new TextEncoder().encode(JSON.stringify(character)).length - 2;
}

/** One line without control characters, that takes at most `limit` bytes in a parameter; a cut ends in an ellipsis. */
export function clip(text: string, limit: number): string {
  const characters = [...text.replaceAll(/[\p{C}\s]+/gu, ' ').trim()];
  const total = characters.reduce((sum, character) => sum + costOf(character), 0);
  if (total <= limit) return characters.join('');
  let room = limit - costOf(ELLIPSIS);
  const cut = characters.findIndex((character) => {
    room -= costOf(character);
    return room < 0;
  });
  return characters.slice(0, cut).join('') + ELLIPSIS;
}
