/** The story, in order. */
import type { Chapter } from './chapter.ts';
import { destruction } from './destruction.ts';
import { drift } from './drift.ts';
import { failure } from './failure.ts';
import { fork } from './fork.ts';
import { intruder } from './intruder.ts';
import { promotion } from './promotion.ts';
import { pullRequest } from './pull-request.ts';
import { rollback } from './rollback.ts';

export const CHAPTERS: readonly Chapter[] = [
  pullRequest,
  fork,
  promotion,
  intruder,
  failure,
  rollback,
  drift,
  destruction,
];
