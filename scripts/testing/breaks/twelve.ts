/** Twelve changes by hand, one of each kind that people make: what a drift check has to find. */
import type { Break } from './break.ts';
import { BREAKS } from './index.ts';

/** The check of `validate` that sees each. */
export const TWELVE = [
  'function.memory',
  'function.environment',
  'table.read-capacity',
  'queue.retention',
  'bucket.versioning',
  'bucket.public-access',
  'security-group.egress',
  'role.inline-policies',
  'parameter.target',
  'alarm.actions-enabled',
  'log-group.retention',
  'api.throttle-rate',
] as const;

/** The change in dev. @throws RangeError where nobody knows one */
export function byHand(id: string): Break {
  const change = BREAKS.find((each) => each.id === id && (each.in ?? 'dev') === 'dev');
  if (change === undefined) throw new RangeError(`nobody knows how to break ${id}`);
  return change;
}
