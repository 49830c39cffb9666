/** The step: see upload.ts. */
import { playStandIn } from '../shared/play.ts';
import { upload } from './upload.ts';

await playStandIn(upload);
