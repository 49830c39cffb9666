/** The picture in docs/ is of the story as it is. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { it } from 'node:test';
import { REPOSITORY_ROOT } from '../adapters/repository-root.ts';
import { CHAPTERS } from './chapters/index.ts';

it('docs/rehearsal.svg shows every chapter', () => {
  const picture = readFileSync(join(REPOSITORY_ROOT, 'docs/rehearsal.svg'), 'utf8');
  const missing = CHAPTERS.filter(({ title }) => !picture.includes(title)).map(({ id }) => id);
  assert.deepEqual(missing, [], 'renew it: npm run rehearse -- --svg docs/rehearsal.svg');
});
