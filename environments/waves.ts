/**
 * The order of promotion: environments → waves, by `promotion.after`. Pure.
 *
 * A wave is a depth in the tree of `after`. Environments of one wave run side by side, and each waits for its own
 * predecessor only: the failure of another environment of the wave before does not hold it.
 */

/** What the order of promotion is decided by; every EnvironmentConfig is one. */
export interface Promoted {
  readonly name: string;
  readonly promotion: { readonly after: string | null };
}

/**
 * The waves in order, each sorted by name; every environment is in exactly one.
 * @param environments all of them, as `loadEnvironments` gives them: predecessors must be among them.
 * @throws RangeError when a predecessor is missing or the order has a cycle, which loading refuses
 */
export function waves<E extends Promoted>(environments: readonly E[]): E[][] {
  const result: E[][] = [];
  for (const environment of environments) {
    const depth = depthOf(environment, environments);
    result[depth] = [...(result[depth] ?? []), environment];
  }
  return result.map((wave) => wave.sort(byName));
}

/** The environment that must hold a release before this one gets it; nothing in the first wave. */
export function predecessor<E extends Promoted>(environment: E, environments: readonly E[]): E | undefined {
  const { after } = environment.promotion;
  if (after === null) return undefined;
  const found = environments.find(({ name }) => name === after);
  if (found === undefined) throw new RangeError(`${environment.name} comes after ${after}, which is not among them`);
  return found;
}

function depthOf<E extends Promoted>(environment: E, environments: readonly E[]): number {
  let depth = 0;
  for (let next = predecessor(environment, environments); next; next = predecessor(next, environments)) {
    depth += 1;
    if (depth >= environments.length) throw new RangeError(`The order of ${environment.name} has a cycle`);
  }
  return depth;
}

const byName = (one: Promoted, other: Promoted): number => (one.name < other.name ? -1 : 1);
