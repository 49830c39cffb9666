/**
 * How much of an environment was looked at: of all its resources, by stack and type, who answered. Pure.
 *
 * A resource counts as checked when CloudFormation answered for it; or when a probe compared every property that its
 * template declares and CloudFormation had nothing to say of it: the type is not supported, or the target has no drift
 * detection. What CloudFormation should have checked and did not stays unchecked, whatever probes saw of it.
 */
import type { Unanswerable } from '../check.ts';
import {
  DECLARED,
  type DriftCheck,
  resourceKey,
  type StackResource,
  stackResource,
  UNANSWERED,
} from './drift-check.ts';
import { groupBy } from './group-by.ts';

export interface CoverageRow {
  readonly stack: string;
  readonly type: string;
  readonly total: number;
  readonly checked: number;
  /** By whom; a resource may be in both. */
  readonly byCloudFormation: number;
  readonly byProbes: number;
}

export interface Coverage {
  readonly total: number;
  readonly checked: number;
  readonly byCloudFormation: number;
  readonly byProbes: number;
  /** By stack, then type. */
  readonly rows: readonly CoverageRow[];
  /** In the order given. */
  readonly unchecked: readonly StackResource[];
  /** What even the checked ones were not compared by, and why: `AWS::Lambda::Function: Code is not compared: …`. Sorted. */
  readonly leftOut: readonly string[];
}

/** Some of its settings, or its tags, are no look at a resource: all that its template declares is. */
const LOOKS: ReadonlySet<string> = new Set([DECLARED.resource, DECLARED.property, DECLARED.present]);

/** A resource of which a property could not be compared was not looked at as a whole. */
const IN_PART: ReadonlySet<string> = new Set([DECLARED.unread, DECLARED.notKept]);

/** What a custom resource brings about is looked at where it takes effect: CloudFormation can't check custom resources. */
const STANDS_FOR: Readonly<Record<string, string>> = {
  'Custom::VpcRestrictDefaultSG': 'security-group.default-closed',
};

/** @param excused what the target can't answer */
export function measureCoverage(
  resources: readonly StackResource[],
  checks: readonly DriftCheck[],
  excused: readonly Unanswerable[],
): Coverage {
  const cloudFormation = keysOf(checks, (check) => check.detector === 'cloudformation' && check.status !== 'unknown');
  const compared = keysOf(checks, ({ id }) => LOOKS.has(id));
  const inPart = keysOf(checks, ({ id, status }) => status === 'unknown' && IN_PART.has(id));
  const probes = new Set([...compared].filter((key) => !inPart.has(key)));
  const stoodFor = (type: string): boolean =>
    checks.some(({ id, status }) => id === STANDS_FOR[type] && status !== 'unknown');
  const harmless = new Set<string>([UNANSWERED.unsupported, ...excused.map(({ id }) => id)]);
  const missed = keysOf(
    checks,
    ({ id, detector, status }) => detector === 'cloudformation' && status === 'unknown' && !harmless.has(id),
  );
  const looked = resources.map((resource) => {
    const key = resourceKey(resource);
    const byCloudFormation = cloudFormation.has(key);
    const byProbes = probes.has(key) || stoodFor(resource.type);
    const isMissed = missed.has(key) || missed.has(resourceKey(stackResource(resource.stack)));
    return { resource, byCloudFormation, byProbes, checked: byCloudFormation || (byProbes && !isMissed) };
  });
  const rows = groupBy(looked, ({ resource: { stack, type } }) => JSON.stringify([stack, type]));
  return {
    ...count(looked),
    rows: [...rows]
      .map(([key, group]) => {
        const [stack = '', type = ''] = JSON.parse(key) as string[];
        return { stack, type, ...count(group) };
      })
      .sort((a, b) => (a.stack === b.stack ? compare(a.type, b.type) : compare(a.stack, b.stack))),
    unchecked: looked.filter(({ checked }) => !checked).map(({ resource }) => resource),
    leftOut: [
      ...new Set(
        checks
          .filter(({ id, detail, resource }) => id === DECLARED.resource && detail !== '' && resource !== undefined)
          .map(({ detail, resource }) => `${resource?.type}: ${detail}`),
      ),
    ].sort(),
  };
}

function keysOf(checks: readonly DriftCheck[], wanted: (check: DriftCheck) => boolean): ReadonlySet<string> {
  return new Set(checks.filter(wanted).flatMap(({ resource }) => (resource ? [resourceKey(resource)] : [])));
}

interface Looked {
  readonly checked: boolean;
  readonly byCloudFormation: boolean;
  readonly byProbes: boolean;
}

const count = (looked: readonly Looked[]): Omit<CoverageRow, 'stack' | 'type'> => ({
  total: looked.length,
  checked: looked.filter(({ checked }) => checked).length,
  byCloudFormation: looked.filter(({ byCloudFormation }) => byCloudFormation).length,
  byProbes: looked.filter(({ byProbes }) => byProbes).length,
});

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
