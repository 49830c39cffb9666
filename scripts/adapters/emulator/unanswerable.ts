/**
 * What an emulated account can't answer, and why: such checks may be `unknown` there, and show as unknown. On AWS
 * there is no such list.
 */
import type { Unanswerable } from '../../core/check.ts';

export const UNANSWERABLE: readonly Unanswerable[] = [
  { id: 'emulator.recorded', reason: 'the emulator records resources of this type and does not behave by them' },
];
