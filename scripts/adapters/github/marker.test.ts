/** What is written into a text is read back from it, and from nothing else. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { bears, compose, isNewer, merge, recall, sameText } from './marker.ts';

const MARKER = '<!-- gitops: plan -->';

describe('a marked text', () => {
  it('bears its marker and gives back what was remembered, whatever the text', () => {
    const remembered = fc.record({ replacedVersions: fc.nat(), sequence: fc.nat() });
    fc.assert(
      fc.property(fc.string(), remembered, (text, memory) => {
        const composed = compose(MARKER, text, memory);
        assert.ok(bears(composed, MARKER));
        assert.deepEqual(recall(composed), { ...memory });
      }),
    );
  });

  it('keeps a marker that is there already', () => {
    const composed = compose(MARKER, `${MARKER}\ntext`, { replacedVersions: 2 });
    assert.equal(composed, `${MARKER}\ntext\n<!-- gitops-memory {"replacedVersions":2} -->`);
  });

  it('is known with the line ends GitHub may give it', () => {
    const composed = compose(MARKER, 'text', { replacedVersions: 3 }).replaceAll('\n', '\r\n');
    assert.ok(bears(composed, MARKER));
    assert.equal(recall(composed).replacedVersions, 3);
    assert.ok(sameText(composed, compose(MARKER, 'text', { replacedVersions: 3 })));
  });
});

describe('not believed is', () => {
  it('a marker anywhere but in the first line', () => {
    assert.equal(bears(`> quoted\n${MARKER}`, MARKER), false);
    assert.equal(bears(` ${MARKER}`, MARKER), false);
    assert.equal(bears(undefined, MARKER), false);
  });

  it('a memory quoted in the middle of a text', () => {
    const forged = `${MARKER}\n<!-- gitops-memory {"replacedVersions":999} -->\nmore`;
    assert.deepEqual(recall(forged), { replacedVersions: 0 });
    assert.deepEqual(recall(compose(MARKER, forged, { replacedVersions: 1 })), { replacedVersions: 1 });
  });

  for (const broken of ['{', '{"replacedVersions":-1}', '{"replacedVersions":"7","sequence":1.5}', '{}']) {
    it(`a memory somebody broke: ${broken}`, () => {
      assert.deepEqual(recall(`${MARKER}\n<!-- gitops-memory ${broken} -->`), { replacedVersions: 0 });
    });
  }
});

describe('several texts', () => {
  it('count as one that replaced the others', () => {
    assert.equal(merge([]), undefined);
    assert.deepEqual(merge([{ replacedVersions: 3 }]), { replacedVersions: 3 });
    // Four versions and one version: the next one replaces five, the last of them having replaced four.
    assert.deepEqual(merge([{ replacedVersions: 3 }, { replacedVersions: 0 }]), { replacedVersions: 4 });
  });

  it('are newer by their sequence alone', () => {
    assert.equal(isNewer({ replacedVersions: 0, sequence: 8 }, 7), true);
    assert.equal(isNewer({ replacedVersions: 0, sequence: 7 }, 7), false);
    assert.equal(isNewer({ replacedVersions: 0 }, 7), false);
    assert.equal(isNewer({ replacedVersions: 0, sequence: 8 }, undefined), false);
  });
});
