/** Compares sets of IAM patterns: `s3:*` covers `s3:GetObject`. Pure. */

export type Relation = 'equal' | 'wider' | 'narrower' | 'different';

/** How `next` relates to `old`, by what their patterns cover. */
export function compareSets(old: readonly string[], next: readonly string[]): Relation {
  if (sameSet(old, next)) return 'equal';
  const wider = old.every((value) => next.some((pattern) => covers(pattern, value)));
  const narrower = next.every((value) => old.some((pattern) => covers(pattern, value)));
  if (wider && narrower) return 'equal';
  return wider ? 'wider' : narrower ? 'narrower' : 'different';
}

export const sameSet = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && a.every((value) => b.includes(value));

/**
 * Whether everything `value` matches is matched by `pattern`. Exclusions (`not …`) cover only themselves.
 * `*` and `?` as in https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html
 */
export function covers(pattern: string, value: string): boolean {
  if (pattern === value) return true;
  if (pattern.startsWith('not ') || value.startsWith('not ')) return false;
  // Greedy matching with one way back, linear in practice: a pattern comes from a template, so no regular expression.
  let [p, v, star, mark] = [0, 0, -1, 0];
  while (v < value.length) {
    if (pattern[p] === '*') {
      star = p++;
      mark = v;
    } else if (pattern[p] === value[v] || (pattern[p] === '?' && value[v] !== '*')) {
      p += 1;
      v += 1;
    } else if (star !== -1) {
      p = star + 1;
      v = ++mark;
    } else {
      return false;
    }
  }
  while (pattern[p] === '*') p += 1;
  return p === pattern.length;
}
