/**
 * Checks of one resource → what differs, each fact once, whoever saw it: the same property under one name, and the finer of
 * two names where one detector looks at a part of what the other looks at. Pure.
 */
import type { Json } from '../plan/plan.ts';
import { maskValue } from '../plan/secrets.ts';
import { DECLARED, DETECTORS, type Detector, type DriftCheck } from './drift-check.ts';
import { isBelow } from './properties.ts';

export interface Difference {
  /** Who saw it, each once. */
  readonly detectors: readonly Detector[];
  /** Ids of the checks that failed. */
  readonly checks: readonly string[];
  /** What a waiver names. */
  readonly property: string;
  /** Secrets are masked. */
  readonly expected: unknown;
  readonly actual: unknown;
  /** What the detectors say to do. */
  readonly detail: string;
}

export function mergeDifferences(checks: readonly DriftCheck[]): Difference[] {
  const coarse = new Set(checks.filter((check) => checks.some(({ property }) => isBelow(property, check.property))));
  return checks
    .filter((check) => !coarse.has(check) && isSpokesman(check, checks))
    .map((check) => toDifference(check, [...sameFact(check, checks), ...aboveOf(check, coarse)]));
}

/** What differs in one check alone, without the secrets. */
export const differenceOf = (check: DriftCheck): Difference => toDifference(check, [check]);

const sameFact = ({ property }: DriftCheck, checks: readonly DriftCheck[]): DriftCheck[] =>
  checks.filter((each) => each.property === property);

const aboveOf = ({ property }: DriftCheck, coarse: ReadonlySet<DriftCheck>): DriftCheck[] =>
  [...coarse].filter((each) => isBelow(property, each.property));

/** Of those who name one property, the one who says it as people do. Two probes that name the same look at two facts. */
function isSpokesman(check: DriftCheck, checks: readonly DriftCheck[]): boolean {
  const same = sameFact(check, checks);
  const best = Math.min(...same.map(rank));
  if (rank(check) !== best) return false;
  return best === 0 || same.find((each) => rank(each) === best) === check;
}

const rank = ({ detector, id }: DriftCheck): number =>
  detector === 'live' && !(Object.values(DECLARED) as readonly string[]).includes(id) ? 0 : detector === 'live' ? 2 : 1;

function toDifference(
  { subject, property, expected, actual, detail }: DriftCheck,
  all: readonly DriftCheck[],
): Difference {
  const path = `${subject}.${property}`.replaceAll('/', '.');
  return {
    detectors: DETECTORS.filter((detector) => all.some((each) => each.detector === detector)),
    checks: [...new Set(all.map(({ id }) => id))],
    property,
    expected: maskValue(path, expected as Json),
    actual: maskValue(path, actual as Json),
    detail: detail || (all.find((each) => each.detail !== '')?.detail ?? ''),
  };
}
