/**
 * What an emulated account can't answer, and why: such checks may be `unknown` there, and show as unknown. On AWS
 * there is no such list.
 */
import type { Unanswerable } from '../../core/check.ts';

export const UNANSWERABLE: readonly Unanswerable[] = [
  { id: 'emulator.recorded', reason: 'the emulator records resources of this type and does not behave by them' },
  {
    id: 'cloudformation.unavailable',
    reason:
      'the emulator has a drift detection that leaves most types out and compares few properties: nothing it says is relied on',
  },
  { id: 'declared.not-kept', reason: 'the emulator does not give back all that a template declares' },
  { id: 'release.on-main', reason: 'an emulated account holds what is worked on, committed or not' },
];

/** What the emulator takes from a template and does not give back, by type: nobody can compare it there. */
export const NOT_KEPT: Readonly<Record<string, readonly string[]>> = {
  'AWS::EC2::FlowLog': ['DeliverLogsPermissionArn'],
  'AWS::EC2::NatGateway': ['AllocationId'],
};
