/** Small means that several rules share. Pure. */

/** The positions of what stood in the list before. Absent entries, which are reported elsewhere, equal nothing. */
export function repeatedAt<T>(list: readonly (T | undefined)[], keyOf: (entry: T) => string | undefined): number[] {
  const seen = new Set<string>();
  return list.flatMap((entry, index) => {
    const key = entry === undefined ? undefined : keyOf(entry);
    if (key === undefined) return [];
    if (seen.has(key)) return [index];
    seen.add(key);
    return [];
  });
}
