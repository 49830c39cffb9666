/** The order stacks are worked on in, and what happens to the rest when one fails. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import fc from 'fast-check';
import type { StackResult } from '../../core/deployment/stack-result.ts';
import { inDependencyOrder } from './in-dependency-order.ts';

const STACKS = [
  { name: 'vpc', dependencies: [] },
  { name: 'table', dependencies: [] },
  { name: 'lambda', dependencies: ['vpc', 'table'] },
  { name: 'api', dependencies: ['lambda'] },
];

const created = (stack: string): StackResult => ({ stack, status: 'created', seconds: 1 });
const failed = (stack: string): StackResult => ({ stack, status: 'failed', reason: 'no', seconds: 1 });

describe('inDependencyOrder', () => {
  it('starts a stack when all it depends on is there, and those that wait for nothing side by side', async () => {
    const log: string[] = [];
    const results = await inDependencyOrder(STACKS, 8, async (name) => {
      log.push(`+${name}`);
      await turn();
      log.push(`-${name}`);
      return created(name);
    });
    assert.deepEqual(log, ['+vpc', '+table', '-vpc', '-table', '+lambda', '-lambda', '+api', '-api']);
    assert.deepEqual(
      results.map(({ stack }) => stack),
      ['vpc', 'table', 'lambda', 'api'],
    );
  });

  it('starts nothing after a failure, waits for what runs, and says what was not started and why', async () => {
    let ended = false;
    const results = await inDependencyOrder(STACKS, 8, async (name) => {
      if (name === 'vpc') return failed(name);
      await turn();
      ended = true;
      return created(name);
    });
    assert.ok(ended);
    assert.deepEqual(
      results.map(({ stack, status }) => [stack, status]),
      [
        ['vpc', 'failed'],
        ['table', 'created'],
        ['lambda', 'skipped'],
        ['api', 'skipped'],
      ],
    );
    assert.equal(results[3]?.reason, 'not started, because vpc failed');
  });

  it('waits for no stack that is not among those given', async () => {
    const results = await inDependencyOrder([{ name: 'api', dependencies: ['lambda'] }], 1, async (name) =>
      created(name),
    );
    assert.equal(results[0]?.status, 'created');
  });

  it('never works on more stacks than allowed, nor on one before its dependencies, whatever the graph', async () => {
    const graphs = fc.array(fc.array(fc.nat(20), { maxLength: 4 }), { minLength: 1, maxLength: 12 }).map((edges) =>
      edges.map((to, index) => ({
        name: `s${index}`,
        dependencies: [...new Set(to.filter((target) => target < index).map((target) => `s${target}`))],
      })),
    );
    await fc.assert(
      fc.asyncProperty(graphs, fc.integer({ min: 1, max: 4 }), fc.option(fc.nat(11)), async (stacks, limit, bad) => {
        const done = new Set<string>();
        let running = 0;
        const results = await inDependencyOrder(stacks, limit, async (name) => {
          running += 1;
          assert.ok(running <= limit);
          for (const dependency of stacks.find((stack) => stack.name === name)?.dependencies ?? []) {
            assert.ok(done.has(dependency));
          }
          await turn();
          running -= 1;
          if (name === `s${bad}`) return failed(name);
          done.add(name);
          return created(name);
        });
        assert.equal(results.length, stacks.length);
        if (results.every(({ status }) => status !== 'failed')) assert.equal(done.size, stacks.length);
      }),
      { numRuns: 60 },
    );
  });
});
