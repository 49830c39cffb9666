import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { makeFleet } from './fleet.ts';
import { goldenStacks, readGolden } from './golden.ts';

const fleet = makeFleet();
const environments = [...new Set(fleet.map(({ environment }) => environment.name))];
// An environment that was just added has none: one JSON file is all it takes, and reviewing templates comes after.
const known = environments.filter((name) => goldenStacks(name).length > 0);

describe('golden templates', () => {
  it('are there at all', () => {
    assert.ok(known.length > 0, 'npm run golden writes them');
  });

  for (const name of known) {
    const stacks = fleet.filter(({ environment }) => environment.name === name);

    it(`are those of the stacks of ${name}`, () => {
      assert.deepEqual(goldenStacks(name), stacks.map(({ stack }) => stack.stackName).sort());
    });

    for (const one of stacks) {
      it(`show ${one.stack.stackName} of ${name} as it is`, () => {
        assert.deepEqual(one.template, readGolden(one), 'agree to the change by npm run golden, and review it');
      });
    }
  }
});
