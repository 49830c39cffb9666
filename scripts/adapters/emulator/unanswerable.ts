/**
 * What an emulated account can't answer, and why: such checks may be `unknown` there, and show as unknown. On AWS
 * there is no such list.
 */
import type { Unanswerable } from '../../core/check.ts';

export const UNANSWERABLE: readonly Unanswerable[] = [];
