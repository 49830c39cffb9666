import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { criticalPath, type TimedTask } from './critical-path.ts';

const task = (id: string, after: string[], startedAt: number, endedAt: number): TimedTask => ({
  id,
  after,
  startedAt,
  endedAt,
});

describe('criticalPath', () => {
  it('follows whatever ended last, and shows the waiting between', () => {
    const path = criticalPath([
      task('dev', [], 0, 100),
      task('staging', ['dev'], 100, 400),
      task('staging-eu', ['dev'], 100, 300),
      task('prod', ['staging'], 900, 1_000),
      task('prod-eu', ['staging-eu'], 300, 700),
    ]);
    assert.deepEqual(path, {
      steps: [
        { id: 'dev', milliseconds: 100, waitedMilliseconds: 0 },
        { id: 'staging', milliseconds: 300, waitedMilliseconds: 0 },
        { id: 'prod', milliseconds: 100, waitedMilliseconds: 500 },
      ],
      milliseconds: 1_000,
    });
  });
  it('passes over what was not timed, and is empty without tasks', () => {
    assert.deepEqual(
      criticalPath([task('api', ['lambda'], 5, 9)]).steps.map(({ id }) => id),
      ['api'],
    );
    assert.deepEqual(criticalPath([]), { steps: [], milliseconds: 0 });
  });
  it('ends, and its steps and waits fill the time to the last end', () => {
    const tasks = fc.array(
      fc.record({ after: fc.array(fc.nat(20), { maxLength: 3 }), wait: fc.nat(50), long: fc.nat(50) }),
      { minLength: 1, maxLength: 20 },
    );
    fc.assert(
      fc.property(tasks, (drawn) => {
        const timed: TimedTask[] = [];
        for (const [index, { after, wait, long }] of drawn.entries()) {
          const before = timed.filter((_, earlier) => after.includes(earlier));
          const startedAt = Math.max(0, ...before.map(({ endedAt }) => endedAt)) + wait;
          timed.push(
            task(
              String(index),
              before.map(({ id }) => id),
              startedAt,
              startedAt + long,
            ),
          );
        }
        const { steps } = criticalPath(timed);
        const first = timed.find(({ id }) => id === steps[0]?.id);
        const sum = steps.reduce(
          (total, step) => total + step.milliseconds + step.waitedMilliseconds,
          first?.startedAt ?? 0,
        );
        assert.equal(sum, Math.max(...timed.map(({ endedAt }) => endedAt)));
      }),
    );
  });
});
