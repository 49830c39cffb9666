/** The step: see attest.ts. */
import { playStandIn } from '../shared/play.ts';
import { attest } from './attest.ts';

await playStandIn(attest);
