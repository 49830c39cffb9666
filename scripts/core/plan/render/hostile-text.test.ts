/**
 * Whatever a plan's texts hold, the comment stays one comment within its limit: it mentions nobody, links nowhere and
 * nothing of theirs becomes markup. Read as GitHub reads it: by a parser of its Markdown, and its HTML as a browser's.
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { type DefaultTreeAdapterTypes, parseFragment } from 'parse5';
import { assertHarmless, htmlOf } from '../../../testing/harmless-markdown.ts';
import { hostileConfig, hostilePlan, hostileText } from '../../../testing/hostile-plans.ts';
import { COMMENT_LIMIT, COMMENT_MARKER, renderComment } from './comment.ts';
import { renderPlain } from './plain.ts';
import { code, sentence, visible } from './safe-text.ts';

type Node = DefaultTreeAdapterTypes.Node;

describe('a comment of hostile plans', () => {
  it('is one comment within the limit, and harmless', () => {
    fc.assert(
      fc.property(
        fc.array(hostilePlan, { minLength: 1, maxLength: 3 }),
        fc.array(hostileConfig, { maxLength: 2 }),
        hostileText,
        (plans, configChanges, text) => {
          const rendered = renderComment({
            plans,
            configChanges,
            commit: text,
            time: new Date(0),
            replacedVersions: 1,
            summaryUrl: text,
            unplanned: [{ environment: text, reason: text }],
          });
          assert.ok(rendered.text.length <= COMMENT_LIMIT, `${rendered.text.length} characters`);
          assert.ok(rendered.text.startsWith(`${COMMENT_MARKER}\n`));
          assert.equal(rendered.text.split(COMMENT_MARKER).length, 2);
          assert.doesNotMatch(rendered.text, /\p{Surrogate}/u);
          assertHarmless(rendered.text, { comments: [COMMENT_MARKER.slice(4, -3)] });
        },
      ),
      { numRuns: 150, includeErrorInReport: true },
    );
  });

  it('prints no control character on a terminal', () => {
    fc.assert(
      fc.property(hostilePlan, hostileConfig, (one, two) => {
        const { text } = renderPlain({ plans: [one], configChanges: [two] });
        // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
        assert.doesNotMatch(text, /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069\u200b]/);
      }),
      { numRuns: 100 },
    );
  });
});

describe('one text', () => {
  it('as code reads back as it was, in running text and in a cell', () => {
    fc.assert(
      fc.property(hostileText, (text) => {
        const span = code(text, 1_000_000);
        for (const markdown of [`- x ${span} y`, `| a | b |\n| --- | --- |\n| ${span} | end |`]) {
          const html = parseFragment(htmlOf(markdown));
          const codes: string[] = [];
          const cells: string[] = [];
          const walk = (node: Node): void => {
            if (node.nodeName === 'code')
              codes.push(
                'childNodes' in node
                  ? node.childNodes.map((child) => ('value' in child ? child.value : '')).join('')
                  : '',
              );
            if (node.nodeName === 'td') cells.push('td');
            if ('childNodes' in node) for (const child of node.childNodes) walk(child);
          };
          walk(html);
          const shown = visible(text);
          const [only = '', ...others] = codes;
          assert.deepEqual(others, []);
          assert.equal(only.replace(/[\u2068\u2069]/g, '').trim(), (shown === '' ? '(empty)' : shown).trim());
          if (markdown.startsWith('|')) assert.equal(cells.length, 2);
        }
      }),
      { numRuns: 200 },
    );
  });

  it('in a sentence is told from our own words', () => {
    assert.equal(sentence('It is `a|b` now.'), 'It is <code>a&#124;b</code> now.');
    assert.equal(
      sentence('ask @team, see https://evil.example or www.evil.example #1'),
      'ask  team, see https:  evil.example or www evil.example  1',
    );
  });
});
