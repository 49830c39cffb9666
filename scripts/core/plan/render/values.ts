/** Values of properties in few words: what differs of two long ones, not all of both. Pure. */
import type { Json } from '../plan.ts';
import { code, cut, visible } from './safe-text.ts';

/** As the template has it; text without quotes. */
export const valueText = (value: Json): string => (typeof value === 'string' ? value : JSON.stringify(value));

/** Characters of what is the same on either side of a difference. */
const CONTEXT = 12;

/** Two values as texts, each at most `most` long, so that the difference is in both. */
export function bothTexts(old: Json, next: Json, most: number): readonly [string, string] {
  const [a, b] = [valueText(old), valueText(next)];
  if (a.length <= most && b.length <= most) return [a, b];
  let start = 0;
  while (start < a.length && start < b.length && a[start] === b[start]) start += 1;
  let end = 0;
  const room = Math.min(a.length, b.length) - start;
  while (end < room && a[a.length - 1 - end] === b[b.length - 1 - end]) end += 1;
  const window = (text: string): string => {
    const from = Math.max(0, start - CONTEXT);
    const to = Math.min(text.length, text.length - end + CONTEXT);
    const part = cut(text.slice(from, to), most);
    return `${from > 0 ? '…' : ''}${part}${to < text.length ? '…' : ''}`;
  };
  return [window(a), window(b)];
}

interface Change {
  readonly old?: Json;
  readonly new?: Json;
}

/** `512` → `1024`, as Markdown. */
export function changeMarkdown({ old, new: next }: Change, most: number): string {
  return describe(old, next, most, (text) => code(text, most * 2));
}

/** 512 → 1024, for a terminal. */
export function changePlain({ old, new: next }: Change, most: number): string {
  return describe(old, next, most, (text) => visible(cut(text, most * 2)));
}

function describe(old: Json | undefined, next: Json | undefined, most: number, show: (text: string) => string): string {
  if (old === undefined && next === undefined) return 'known when it is deployed';
  if (old === undefined) return `added ${show(valueText(next ?? null))}`;
  if (next === undefined) return `removed, was ${show(valueText(old))}`;
  const [a, b] = bothTexts(old, next, most);
  return a === b ? `${show(a)}, changed` : `${show(a)} → ${show(b)}`;
}
