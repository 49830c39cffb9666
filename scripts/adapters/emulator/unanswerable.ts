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
  { id: 'release.on-main', reason: 'an emulated account holds what is worked on, committed or not' },
];
