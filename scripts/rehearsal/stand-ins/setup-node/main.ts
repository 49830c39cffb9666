/** The step: see set-up-node.ts. */
import { playStandIn } from '../shared/play.ts';
import { setUpNode } from './set-up-node.ts';

await playStandIn(setUpNode);
