import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { PlainReporter } from '../adapters/reporter/plain.ts';
import { UsageError } from '../core/errors.ts';
import type { Chapter } from './chapters/chapter.ts';
import { CHAPTERS } from './chapters/index.ts';
import { Recorder } from './recorder.ts';
import { chooseChapters, rehearse } from './rehearse.ts';
import { Story } from './story.ts';
import type { World } from './world.ts';

const chapter = (id: string, play: Chapter['play']): Chapter => ({ id, title: `The ${id}`, edits: [], play });
const happens = chapter('first', async (story) => story.note('something happened'));
const fails = chapter('second', async (story) => story.expect(false, 'dev to be there', () => 'it is not'));
const never = chapter('third', () => assert.fail('played after one that failed'));

function tell(...chapters: readonly Chapter[]) {
  // Chapters of these tests meet nothing of the world but its timeline.
  const world = { timeline: new Recorder() } as unknown as World;
  const reporter = new PlainReporter({ write: () => true }, () => 0);
  return rehearse(chapters, new Story(world, reporter, new AbortController().signal), async () => {});
}

describe('a rehearsal', () => {
  it('plays all chapters in their order, or those that are named', () => {
    assert.equal(chooseChapters([]), CHAPTERS);
    assert.deepEqual(
      chooseChapters(['drift', 'promotion']).map(({ id }) => id),
      ['promotion', 'drift'],
    );
    assert.throws(() => chooseChapters(['drift', 'epilogue']), UsageError);
  });

  it('ends with what happened, and with what was not rehearsed', async () => {
    const { exitCode, text, document } = await tell(happens);
    assert.equal(exitCode, 0);
    assert.match(text, /The first[\s\S]*something happened[\s\S]*Not rehearsed:\n {2}actions of the marketplace/);
    assert.deepEqual(document['chapters'], ['first']);
  });

  it('that fails tells what had happened, and why it ended there', async () => {
    const { exitCode, text, document, cause } = await tell(happens, fails, never);
    assert.equal(exitCode, 1);
    assert.deepEqual(document['chapters'], ['first']);
    assert.match(text, /something happened/);
    assert.match(text, /The second: expected dev to be there\.\nit is not$/);
    assert.equal(cause?.code, 'REHEARSAL_FAILED');
  });

  it('in which something of its own breaks is no result', async () => {
    const broken = chapter('broken', () => Promise.reject(new TypeError('x is not a function')));
    await assert.rejects(tell(broken), TypeError);
  });
});
