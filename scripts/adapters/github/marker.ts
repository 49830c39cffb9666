/**
 * How a text of ours is known again in GitHub: a marker as its first line, and at its end what we must remember of it,
 * both hidden in the rendered text. Pure.
 */

export interface Remembered {
  /** How many earlier versions the text has replaced. */
  readonly replacedVersions: number;
  /** Of the run that wrote it; a higher one knows more. */
  readonly sequence?: number;
}

/** Only at the very end, where we write it: what a text quotes in its middle is not believed. */
const MEMORY = /\n<!-- gitops-memory (\{[^<>]{0,200}\}) -->\s*$/;

/** GitHub may answer with other line ends than it was sent. */
const unify = (text: string): string => text.replaceAll('\r\n', '\n');

export const bears = (text: string | null | undefined, marker: string): boolean =>
  unify(text ?? '').split('\n', 1)[0] === marker;

/** @param text with or without the marker as its first line */
export function compose(marker: string, text: string, remembered: Remembered): string {
  const marked = bears(text, marker) ? text : `${marker}\n${text}`;
  return `${marked.trimEnd()}\n<!-- gitops-memory ${JSON.stringify(remembered)} -->`;
}

/** What is not readable counts as a text of ours that replaced nothing. */
export function recall(text: string | null | undefined): Remembered {
  const json = MEMORY.exec(unify(text ?? ''))?.[1];
  if (json === undefined) return { replacedVersions: 0 };
  try {
    const { replacedVersions, sequence } = JSON.parse(json) as Partial<Record<keyof Remembered, unknown>>;
    return {
      replacedVersions: isCount(replacedVersions) ? replacedVersions : 0,
      ...(isCount(sequence) && { sequence }),
    };
  } catch {
    // Somebody edited it. The text is ours all the same; only its count is lost.
    return { replacedVersions: 0 };
  }
}

const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;

/** Several texts as if one of them had replaced the others; undefined for none. */
export function merge(all: readonly Remembered[]): { readonly replacedVersions: number } | undefined {
  if (all.length === 0) return undefined;
  return { replacedVersions: all.reduce((sum, { replacedVersions }) => sum + replacedVersions + 1, -1) };
}

/** True when the text was written by a run that knows more than the one of this sequence. */
export const isNewer = (remembered: Remembered, sequence: number | undefined): boolean =>
  sequence !== undefined && remembered.sequence !== undefined && remembered.sequence > sequence;

export const sameText = (one: string | null | undefined, other: string): boolean =>
  unify(one ?? '').trimEnd() === unify(other).trimEnd();
