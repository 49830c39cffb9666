/** Settings as facets people read, and how two of them differ. Pure. */

export type Facet = string | number | boolean | readonly string[];
/** By name, in the order they are shown. */
export type Facets = Readonly<Record<string, Facet>>;

export interface Difference {
  readonly subject: string;
  readonly setting: string;
  /** Undefined where the subject is absent. */
  readonly found: Facet | undefined;
  readonly wanted: Facet;
}

/** @param found undefined where the subject is absent; a facet that is missing in it is not compared */
export function differencesOf(subject: string, wanted: Facets, found: Facets | undefined): readonly Difference[] {
  return Object.entries(wanted)
    .filter(([setting]) => found === undefined || setting in found)
    .filter(([setting, value]) => found === undefined || !isSame(found[setting], value))
    .map(([setting, value]) => ({ subject, setting, found: found?.[setting], wanted: value }));
}

/** Lists are the same in the same order: whoever makes facets sorts them. */
const isSame = (a: Facet | undefined, b: Facet): boolean => JSON.stringify(a) === JSON.stringify(b);

/** `yes`, `main, release`, `nobody`. */
export function showFacet(value: Facet | undefined): string {
  if (value === undefined) return 'absent';
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (typeof value === 'string' || typeof value === 'number') return String(value);
  return value.length === 0 ? 'none' : value.join(', ');
}
