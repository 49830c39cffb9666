/**
 * What may stand at a path, in words, read from the JSON Schema: so a message gives both bounds and every choice,
 * whichever of them was missed. Pure.
 */
import { closest, distance } from 'fastest-levenshtein';
import type { JsonSchema } from './json-schema.ts';
import { type Path, show } from './problem.ts';

/** More edits than this and a suggestion would be a guess. */
const MOST_EDITS = 3;

/** The part of the schema that speaks of a path; nothing where the schema knows no such path. */
export function schemaAt(root: JsonSchema, path: Path): JsonSchema | undefined {
  let nodes: JsonSchema[] = [root];
  for (const step of path) nodes = nodes.flatMap(alternatives).flatMap((node) => below(node, step));
  return nodes[0];
}

/** `a whole number from 128 to 10240 (Memory of each Lambda function, MB)` */
export function describeAllowed(node: JsonSchema): string {
  return node.description === undefined ? words(node) : `${words(node)} (${node.description})`;
}

/** The keys an object at this place may have. */
export const knownKeys = (node: JsonSchema | undefined): string[] =>
  node === undefined ? [] : alternatives(node).flatMap(({ properties }) => Object.keys(properties ?? {}));

/** The known key a person probably meant, or nothing when none is near. */
export function suggestKey(key: string, known: readonly string[]): string | undefined {
  if (known.length === 0) return undefined;
  const nearest = closest(key, known);
  return distance(key.toLowerCase(), nearest.toLowerCase()) <= MOST_EDITS ? nearest : undefined;
}

const isSchema = (node: JsonSchema | boolean | undefined): node is JsonSchema => typeof node === 'object';

function alternatives(node: JsonSchema): JsonSchema[] {
  return node.anyOf === undefined ? [node] : node.anyOf.filter(isSchema).flatMap(alternatives);
}

function below(node: JsonSchema, step: string | number): JsonSchema[] {
  const inner =
    typeof step === 'number' ? (Array.isArray(node.items) ? undefined : node.items) : node.properties?.[step];
  return isSchema(inner) ? [inner] : [];
}

function words(node: JsonSchema): string {
  if (node.anyOf !== undefined) return alternatives(node).map(words).join(', or ');
  if (node.enum !== undefined) return `one of ${node.enum.map(show).join(', ')}`;
  if (typeof node['patternErrorMessage'] === 'string') return node['patternErrorMessage'];
  if (node.format === 'email') return 'an e-mail address';
  switch (node.type) {
    case 'integer':
      return `a whole number from ${node.minimum} to ${node.maximum}`;
    case 'boolean':
      return 'true or false';
    case 'null':
      return 'null';
    case 'array':
      return listWords(node);
    case 'object':
      return `an object with the keys ${knownKeys(node).join(', ')}`;
    default:
      return 'a text in quotes';
  }
}

function listWords({ minItems = 0, maxItems }: JsonSchema): string {
  if (maxItems === undefined) return minItems === 0 ? 'a list' : `a list of at least ${minItems}`;
  return `a list of ${minItems} to ${maxItems}`;
}
