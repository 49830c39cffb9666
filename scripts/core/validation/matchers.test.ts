import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  atMost,
  between,
  canonical,
  exactly,
  including,
  includingEntries,
  type Matcher,
  none,
  oneOf,
  sameMembers,
  satisfying,
} from './matchers.ts';

/** Values that match, and values that do not. */
const cases: readonly [name: string, Matcher, yes: readonly unknown[], no: readonly unknown[]][] = [
  ['exactly a number', exactly(512), [512], [1024, '512', null]],
  ['exactly an object, whatever the order of keys', exactly({ a: 1, b: 2 }), [{ b: 2, a: 1 }], [{ a: 1 }, [1, 2]]],
  ['exactly a list, in its order', exactly([1, 2]), [[1, 2]], [[2, 1], [1]]],
  ['same members', sameMembers(['a', 'b', 'b']), [['b', 'a', 'b']], [['a', 'b'], ['a', 'b', 'c'], 'ab', null]],
  ['none', none('rules'), [[]], [['in tcp 22'], null]],
  ['between, bounds included', between(25, 250), [25, 60, 250], [24, 251, '60', null]],
  ['at most', atMost(3), [0, 3], [4, null]],
  ['including', including(['a', { b: 1 }]), [['a', { b: 1 }, 'c']], [['a'], 'a']],
  ['including entries', includingEntries({ a: '1' }), [{ a: '1', b: '2' }], [{ a: '2' }, {}, null]],
  ['one of', oneOf(['x', 'y']), ['x', 'y'], ['z', null]],
  ['satisfying', satisfying('even', (value) => Number(value) % 2 === 0), [2], [3]],
];

for (const [name, matcher, yes, no] of cases) {
  test(name, () => {
    for (const value of yes) assert.equal(matcher.matches(value), true, `${canonical(value)} should match`);
    for (const value of no) assert.equal(matcher.matches(value), false, `${canonical(value)} should not match`);
  });
}

test('matchers say what they expect in words people read', () => {
  assert.equal(between(25, 250).expected, '25 to 250');
  assert.equal(none('rules').expected, 'no rules');
  assert.equal(oneOf(['x', 'y']).expected, 'one of x, y');
  assert.equal(oneOf(['x']).expected, 'x');
});

test('canonical drops what is undefined and sorts keys at every depth', () => {
  assert.equal(canonical({ b: { d: undefined, c: 1 }, a: [{ z: 1, y: 2 }] }), '{"a":[{"y":2,"z":1}],"b":{"c":1}}');
  assert.equal(canonical(undefined), 'undefined');
});
