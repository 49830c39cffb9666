/**
 * A value → an environment by the schema, or every way in which it is none. What is left of a broken one is a draft,
 * so that one wrong field hides no problem of the others. Pure.
 */
import type { z } from 'zod';
import { describeAllowed, knownKeys, schemaAt, suggestKey } from './allowed.ts';
import { type EnvironmentConfig, environmentSchema } from './environment-config.ts';
import { environmentJsonSchema, type JsonSchema } from './json-schema.ts';
import { type Finding, formatPath, type Path, show } from './problem.ts';

/** A T of which each part is there and right, or absent. */
export type Draft<T> = T extends readonly (infer Element)[]
  ? readonly (Draft<Element> | undefined)[]
  : T extends object
    ? { readonly [Key in keyof T]?: Draft<T[Key]> }
    : T;
export type EnvironmentDraft = Draft<EnvironmentConfig>;

export interface Shape {
  /** Present when there are no findings. */
  readonly config?: EnvironmentConfig;
  readonly draft: EnvironmentDraft;
  readonly findings: readonly Finding[];
}

type Issue = z.core.$ZodIssue;

/** Checks types, ranges, choices, missing and unknown keys. `$schema` is for editors and left out of the result. */
export function checkShape(value: unknown): Shape {
  const result = environmentSchema.safeParse(value);
  if (result.success) {
    const { $schema: _, ...config } = result.data;
    return { config, draft: config, findings: [] };
  }
  const { issues } = result.error;
  const findings = describeIssues(issues, value, environmentJsonSchema());
  // Sound: every part the schema objects to is an issue's path, and just those are taken out.
  return { draft: withoutIssues(value, issues) as EnvironmentDraft, findings };
}

/** The value without the keys the schema does not know, at any depth. */
export function dropUnknownKeys(value: unknown): unknown {
  const unknown = environmentSchema.safeParse(value).error?.issues.filter(({ code }) => code === 'unrecognized_keys');
  return unknown === undefined ? value : withoutIssues(value, unknown);
}

/** What a schema objects to, in the words of its JSON Schema: one finding for each place. */
export const describeIssues = (issues: readonly Issue[], value: unknown, schema: JsonSchema): Finding[] =>
  oncePerPlace(issues.flatMap((issue) => describeIssue(issue, value, schema)));

function describeIssue(issue: Issue, value: unknown, schema: JsonSchema): Finding[] {
  const path = pathOf(issue);
  const node = schemaAt(schema, path);
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => describeUnknownKey(path, key, knownKeys(node)));
  }
  const found = valueAt(value, path);
  return [
    {
      path,
      found: found === undefined ? 'nothing: the key is missing' : show(found),
      allowed: node === undefined ? issue.message : describeAllowed(node),
    },
  ];
}

/** A wrong type may break a range too; as a finding says all that is allowed, one is enough. */
function oncePerPlace(findings: readonly Finding[]): Finding[] {
  return [...new Map(findings.map((finding) => [formatPath(finding.path), finding])).values()];
}

function describeUnknownKey(path: Path, key: string, known: readonly string[]): Finding {
  const suggestion = suggestKey(key, known);
  const allowed = `${suggestion === undefined ? '' : `"${suggestion}"? `}The keys here are ${known.join(', ')}`;
  return { path: [...path, key], found: `the unknown key "${key}"`, allowed };
}

/** JSON has no symbols for keys, so an issue's path has none. */
const pathOf = ({ path }: Issue): Path => path.map((step) => (typeof step === 'number' ? step : String(step)));

const isContainer = (value: unknown): value is Record<string | number, unknown> =>
  typeof value === 'object' && value !== null;

function valueAt(value: unknown, path: Path): unknown {
  return path.reduce<unknown>(
    (inner, step) => (isContainer(inner) && Object.hasOwn(inner, step) ? inner[step] : undefined),
    value,
  );
}

function withoutIssues(value: unknown, issues: readonly Issue[]): unknown {
  const copy: unknown = structuredClone(value);
  for (const issue of issues) {
    const path = pathOf(issue);
    if (issue.code === 'unrecognized_keys') {
      for (const key of issue.keys) removeAt(copy, [...path, key]);
    } else if (path.length === 0) {
      return {};
    } else {
      removeAt(copy, path);
    }
  }
  return copy;
}

/** An element of a list becomes undefined, so that its neighbours keep their index. */
function removeAt(root: unknown, path: Path): void {
  const parent = valueAt(root, path.slice(0, -1));
  const last = path.at(-1);
  if (!isContainer(parent) || last === undefined) return;
  if (Array.isArray(parent)) parent[Number(last)] = undefined;
  else delete parent[last];
}
