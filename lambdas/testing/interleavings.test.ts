import assert from 'node:assert/strict';
import { test } from 'node:test';
import { exploreInterleavings, type Gate } from './interleavings.ts';

const writer =
  (name: string, steps: number, trail: string[]) =>
  async (gate: Gate): Promise<void> => {
    for (let step = 0; step < steps; step += 1) {
      await gate();
      trail.push(name);
    }
  };

test('takes every order once', async () => {
  const seen: string[] = [];
  const runs = await exploreInterleavings(() => {
    const trail: string[] = [];
    return {
      tasks: [writer('a', 2, trail), writer('b', 2, trail), writer('c', 1, trail)],
      assess: () => void seen.push(trail.join('')),
    };
  });
  // 5! / (2! 2! 1!)
  assert.equal(runs, 30);
  assert.equal(new Set(seen).size, 30);
});

test('finds a lost update', async () => {
  const results = new Set<number>();
  await exploreInterleavings(() => {
    let counter = 0;
    const increment = async (gate: Gate): Promise<void> => {
      await gate();
      const read = counter;
      await gate();
      counter = read + 1;
    };
    return { tasks: [increment, increment], assess: () => void results.add(counter) };
  });
  assert.deepEqual([...results].toSorted(), [1, 2]);
});

test('passes on what a task or an assessment throws', async () => {
  const failing = async (gate: Gate): Promise<void> => {
    await gate();
    throw new Error('in the task');
  };
  await assert.rejects(
    exploreInterleavings(() => ({ tasks: [failing], assess: () => undefined })),
    /in the task/,
  );
  await assert.rejects(
    exploreInterleavings(() => ({ tasks: [], assess: () => assert.fail('in the assessment') })),
    /in the assessment/,
  );
});
