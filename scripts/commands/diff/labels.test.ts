import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ALLOW_DESTRUCTIVE, mayLoseData, readLabels } from './labels.ts';

describe('labels of a pull request', () => {
  it('are read as GitHub Actions gives them', () => {
    assert.deepEqual(readLabels('[\n  "bug",\n  "allow-destructive"\n]'), ['bug', ALLOW_DESTRUCTIVE]);
    assert.deepEqual(readLabels('[]'), []);
  });

  it('are whole names: one that only holds the word allows nothing', () => {
    assert.ok(!readLabels('["x,allow-destructive", "not-allow-destructive"]').includes(ALLOW_DESTRUCTIVE));
  });

  for (const wrong of ['', '{', 'null', '"allow-destructive"', '[1]', '{"0":"x"}']) {
    it(`are not ${JSON.stringify(wrong)}`, () => assert.throws(() => readLabels(wrong), { code: 'USAGE' }));
  }

  it('and the option each let a plan lose data', () => {
    assert.equal(mayLoseData({ allowDestructive: false, labels: ['bug'] }), false);
    assert.equal(mayLoseData({ allowDestructive: true, labels: [] }), true);
    assert.equal(mayLoseData({ allowDestructive: false, labels: [ALLOW_DESTRUCTIVE] }), true);
  });
});
