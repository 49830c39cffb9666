/** The step: see begin-job.ts. */
import { randomUUID } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import { playStandIn } from '../shared/play.ts';
import { beginJob } from './begin-job.ts';

await playStandIn((step) => beginJob(step, { nonce: randomUUID(), now: Date.now, wait: setTimeout }));
