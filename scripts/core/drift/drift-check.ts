/**
 * What detectors of drift answer with: Checks that also say who looked, and at which property. Pure.
 */
import type { Check, CheckedResource } from '../check.ts';

/** Who looks: CloudFormation's drift detection, the ledger's release, the probes of `validate`. */
export const DETECTORS = ['cloudformation', 'release', 'live'] as const;
export type Detector = (typeof DETECTORS)[number];

export interface DriftCheck extends Check {
  readonly detector: Detector;
  /** The property that was compared, or the check's id where that says it. What a waiver names. */
  readonly property: string;
}

/** A resource of a deployed stack: all of them together are what there is to check. */
export interface StackResource extends CheckedResource {
  readonly stack: string;
  readonly logicalId: string;
}

export const STACK_TYPE = 'AWS::CloudFormation::Stack';

/** Stacks are known by their names, whoever speaks of them. */
export const stackResource = (name: string): CheckedResource => ({ type: STACK_TYPE, id: name });

/** The same for the same resource of an environment, whichever detector names it. */
export const resourceKey = ({ type, id }: CheckedResource): string => `${type} ${id}`;

/** Why CloudFormation gave no answer. The key of what a target can't answer, and of waivers. */
export const UNANSWERED = {
  /** Its drift detection does not know the type: the live detector may answer for it. */
  unsupported: 'cloudformation.unsupported',
  /** It knows the type and did not check this resource: throttled, or without the right to read it. */
  unchecked: 'cloudformation.unchecked',
  /** The stack as a whole was not checked. */
  stack: 'cloudformation.stack',
  /** The target has no drift detection to rely on. */
  unavailable: 'cloudformation.unavailable',
} as const;

/** A check by a probe, as drift counts it. */
export const fromProbe = (check: Check): DriftCheck => ({ ...check, detector: 'live', property: check.id });
