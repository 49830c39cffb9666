/**
 * Waivers applied: which checks they cover, and which waivers have run out, name nothing that is there, or are not used. Pure.
 */
import type { DriftWaiver } from '../../../environments/waivers.ts';
import { type DriftCheck, resourceKey, type StackResource } from './drift-check.ts';
import { isBelow } from './properties.ts';

export interface WaivedCheck {
  readonly check: DriftCheck;
  readonly waiver: DriftWaiver;
}

export interface WaiverProblem {
  readonly waiver: DriftWaiver;
  readonly problem: 'expired' | 'unknown-resource';
}

export interface AppliedWaivers {
  /** Failed and unknown checks that nobody waived. */
  readonly open: readonly DriftCheck[];
  readonly waived: readonly WaivedCheck[];
  /** Each fails the run. */
  readonly problems: readonly WaiverProblem[];
  /** The difference is gone: the waiver can go too. */
  readonly unused: readonly DriftWaiver[];
}

export interface WaiversInput {
  readonly environment: string;
  readonly checks: readonly DriftCheck[];
  readonly resources: readonly StackResource[];
  readonly waivers: readonly DriftWaiver[];
  /** Waivers hold to the end of their last day, UTC. */
  readonly now: Date;
}

export function applyWaivers({ environment, checks, resources, waivers, now }: WaiversInput): AppliedWaivers {
  const today = now.toISOString().slice(0, 10);
  const own = waivers.filter((waiver) => waiver.environment === environment);
  const namesOf = nameEachResource(checks, resources);
  const known = new Set([
    ...checks.flatMap((check) => [...namesOf(check)]),
    ...resources.flatMap(({ id, stack, logicalId }) => [id, `${stack}/${logicalId}`]),
  ]);
  const inForce = own.filter(({ expires }) => expires >= today);
  const findings = checks.filter(({ status }) => status !== 'pass');
  const named = findings.flatMap((check): WaivedCheck[] => {
    const waiver = inForce.find((each) => namesOf(check).has(each.resource) && coversProperty(each, check));
    return waiver === undefined ? [] : [{ check, waiver }];
  });
  const waived = [...named, ...explainedBy(named, findings)];
  const covered = new Set(waived.map(({ check }) => check));
  const used = new Set(waived.map(({ waiver }) => waiver));
  const problems = own.flatMap((waiver): WaiverProblem[] => {
    if (waiver.expires < today) return [{ waiver, problem: 'expired' }];
    return known.has(waiver.resource) ? [] : [{ waiver, problem: 'unknown-resource' }];
  });
  const wrong = new Set(problems.map(({ waiver }) => waiver));
  return {
    open: findings.filter((check) => !covered.has(check)),
    waived,
    problems,
    unused: own.filter((waiver) => !used.has(waiver) && !wrong.has(waiver)),
  };
}

/** A waiver names a resource as any finding of it does, by its physical id, or by its stack and logical id. */
function nameEachResource(
  checks: readonly DriftCheck[],
  resources: readonly StackResource[],
): (check: DriftCheck) => ReadonlySet<string> {
  const names = new Map<string, Set<string>>();
  const add = (key: string, ...some: readonly string[]): void => {
    names.set(key, new Set([...(names.get(key) ?? []), ...some]));
  };
  for (const { id, type, stack, logicalId } of resources) add(resourceKey({ type, id }), id, `${stack}/${logicalId}`);
  for (const { resource, subject } of checks) if (resource) add(resourceKey(resource), subject, resource.id);
  return ({ resource, subject }) => (resource && names.get(resourceKey(resource))) ?? new Set([subject]);
}

/** By the property's path, whoever looked; or by a check's own id, for that check alone. */
const coversProperty = ({ property }: DriftWaiver, check: DriftCheck): boolean =>
  property === check.property || property === check.id || isBelow(check.property, property);

/** A check that looks at more than was waived fails for that alone, when all that failed below it is waived. */
function explainedBy(waived: readonly WaivedCheck[], findings: readonly DriftCheck[]): WaivedCheck[] {
  const waiverOf = new Map(waived.map(({ check, waiver }) => [check, waiver]));
  return findings.flatMap((check): WaivedCheck[] => {
    const { resource, status, property } = check;
    if (waiverOf.has(check) || resource === undefined || status !== 'fail') return [];
    const key = resourceKey(resource);
    const finer = findings.filter(
      (each) =>
        each.status === 'fail' &&
        each.resource &&
        resourceKey(each.resource) === key &&
        isBelow(each.property, property),
    );
    const waivers = finer.map((each) => waiverOf.get(each));
    const [waiver] = waivers;
    return waiver !== undefined && !waivers.includes(undefined) ? [{ check, waiver }] : [];
  });
}
