/** One part of a set-up, looked at. */
import type { Check } from '../../core/check.ts';

export interface Examined {
  /** `this machine`, `account 123456789012 (dev)`. */
  readonly title: string;
  readonly checks: readonly Check[];
}
