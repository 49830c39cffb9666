/** Two chapters of the rehearsal, as a person starts them: the way to production, and a branch that wants to get there too. */
import assert from 'node:assert/strict';
import { after, describe, it } from 'node:test';
import { CHAPTERS } from './chapters/index.ts';
import { withRehearsing } from './testing/rehearsing.ts';
import type { TimelineEvent } from './timeline.ts';

const { run, leftOvers } = await withRehearsing({ after });

describe('npm run rehearse', () => {
  it('promotes what is merged, lets nobody in who is not trusted, and leaves nothing', async () => {
    const { code, stdout, stderr } = await run('--chapter', 'promotion,intruder', '--json');
    assert.equal(code, 0, stderr);
    const { ok, chapters, events, notRehearsed } = JSON.parse(stdout) as {
      ok: boolean;
      chapters: string[];
      events: TimelineEvent[];
      notRehearsed: { what: string; instead: string }[];
    };
    assert.equal(ok, true);
    assert.deepEqual(chapters, ['promotion', 'intruder']);
    assert.ok(notRehearsed.length > 0);
    const seen = events.map(({ lane, kind, title, status }) => `${lane}: ${kind} ${title}: ${status}`);
    for (const expected of [
      'dev: decision gitops-deploy-dev given: ok',
      'prod: decision gitops-read-prod given: ok',
      'prod: approval dana may not approve: refused',
      'prod: approval amir approved: ok',
      'prod: job Wave 3: prod / Deploy and validate: ok',
      'dev: decision gitops-deploy-dev refused: refused',
    ]) {
      assert.ok(seen.includes(expected), `${expected} is not among:\n${seen.join('\n')}`);
    }
    assert.deepEqual(await leftOvers(), []);
  });

  it('knows its chapters', async () => {
    const { code, stderr } = await run('--chapter', 'epilogue');
    assert.equal(code, 2);
    assert.ok(stderr.includes(`No chapter epilogue. There are: ${CHAPTERS.map(({ id }) => id).join(', ')}.`), stderr);
  });
});
