/** Chapters change files of the repository: where one of those changes, the story must change with it. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { it } from 'node:test';
import { REPOSITORY_ROOT } from '../../adapters/repository-root.ts';
import { CHAPTERS } from './index.ts';

for (const { id, edits } of CHAPTERS) {
  for (const { file, from, to } of edits) {
    it(`${id} finds what it changes in ${file}`, () => {
      const text = readFileSync(join(REPOSITORY_ROOT, file), 'utf8');
      assert.equal(text.split(from).length, 2, `${JSON.stringify(from)} is to be there once`);
      assert.notEqual(from, to);
    });
  }
}
