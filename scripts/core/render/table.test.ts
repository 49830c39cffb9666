import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { renderMarkdownTable, renderTable } from './table.ts';

describe('renderTable', () => {
  it('aligns cells and holds no control characters', () => {
    const text = renderTable({
      head: ['environment', 'stacks'],
      rows: [
        ['dev', '7'],
        ['prod', '7'],
      ],
    });
    assert.match(text, /│ environment │ stacks │/);
    assert.match(text, /│ prod {8}│ 7 {6}│/);
    assert.ok(!text.includes('\u001b'));
  });
});

describe('renderMarkdownTable', () => {
  it('keeps a cell a cell, whatever it holds', () => {
    assert.equal(
      renderMarkdownTable({ head: ['a', 'b'], rows: [['x|y\nz', '<b>\\']] }),
      '| a | b |\n| --- | --- |\n| x\\|y<br>z | &lt;b>\\\\ |',
    );
  });
});
