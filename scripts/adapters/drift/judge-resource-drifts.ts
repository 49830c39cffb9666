/**
 * CloudFormation's answers → a check for each resource, property by property where it differs. What there is and was not
 * answered is unknown: CloudFormation leaves such resources out without a word. Pure.
 */
import type { StackResourceDrift } from '@aws-sdk/client-cloudformation';
import type { EnvironmentConfig } from '../../../environments/environment-config.ts';
import { type DriftCheck, displayName, type StackResource, UNANSWERED } from '../../core/drift/drift-check.ts';
import { isFalseDrift, parsedValue } from '../../core/drift/false-drift.ts';
import { PRESENT } from '../../core/drift/properties.ts';

/** The check that a resource is as its template says, or is there at all. */
const RESOURCE = 'cloudformation.resource';
const PROPERTY = 'cloudformation.property';

interface Answered {
  readonly stack: string;
  readonly drifts: readonly StackResourceDrift[];
  readonly problem: string;
}

export function judgeResourceDrifts(
  answers: readonly Answered[],
  resources: readonly StackResource[],
  table: EnvironmentConfig['table'],
): DriftCheck[] {
  const supported = new Set(
    answers.flatMap(({ drifts }) => drifts.filter(isAnswer).map(({ ResourceType }) => ResourceType ?? '')),
  );
  return answers.flatMap(({ stack, drifts, problem }) => {
    const byId = new Map(drifts.map((drift) => [drift.LogicalResourceId, drift]));
    return resources
      .filter((resource) => resource.stack === stack)
      .flatMap((resource) => {
        const drift = byId.get(resource.logicalId);
        if (drift !== undefined && isAnswer(drift)) return judge(resource, drift, table);
        return [unanswered(resource, drift, { problem, isSupported: supported.has(resource.type) })];
      });
  });
}

const isAnswer = ({ StackResourceDriftStatus: status }: StackResourceDrift): boolean =>
  status === 'IN_SYNC' || status === 'MODIFIED' || status === 'DELETED';

function judge(resource: StackResource, drift: StackResourceDrift, table: EnvironmentConfig['table']): DriftCheck[] {
  const inSync = { ...base(resource, RESOURCE), expected: 'as in its template', actual: 'as in its template' };
  if (drift.StackResourceDriftStatus === 'IN_SYNC') return [{ ...inSync, status: 'pass', detail: '' }];
  if (drift.StackResourceDriftStatus === 'DELETED') {
    const detail = 'It was deleted outside CloudFormation.';
    const check = { ...base(resource, RESOURCE), property: PRESENT };
    return [{ ...check, expected: 'present', actual: 'deleted', status: 'fail', detail }];
  }
  const differences = drift.PropertyDifferences ?? [];
  if (differences.length === 0) {
    const detail = 'CloudFormation says that it was changed, and not where.';
    return [
      {
        ...base(resource, RESOURCE),
        expected: parsedValue(drift.ExpectedProperties),
        actual: parsedValue(drift.ActualProperties),
        status: 'fail',
        detail,
      },
    ];
  }
  const real = differences.filter(
    ({ PropertyPath: path = '', ExpectedValue: expected, ActualValue: actual }) =>
      !isFalseDrift({ resourceType: resource.type, path, expected, actual }, table),
  );
  if (real.length === 0) return [{ ...inSync, status: 'pass', detail: '' }];
  return real.map(({ PropertyPath, ExpectedValue, ActualValue, DifferenceType }) => ({
    ...base(resource, PROPERTY),
    property: PropertyPath ?? PROPERTY,
    expected: parsedValue(ExpectedValue),
    actual: parsedValue(ActualValue),
    status: 'fail',
    detail: DETAILS[DifferenceType ?? 'NOT_EQUAL'] ?? DETAILS.NOT_EQUAL,
  }));
}

const DETAILS: Readonly<Record<string, string> & { readonly NOT_EQUAL: string }> = {
  ADD: 'Added outside CloudFormation.',
  REMOVE: 'Removed outside CloudFormation.',
  NOT_EQUAL: 'Changed outside CloudFormation.',
};

/**
 * A type that was answered for elsewhere in this run is supported: then this resource was left out for another reason,
 * mostly throttling. So is what a failed detection left out.
 */
function unanswered(
  resource: StackResource,
  drift: StackResourceDrift | undefined,
  { problem, isSupported }: { readonly problem: string; readonly isSupported: boolean },
): DriftCheck {
  const isUnchecked =
    problem !== '' || isSupported || (drift !== undefined && drift.StackResourceDriftStatus !== 'UNSUPPORTED');
  const reason =
    drift?.DriftStatusReason ||
    problem ||
    'CloudFormation gave no answer, although it knows the type: throttled, or without the right to read it';
  return {
    ...base(resource, isUnchecked ? UNANSWERED.unchecked : UNANSWERED.unsupported),
    subject: `${resource.stack}/${resource.logicalId}`,
    expected: 'checked',
    actual: null,
    status: 'unknown',
    detail: isUnchecked ? reason : `CloudFormation gives no answer for ${resource.type}`,
  };
}

const base = (
  { stack, logicalId, type, id }: StackResource,
  check: string,
): Pick<DriftCheck, 'id' | 'detector' | 'property' | 'subject' | 'resource'> => ({
  id: check,
  detector: 'cloudformation',
  property: check,
  subject: displayName({ stack, logicalId, id }),
  resource: { type, id },
});
