/** The step: see check-out.ts. */
import { playStandIn } from '../shared/play.ts';
import { checkOut } from './check-out.ts';

await playStandIn(checkOut);
