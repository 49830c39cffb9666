/**
 * Waivers applied: which checks they cover, and which waivers have run out, name nothing that is there, or are not used. Pure.
 */
import type { DriftWaiver } from '../../../environments/waivers.ts';
import type { DriftCheck, StackResource } from './drift-check.ts';

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
  const known = new Set([
    ...checks.flatMap(namesOf),
    ...resources.flatMap(({ id, stack, logicalId }) => [id, `${stack}/${logicalId}`]),
  ]);
  const inForce = own.filter(({ expires }) => expires >= today);
  const findings = checks.filter(({ status }) => status !== 'pass');
  const waived = findings.flatMap((check): WaivedCheck[] => {
    const waiver = inForce.find((each) => covers(each, check));
    return waiver === undefined ? [] : [{ check, waiver }];
  });
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

/** A waiver names a resource as the report shows it, or by its physical id. */
const namesOf = ({ subject, resource }: DriftCheck): string[] => [subject, ...(resource ? [resource.id] : [])];

const covers = ({ resource, property }: DriftWaiver, check: DriftCheck): boolean =>
  property === check.property && namesOf(check).includes(resource);
