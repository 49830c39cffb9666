/**
 * Two values of a property → what changed in it, by path, as deep as paths stay meaningful. Pure.
 */
import { deepEqual } from '@aws-cdk/cloudformation-diff';
import { byText, type Json, type PropertyChange } from './plan.ts';

type Replacement = PropertyChange['replacement'];

/** Members of these lists are known by a key, not by their place: a tag put in front moves no other. */
const KEYS = ['Key', 'Sid', 'IndexName', 'AttributeName', 'ParameterKey', 'Name', 'Id'] as const;

/**
 * The leaves that differ, in the order of the new value. CloudFormation's equality: `10` and `"10"` are the same.
 * @param path of the values, `ProvisionedThroughput`
 */
export function changesIn(
  path: string,
  old: Json | undefined,
  next: Json | undefined,
  replacement: Replacement,
): PropertyChange[] {
  if (deepEqual(old, next)) return [];
  const parts = partsOf(old, next);
  if (parts === undefined) return [leaf(path, old, next, replacement)];
  return parts.flatMap(([step, before, after]) => changesIn(`${path}${step}`, before, after, replacement));
}

function leaf(path: string, old: Json | undefined, next: Json | undefined, replacement: Replacement): PropertyChange {
  return {
    path,
    ...(old === undefined ? {} : { old }),
    ...(next === undefined ? {} : { new: next }),
    replacement,
  };
}

type Part = readonly [step: string, old: Json | undefined, next: Json | undefined];

/** Two objects by key, two lists by their members' keys or, of one length, by place. Nothing for anything else. */
function partsOf(old: Json | undefined, next: Json | undefined): readonly Part[] | undefined {
  if (isObject(old) && isObject(next)) {
    const keys = [...new Set([...Object.keys(old), ...Object.keys(next)])].sort(byText);
    return keys.map((key) => [`.${key}`, old[key], next[key]]);
  }
  if (!isList(old) || !isList(next)) return undefined;
  const key = KEYS.find((candidate) => isKeyedBy(old, candidate) && isKeyedBy(next, candidate));
  if (key !== undefined) return byKey(key, old, next);
  if (old.length !== next.length || !old.every(isObject) || !next.every(isObject)) return undefined;
  return old.map((item, index) => [`[${index}]`, item, next[index]]);
}

function byKey(key: string, old: readonly Json[], next: readonly Json[]): readonly Part[] {
  const before = keyed(key, old);
  const after = keyed(key, next);
  const names = [...new Set([...before.keys(), ...after.keys()])].sort(byText);
  const changed = names.map((name): Part => [`[${name}]`, before.get(name), after.get(name)]);
  // Only the order differs: that is all there is to say.
  return changed.every(([, a, b]) => deepEqual(a, b)) ? [['', [...before.keys()], [...after.keys()]]] : changed;
}

const keyed = (key: string, list: readonly Json[]): Map<string, Json> =>
  new Map(list.map((item) => [String(isObject(item) ? item[key] : ''), memberOf(item)]));

/** A tag is its value: `Tags[owner]` old → new. */
const memberOf = (item: Json): Json =>
  isObject(item) && Object.keys(item).length === 2 && 'Key' in item && 'Value' in item ? (item['Value'] ?? null) : item;

function isKeyedBy(list: readonly Json[], key: string): boolean {
  const keys = list.map((item) => (isObject(item) ? item[key] : undefined));
  return keys.every((value) => typeof value === 'string') && new Set(keys).size === keys.length;
}

const isList = (value: Json | undefined): value is readonly Json[] => Array.isArray(value);
const isObject = (value: Json | undefined): value is { readonly [key: string]: Json } =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
