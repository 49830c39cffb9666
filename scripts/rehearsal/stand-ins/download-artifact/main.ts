/** The step: see download.ts. */
import { playStandIn } from '../shared/play.ts';
import { download } from './download.ts';

await playStandIn(download);
