/**
 * Failed checks merged by resource: what differs, who saw it, and how to mend it. Pure.
 */
import type { DriftWaiver } from '../../../environments/waivers.ts';
import type { CheckedResource } from '../check.ts';
import type { Json } from '../plan/plan.ts';
import { maskValue } from '../plan/secrets.ts';
import {
  DETECTORS,
  type Detector,
  type DriftCheck,
  resourceKey,
  STACK_TYPE,
  type StackResource,
} from './drift-check.ts';
import { groupBy } from './group-by.ts';

export interface Difference {
  readonly detector: Detector;
  /** What a waiver names. */
  readonly property: string;
  /** Secrets are masked. */
  readonly expected: unknown;
  readonly actual: unknown;
  /** What the detector says to do. */
  readonly detail: string;
}

export interface Remedies {
  /** Brings the resource back to the release; null where no deployment can, so that a hand must. */
  readonly redeploy: string | null;
  /** Takes what is there into Git. */
  readonly adopt: string;
  /** What to add to environments/waivers/drift.json; one for each difference. */
  readonly waive: readonly DriftWaiver[];
}

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

export interface FindingContext {
  readonly environment: string;
  /** Commands aim at the emulated accounts. */
  readonly local: boolean;
  readonly resources: readonly StackResource[];
  /** All checks: what passed says what CloudFormation can see. */
  readonly checks: readonly DriftCheck[];
}

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
  return {
    // Probes name things as people do, and the shortest is the thing itself, not a part of it.
    name: shortest(checks.filter(({ detector }) => detector !== 'cloudformation')) ?? first.subject,
    resource,
    stack: listed?.stack ?? (resource?.type === STACK_TYPE ? resource.id : null),
    detectors: DETECTORS.filter((detector) => checks.some((check) => check.detector === detector)),
    differences: checks.map(toDifference),
    remedies: remediesFor(checks, context),
  };
}

/** What differs, without the secrets. */
export function toDifference({ detector, subject, property, expected, actual, detail }: DriftCheck): Difference {
  const path = `${subject}.${property}`.replaceAll('/', '.');
  return {
    detector,
    property,
    expected: maskValue(path, expected as Json),
    actual: maskValue(path, actual as Json),
    detail,
  };
}

const shortest = (checks: readonly DriftCheck[]): string | undefined =>
  checks.map(({ subject }) => subject).sort((a, b) => a.length - b.length)[0];

/** Who answers for a waiver, why and until when, only a person can say: left to be filled in. */
const TO_FILL_IN = { reason: '', owner: '', expires: '' };

function remediesFor(checks: readonly DriftCheck[], { environment, local, checks: all }: FindingContext): Remedies {
  const to = `--env ${environment}${local ? ' --local' : ''}`;
  return {
    redeploy: canRedeploy(checks, all) ? `npm run drift -- ${to} --fix` : null,
    adopt: `change it in Git, then: npm run promote -- --only ${environment}${local ? ' --local' : ''}`,
    waive: checks.map(({ subject, property }) => ({ environment, resource: subject, property, ...TO_FILL_IN })),
  };
}

/** What only a person, a promotion or a `resume` can mend. */
const NOT_BY_DEPLOYMENT: ReadonlySet<string> = new Set([
  'release.hold',
  'release.on-main',
  'release.recorded',
  'release.state',
  'release.expected-stacks',
  'topic.subscription-confirmed',
]);

/**
 * CloudFormation reverts what it sees. Where it looked at the resource and found nothing, what probes found is beyond it:
 * an extra rule, an extra inline policy.
 */
function canRedeploy(checks: readonly DriftCheck[], all: readonly DriftCheck[]): boolean {
  const deployable = checks.filter(({ id }) => !NOT_BY_DEPLOYMENT.has(id));
  if (deployable.length === 0) return false;
  if (deployable.some(({ detector }) => detector !== 'live')) return true;
  const keys = new Set(deployable.map(keyOf));
  return !all.some((check) => check.detector === 'cloudformation' && check.status === 'pass' && keys.has(keyOf(check)));
}

function compare(a: readonly string[], b: readonly string[]): number {
  const [x, y] = [a.join('\n'), b.join('\n')];
  return x < y ? -1 : x > y ? 1 : 0;
}
