/**
 * Failed checks merged by resource: what differs, who saw it, and how to mend it. Pure.
 */
import type { CheckedResource } from '../check.ts';
import { DETECTORS, type Detector, type DriftCheck, resourceKey, STACK_TYPE } from './drift-check.ts';
import { groupBy } from './group-by.ts';
import { type Difference, mergeDifferences } from './merge-differences.ts';
import { type Remedies, type RemedyContext, remediesFor } from './remedies.ts';

export interface Finding {
  /** As a person knows it. */
  readonly name: string;
  readonly resource: CheckedResource | null;
  /** The stack it is in; null for what is in none, or in one that is not known. */
  readonly stack: string | null;
  /** Who saw it, each once. */
  readonly detectors: readonly Detector[];
  readonly differences: readonly Difference[];
  readonly remedies: Remedies;
}

export type FindingContext = RemedyContext;

/** By stack and name; what is in no stack comes first. */
export function mergeFindings(failed: readonly DriftCheck[], context: FindingContext): Finding[] {
  const groups = groupBy(failed, keyOf);
  return [...groups.values()]
    .map((checks) => toFinding(checks, context))
    .sort((a, b) => compare([a.stack ?? '', a.name], [b.stack ?? '', b.name]));
}

/** What is about no one resource, as the ledger, is one finding per subject. */
const keyOf = ({ resource, subject }: DriftCheck): string => (resource ? resourceKey(resource) : subject);

function toFinding(checks: readonly [DriftCheck, ...DriftCheck[]], context: FindingContext): Finding {
  const [first] = checks;
  const resource = first.resource ?? null;
  const listed = resource && context.resources.find((each) => resourceKey(each) === resourceKey(resource));
  // Probes name things as people do, and the shortest is the thing itself, not a part of it.
  const name = shortest(checks.filter(isByPerson)) ?? shortest(checks.filter(isByProbe)) ?? first.subject;
  const differences = mergeDifferences(checks);
  return {
    name,
    resource,
    stack: listed?.stack ?? (resource?.type === STACK_TYPE ? resource.id : null),
    detectors: DETECTORS.filter((detector) => checks.some((check) => check.detector === detector)),
    differences,
    remedies: remediesFor({ name, resource, checks, differences }, context),
  };
}

const isByProbe = ({ detector }: DriftCheck): boolean => detector !== 'cloudformation';
const isByPerson = (check: DriftCheck): boolean => isByProbe(check) && !check.id.startsWith('declared.');

const shortest = (checks: readonly DriftCheck[]): string | undefined =>
  checks.map(({ subject }) => subject).sort((a, b) => a.length - b.length)[0];

function compare(a: readonly string[], b: readonly string[]): number {
  const [x, y] = [a.join('\n'), b.join('\n')];
  return x < y ? -1 : x > y ? 1 : 0;
}
