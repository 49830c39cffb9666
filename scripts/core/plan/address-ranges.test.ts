import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { holdsRange, isVast, isWorld } from './address-ranges.ts';

describe('a range of addresses', () => {
  it('is the world by its bits, however it is written', () => {
    for (const range of ['0.0.0.0/0', '::/0', '0:0:0:0:0:0:0:0/0', '10.0.0.0/0']) assert.ok(isWorld(range), range);
    for (const range of ['0.0.0.0/1', '10.0.0.0/8', 'sg-1', '']) assert.ok(!isWorld(range), range);
  });

  it('is vast where it holds a great part of the internet', () => {
    for (const range of ['0.0.0.0/1', '128.0.0.0/1', '32.0.0.0/3', '2000::/3']) assert.ok(isVast(range), range);
    for (const range of ['10.0.0.0/8', '203.0.113.7/32', 'fd00::/16', '2001:db8::/32', 'pl-1'])
      assert.ok(!isVast(range), range);
  });

  it('holds what lies in it, of its own kind', () => {
    const rows: readonly (readonly [string, string, boolean])[] = [
      ['10.0.0.0/8', '10.1.0.0/16', true],
      ['10.1.0.0/16', '10.0.0.0/8', false],
      ['10.0.0.0/8', '11.0.0.0/16', false],
      ['0.0.0.0/0', '2001:db8::/32', false],
      ['::/0', '2001:db8::/32', true],
      ['sg-1', 'sg-1', true],
      ['sg-1', 'sg-2', false],
      ['0.0.0.0/0', 'sg-1', false],
    ];
    for (const [outer, inner, expected] of rows) assert.equal(holdsRange(outer, inner), expected, `${outer} ${inner}`);
  });

  it('holds itself, and never more than what holds it', () => {
    const range = fc.tuple(fc.ipV4(), fc.integer({ min: 0, max: 32 })).map(([address, bits]) => `${address}/${bits}`);
    fc.assert(
      fc.property(range, range, range, (a, b, c) => {
        assert.ok(holdsRange(a, a));
        if (holdsRange(a, b) && holdsRange(b, c)) assert.ok(holdsRange(a, c));
      }),
    );
  });
});
