/**
 * First module of the toolkit's thread. The one file that is not TypeScript: on Node 20 a thread does not inherit the
 * `--import tsx` of its process, so something Node reads by itself has to ask for it.
 */
import { register } from 'tsx/esm/api';

register();
await import('./deploy-worker.ts');
