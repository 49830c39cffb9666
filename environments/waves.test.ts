/** Waves: depths of the tree of `after`. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { predecessor, waves } from './waves.ts';

const environment = (name: string, after: string | null) => ({ name, promotion: { after } });
const namesOf = (list: { name: string }[][]) => list.map((wave) => wave.map(({ name }) => name));

test('environments after the same one share a wave, as do those of the same depth', () => {
  const all = [
    environment('prod-eu', 'staging-eu'),
    environment('staging', 'dev'),
    environment('prod', 'staging'),
    environment('dev', null),
    environment('staging-eu', 'dev'),
    environment('sandbox', null),
  ];

  assert.deepEqual(namesOf(waves(all)), [
    ['dev', 'sandbox'],
    ['staging', 'staging-eu'],
    ['prod', 'prod-eu'],
  ]);
  assert.equal(predecessor(environment('prod-eu', 'staging-eu'), all)?.name, 'staging-eu');
  assert.equal(predecessor(environment('dev', null), all), undefined);
});

test('no environments have no waves', () => {
  assert.deepEqual(waves([]), []);
});

test('a predecessor that is not among them is an error, not a first wave', () => {
  assert.throws(() => waves([environment('prod', 'staging')]), /prod comes after staging/);
});

/** Any forest in any order: each environment comes after an earlier one or after none. */
const forests = fc
  .array(fc.nat(), { minLength: 1, maxLength: 12 })
  .map((numbers) =>
    numbers.map((number, index) =>
      environment(`e${index}`, number % (index + 1) === index ? null : `e${number % (index + 1)}`),
    ),
  )
  .chain((list) => fc.shuffledSubarray(list, { minLength: list.length }));

test('each environment is in one wave, right after the wave of its predecessor, whatever order they are given in', () => {
  fc.assert(
    fc.property(forests, (all) => {
      const order = waves(all);
      const waveOf = new Map(order.flatMap((wave, index) => wave.map(({ name }) => [name, index] as const)));

      assert.equal(order.flat().length, all.length);
      assert.equal(waveOf.size, all.length);
      for (const { name, promotion } of all) {
        const before = promotion.after === null ? -1 : waveOf.get(promotion.after);
        assert.equal(waveOf.get(name), (before ?? Number.NaN) + 1);
      }
      for (const wave of namesOf(order)) assert.deepEqual(wave, wave.toSorted());
    }),
  );
});
