/**
 * The text of a JSON file → its value, and where each part of it stands, so that a problem names line and column. Pure.
 */
import { type DocumentNode, type MemberNode, parse, type ValueNode } from '@humanwhocodes/momoa';
import type { Finding, Path, Position } from './problem.ts';

export interface JsonText {
  /** Absent when the text is not JSON. */
  readonly json?: { readonly value: unknown };
  readonly findings: readonly Finding[];
  /** Where the value of this path starts; for a missing one, where the innermost part that exists does. */
  locate(path: Path): Position | undefined;
}

const ALLOWED = 'one JSON object: keys and texts in double quotes, no comments, no comma after the last entry';
const BYTE_ORDER_MARK = '\uFEFF';

/** Never throws: what is wrong with the text is a finding. */
export function readJsonText(text: string): JsonText {
  const marked = text.startsWith(BYTE_ORDER_MARK);
  const findings: Finding[] = marked
    ? [{ path: [], found: 'a byte order mark', allowed: 'UTF-8 without one: save the file as plain UTF-8' }]
    : [];
  const body = marked ? text.slice(1) : text;
  if (body.trim() === '') return noJson([...findings, { path: [], found: 'an empty file', allowed: ALLOWED }]);
  try {
    const { body: root } = parse(body, { mode: 'json' });
    // The parser of the language has the last word: momoa lets control characters in texts pass.
    const value: unknown = JSON.parse(body);
    return { json: { value }, findings: [...findings, ...repeatedKeys(root)], locate: (path) => locate(root, path) };
  } catch (error) {
    return noJson([...findings, describeSyntaxError(error, body)]);
  }
}

const noJson = (findings: readonly Finding[]): JsonText => ({ findings, locate: () => undefined });

function describeSyntaxError(error: unknown, text: string): Finding {
  const { message, offset, line, column } = error as Error & Partial<Position & { offset: number }>;
  if (line === undefined || column === undefined || offset === undefined) {
    return { path: [], found: `no valid JSON (${message})`, allowed: ALLOWED };
  }
  if (message.startsWith('Unexpected end')) {
    return { path: [], found: 'the end of the file too early', allowed: ALLOWED, at: endOf(text) };
  }
  const character = JSON.stringify(String.fromCodePoint(text.codePointAt(offset) ?? 0));
  return { path: [], found: `no valid JSON: unexpected ${character}`, allowed: ALLOWED, at: { line, column } };
}

function endOf(text: string): Position {
  const lines = text.split('\n');
  return { line: lines.length, column: (lines.at(-1)?.length ?? 0) + 1 };
}

/** JSON.parse keeps the last of equal keys silently; a person who edits the first wonders for long. */
function repeatedKeys(root: ValueNode): Finding[] {
  const findings: Finding[] = [];
  const open: { node: ValueNode; path: Path }[] = [{ node: root, path: [] }];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { node, path } = next;
    if (node.type === 'Array') {
      for (const [index, { value }] of node.elements.entries()) open.push({ node: value, path: [...path, index] });
    }
    if (node.type !== 'Object') continue;
    const seen = new Set<string>();
    for (const member of node.members) {
      const key = keyOf(member);
      open.push({ node: member.value, path: [...path, key] });
      if (seen.has(key)) {
        const found = `the key "${key}" more than once`;
        findings.push({ path: [...path, key], found, allowed: 'each key once: remove one', at: startOf(member) });
      }
      seen.add(key);
    }
  }
  return findings;
}

function locate(root: DocumentNode['body'], path: Path): Position {
  let node: ValueNode = root;
  for (const step of path) {
    const inner = typeof step === 'number' ? elementOf(node, step) : memberOf(node, step);
    if (inner === undefined) break;
    node = inner;
  }
  return startOf(node);
}

const elementOf = (node: ValueNode, index: number): ValueNode | undefined =>
  node.type === 'Array' ? node.elements[index]?.value : undefined;

const memberOf = (node: ValueNode, key: string): ValueNode | undefined =>
  node.type === 'Object' ? node.members.findLast((member) => keyOf(member) === key)?.value : undefined;

const keyOf = ({ name }: MemberNode): string => (name.type === 'String' ? name.value : name.name);

const startOf = ({ loc }: ValueNode | MemberNode): Position => ({ line: loc.start.line, column: loc.start.column });
