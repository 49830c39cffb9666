/**
 * What detectors of drift answer with: Checks that also say who looked, and at which property. Pure.
 */
import type { Check, CheckedResource } from '../check.ts';
import { propertyOf } from './properties.ts';

/** Who looks: CloudFormation's drift detection, the ledger's release, the probes of `validate`. */
export const DETECTORS = ['cloudformation', 'release', 'live'] as const;
export type Detector = (typeof DETECTORS)[number];

export interface DriftCheck extends Check {
  readonly detector: Detector;
  /** The property that was compared, by its path in the template where it has one: see `properties.ts`. What a waiver names. */
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

/** What came of comparing a resource with its template, by a probe. Only these count as a look at a resource. */
export const DECLARED = {
  /** Every declared property was compared and is so. */
  resource: 'declared.resource',
  /** One property, by its path in the template. */
  property: 'declared.property',
  present: 'declared.present',
  /** Not compared, or not all of it. */
  unread: 'declared.unread',
  /** The target takes the property and does not give it back. */
  notKept: 'declared.not-kept',
} as const;

/** Ids like `subnet-0a1b…`, ARNs and addresses tell nobody anything: the stack and the construct do. */
export const displayName = ({ stack, logicalId, id }: Pick<StackResource, 'stack' | 'logicalId' | 'id'>): string =>
  id === '' || /^(arn:|https?:|[a-z]+-[0-9a-f]{8,}$|[0-9a-f-]{20,}$)/.test(id) || !/[-/]/.test(id) || id.includes('|')
    ? `${stack}/${logicalId}`
    : id;

/** A check by a probe, as drift counts it. */
export const fromProbe = (check: Check & { readonly property?: string }): DriftCheck => ({
  ...check,
  detector: 'live',
  property: check.property ?? propertyOf(check),
});
