/** What counts come to: nothing that is unknown is called complete. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { conclude } from './conclusion.ts';

describe('a conclusion', () => {
  for (const [pass, fail, unknown, expected] of [
    [2, 0, 0, 'complete ✅ nothing is missing, 2 of 2 checks passed'],
    [2, 0, 1, 'unknown ❔ nothing found missing, 1 unknown, 2 of 3 checks passed'],
    [0, 0, 1, 'unknown ❔ nothing found missing, 1 unknown, 0 of 1 checks passed'],
    [2, 1, 0, 'missing ❌ something is missing, 1 failed, 2 of 3 checks passed'],
    [0, 1, 3, 'missing ❌ something is missing, 1 failed, 3 unknown, 0 of 4 checks passed'],
    [0, 0, 0, 'unknown ❔ nothing was looked at, 0 of 0 checks passed'],
  ] as const) {
    it(`of ${pass} passed, ${fail} failed, ${unknown} unknown is: ${expected}`, () => {
      const { conclusion, headline } = conclude({ pass, fail, unknown });
      assert.equal(`${conclusion} ${headline.mark} ${headline.text}`, expected);
    });
  }
});
