/** Checks and reports of drift for tests: short to write, valid in every field. */
import type { CheckStatus } from '../core/check.ts';
import { DECLARED, type DriftCheck, type StackResource, UNANSWERED } from '../core/drift/drift-check.ts';
import { assembleReport, type DriftReport, type ReportInput } from '../core/drift/report.ts';

export const FUNCTION: StackResource = {
  type: 'AWS::Lambda::Function',
  id: 'order-processing-prod',
  stack: 'trading-lambda-prod',
  logicalId: 'Processing',
};
export const QUEUE: StackResource = {
  type: 'AWS::SQS::Queue',
  id: 'https://q',
  stack: 'trading-sqs-prod',
  logicalId: 'Queue',
};

export const check = (
  detector: DriftCheck['detector'],
  id: string,
  status: CheckStatus,
  of: StackResource = FUNCTION,
  more: Partial<DriftCheck> = {},
): DriftCheck => ({
  id,
  detector,
  property: id,
  subject: detector === 'live' && of === QUEUE ? 'order-queue-prod' : of.id,
  resource: { type: of.type, id: of.id },
  status,
  expected: 512,
  actual: status === 'unknown' ? null : 256,
  detail: status === 'pass' ? '' : 'why',
  ...more,
});
export const native = (status: CheckStatus, of = FUNCTION): DriftCheck =>
  check('cloudformation', status === 'unknown' ? UNANSWERED.unchecked : 'cloudformation.resource', status, of);
/** All that is declared was compared, or the probe of the functions found another memory. */
export const live = (status: CheckStatus, of = FUNCTION): DriftCheck =>
  status === 'pass' ? check('live', DECLARED.resource, status, of) : memory(of);
const memory = (of: StackResource): DriftCheck =>
  check('live', 'function.memory', 'fail', of, { property: '/MemorySize', expected: '512 MB', actual: '256 MB' });

export const assemble = (checks: readonly DriftCheck[], more: Partial<ReportInput> = {}): DriftReport =>
  assembleReport({
    environment: 'prod',
    stage: 'production',
    local: false,
    checks,
    resources: [FUNCTION],
    waivers: [],
    now: new Date('2026-11-23T23:59:00Z'),
    excused: [],
    notes: [],
    ...more,
  });
