/** The whole story, and each chapter alone. */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { CHAPTERS } from './chapters/index.ts';
import { withRehearsing } from './testing/rehearsing.ts';

const { run, leftOvers } = await withRehearsing({ after });

describe('npm run rehearse', () => {
  it('plays the whole story and draws it', async () => {
    const file = join(tmpdir(), `rehearsal-${process.pid}.svg`);
    const { code, stdout, stderr } = await run('--svg', file);
    assert.equal(code, 0, stderr);
    for (const { title } of CHAPTERS) assert.ok(stdout.includes(title), `${title} is not in:\n${stdout}`);
    assert.match(stdout, /Not rehearsed:/);
    assert.match(await readFile(file, 'utf8'), /^<svg /);
    assert.deepEqual(await leftOvers(), []);
  });

  for (const { id, title } of CHAPTERS) {
    it(`plays ${id} alone`, async () => {
      const { code, stdout, stderr } = await run('--chapter', id);
      assert.equal(code, 0, stderr);
      assert.ok(stdout.includes(title));
      assert.deepEqual(await leftOvers(), []);
    });
  }
});
