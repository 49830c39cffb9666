/** The probes of an environment's live configuration. `validate` and `drift` run the same ones. */
import { alarms, eventRule } from './alarms.ts';
import { api } from './api.ts';
import { bucket } from './bucket.ts';
import { declared } from './declared/declared.ts';
import { functions } from './functions.ts';
import { logGroups } from './log-groups.ts';
import { network } from './network.ts';
import { parameters } from './parameters.ts';
import type { Probe } from './probe.ts';
import { queues } from './queues.ts';
import { recorded } from './recorded.ts';
import { roles } from './roles.ts';
import { securityGroups } from './security-groups.ts';
import { stacks } from './stacks.ts';
import { table } from './table.ts';
import { tags } from './tags.ts';
import { topic, topicConfirmations } from './topic.ts';

export const LIVE_PROBES: readonly Probe[] = [
  stacks,
  parameters,
  functions,
  roles,
  api,
  table,
  bucket,
  queues,
  network,
  securityGroups,
  logGroups,
  topic,
  alarms,
  eventRule,
  tags,
  recorded,
];

/** Asked by drift alone: see each. */
export const DRIFT_ONLY_PROBES: readonly Probe[] = [topicConfirmations, declared];
