/** Every break that can be taken back, in an order that does not matter. */
import { ALARM_AND_RULE_BREAKS } from './alarm-breaks.ts';
import { API_BREAKS } from './api-breaks.ts';
import type { Break } from './break.ts';
import { BUCKET_BREAKS } from './bucket-breaks.ts';
import { FUNCTION_BREAKS } from './function-breaks.ts';
import { NETWORK_BREAKS } from './network-breaks.ts';
import { NOTIFICATION_BREAKS } from './notification-breaks.ts';
import { PLATFORM_BREAKS } from './platform-breaks.ts';
import { QUEUE_BREAKS } from './queue-breaks.ts';
import { ROLE_BREAKS } from './role-breaks.ts';
import { TABLE_BREAKS } from './table-breaks.ts';

export const BREAKS: readonly Break[] = [
  ...PLATFORM_BREAKS,
  ...FUNCTION_BREAKS,
  ...ROLE_BREAKS,
  ...API_BREAKS,
  ...TABLE_BREAKS,
  ...BUCKET_BREAKS,
  ...QUEUE_BREAKS,
  ...NETWORK_BREAKS,
  ...ALARM_AND_RULE_BREAKS,
  ...NOTIFICATION_BREAKS,
];
