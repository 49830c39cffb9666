/**
 * What a template declares of a resource beside what its service says of it, property by property, as CloudFormation's
 * drift detection does: only what is declared, and of lists and documents the whole. Pure.
 */
import { agreesWithTemplate, isUnknownValue, readable } from '../validation/template-values.ts';

type Properties = Readonly<Record<string, unknown>>;

export interface DeclaredDifference {
  /** As CloudFormation gives it: `/ProvisionedThroughput/ReadCapacityUnits`. */
  readonly path: string;
  readonly expected: unknown;
  readonly actual: unknown;
}

export interface DeclaredComparison {
  readonly differences: readonly DeclaredDifference[];
  /** Declared, and not compared: nobody reads them, or the template does not tell their value. Sorted. */
  readonly notCompared: readonly string[];
}

/** Written whole by the template, so that a member more is a difference too. Elsewhere services add their defaults. */
const DOCUMENTS: ReadonlySet<string> = new Set([
  'AssumeRolePolicyDocument',
  'DashboardBody',
  'Environment',
  'EventPattern',
  'Format',
  'KeyPolicy',
  'Policies',
  'PolicyDocument',
  'RedriveAllowPolicy',
  'RedrivePolicy',
  'ResponseTemplates',
  'Schema',
]);
/** Looked at by checks of their own, which count what AWS adds as no difference. */
const ELSEWHERE: ReadonlySet<string> = new Set(['Tags']);

/**
 * @param declared properties of the template, resolved
 * @param live by the same names. A name that is not there: nobody read it. Undefined: the service has no such setting.
 * @param beyond names that no service gives back: they are left out, and the coverage says so
 */
export function compareDeclared(
  declared: Properties,
  live: Properties,
  beyond: ReadonlySet<string> = new Set(),
): DeclaredComparison {
  const differences: DeclaredDifference[] = [];
  const notCompared: string[] = [];
  for (const [name, expected] of Object.entries(declared)) {
    if (ELSEWHERE.has(name) || beyond.has(name)) continue;
    if (!(name in live)) notCompared.push(name);
    else compareValue(`/${name}`, expected, live[name], DOCUMENTS.has(name), { differences, notCompared });
  }
  return { differences, notCompared: notCompared.sort() };
}

interface Found {
  readonly differences: DeclaredDifference[];
  readonly notCompared: string[];
}

function compareValue(path: string, expected: unknown, actual: unknown, whole: boolean, found: Found): void {
  if (isUnknownValue(expected)) {
    found.notCompared.push(path.slice(1));
    return;
  }
  const [wanted, there] = bothParsed(expected, actual);
  if (isRecord(wanted) && isRecord(there)) {
    const extra = whole ? Object.keys(there).filter((key) => !(key in wanted) && there[key] !== undefined) : [];
    for (const [key, member] of Object.entries(wanted)) {
      compareValue(`${path}/${key}`, member, there[key], whole || DOCUMENTS.has(key), found);
    }
    for (const key of extra) found.differences.push({ path: `${path}/${key}`, expected: null, actual: there[key] });
    return;
  }
  if (Array.isArray(wanted) && Array.isArray(there) && wanted.length === there.length) {
    compareMembers(path, wanted, there, whole, found);
    return;
  }
  const same = whole ? agreesWithTemplate(wanted, there) : agreesInPart(wanted, there);
  if (!same) found.differences.push({ path, expected: readable(wanted), actual: there ?? null });
}

/** In any order. Where one member is left on either side, it is what was changed: by its place in the template. */
function compareMembers(
  path: string,
  wanted: readonly unknown[],
  there: readonly unknown[],
  whole: boolean,
  found: Found,
): void {
  const agrees = whole ? agreesWithTemplate : agreesInPart;
  const left: unknown[] = [...there];
  const changed = wanted.flatMap((member, index) => {
    const at = left.findIndex((candidate) => agrees(member, candidate));
    if (at >= 0) left.splice(at, 1);
    return at >= 0 ? [] : [{ member, index }];
  });
  const [one, ...more] = changed;
  if (one === undefined) return;
  if (more.length === 0) compareValue(`${path}/${one.index}`, one.member, left[0], whole, found);
  else found.differences.push({ path, expected: readable(wanted), actual: there });
}

/** As `agreesWithTemplate`, and a member of a list may have more fields than declared. */
function agreesInPart(wanted: unknown, there: unknown): boolean {
  if (isRecord(wanted) && isRecord(there))
    return Object.entries(wanted).every(([key, member]) => agreesInPart(member, there[key]));
  if (!Array.isArray(wanted)) return agreesWithTemplate(wanted, there);
  if (!Array.isArray(there) || there.length !== wanted.length) return false;
  const left: unknown[] = [...there];
  return wanted.every((member) => {
    const index = left.findIndex((candidate) => agreesInPart(member, candidate));
    if (index >= 0) left.splice(index, 1);
    return index >= 0;
  });
}

/** Services keep documents as text, in a formatting of their own. */
function bothParsed(expected: unknown, actual: unknown): readonly [unknown, unknown] {
  const [a, b] = [asDocument(expected), asDocument(actual)];
  return a === undefined || b === undefined ? [expected, actual] : [a, b];
}

function asDocument(value: unknown): object | undefined {
  if (typeof value === 'object' && value !== null) return value;
  if (typeof value !== 'string' || !/^\s*[[{]/.test(value)) return undefined;
  try {
    return JSON.parse(value) as object;
  } catch {
    // Looks like JSON and is none: a mapping template. Compared as text.
    return undefined;
  }
}

const isRecord = (value: unknown): value is Properties =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
