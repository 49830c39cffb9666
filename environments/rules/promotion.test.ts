/** The order of promotion over any set of environments: refused exactly when it can't be followed. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { waves } from '../waves.ts';
import { checkOrder } from './promotion.ts';

const NAMES = ['a', 'b', 'c', 'd', 'e', 'f'];

/** Up to six environments, each after any name, itself or a stranger, or after null. */
const orders = fc
  .array(fc.option(fc.constantFrom(...NAMES), { nil: null }), { minLength: 1, maxLength: NAMES.length })
  .map((afters) => afters.map((after, index) => ({ name: NAMES[index] ?? '', promotion: { after } })));

const neighboursOf = (environments: { name: string; promotion: { after: string | null } }[]) =>
  environments.map(({ name, promotion }) => ({ fileName: name, draft: { name, promotion } }));

const findingsOf = (environments: { name: string; promotion: { after: string | null } }[]) => {
  const all = neighboursOf(environments);
  return all.flatMap((one) => checkOrder(one, all));
};

/** Follows `after` from one environment for as many steps as there are; true when it came to null. */
function startsSomewhere(name: string, environments: { name: string; promotion: { after: string | null } }[]): boolean {
  let next: string | null | undefined = name;
  for (let step = 0; step <= environments.length && typeof next === 'string'; step += 1) {
    const from: string = next;
    next = environments.find((environment) => environment.name === from)?.promotion.after;
  }
  return next === null;
}

test('an order has no finding exactly when every environment leads to a first one, and then it has waves', () => {
  fc.assert(
    fc.property(orders, (environments) => {
      const sound = environments.every(({ name }) => startsSomewhere(name, environments));

      assert.equal(findingsOf(environments).length === 0, sound);
      if (sound) assert.equal(waves(environments).flat().length, environments.length);
      else assert.throws(() => waves(environments), RangeError);
    }),
    { numRuns: 500 },
  );
});

test('without a first environment there is always a finding', () => {
  fc.assert(
    fc.property(orders, (environments) => {
      fc.pre(environments.every(({ promotion }) => promotion.after !== null));

      assert.ok(findingsOf(environments).length > 0);
    }),
  );
});

test('an environment that only leads into a cycle is not said to be in it', () => {
  const order = [
    { name: 'a', promotion: { after: 'b' } },
    { name: 'b', promotion: { after: 'a' } },
    { name: 'c', promotion: { after: 'a' } },
  ];
  const all = neighboursOf(order);

  assert.deepEqual(
    all.map((one) => checkOrder(one, all).length),
    [1, 1, 0],
  );
});
