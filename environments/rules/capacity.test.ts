/** Rules between fields at their borders, where one more or one less decides. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkCapacity } from './capacity.ts';

const queue = { retentionDays: 1, visibilityTimeoutSeconds: 8_640, maxReceiveCount: 9 };

test('the receives of a message end before it expires', () => {
  assert.deepEqual(checkCapacity({ queue }), []);

  const [finding] = checkCapacity({ queue: { ...queue, maxReceiveCount: 10 } });
  assert.deepEqual(finding?.path, ['queue', 'maxReceiveCount']);
  assert.match(finding.allowed, /^at most 9,/);
});

test('a rule whose values are not all there says nothing', () => {
  assert.deepEqual(checkCapacity({}), []);
  assert.deepEqual(checkCapacity({ queue: { visibilityTimeoutSeconds: 0 } }), []);
  assert.deepEqual(checkCapacity({ functions: { timeoutSeconds: 900 } }), []);
  assert.deepEqual(checkCapacity({ table: { autoScaling: { maxReadCapacity: 1 }, writeCapacity: 9 } }), []);
  assert.deepEqual(checkCapacity({ api: { throttle: { burst: 1 } } }), []);
});

test('the visibility timeout may be exactly six times the function timeout', () => {
  const functions = { timeoutSeconds: 900 };

  assert.deepEqual(checkCapacity({ functions, queue: { visibilityTimeoutSeconds: 5_400 } }), []);
  assert.equal(checkCapacity({ functions, queue: { visibilityTimeoutSeconds: 5_399 } }).length, 1);
});

test('the burst may be exactly half of the rate', () => {
  assert.deepEqual(checkCapacity({ api: { throttle: { requestsPerSecond: 10_000, burst: 5_000 } } }), []);
  assert.equal(checkCapacity({ api: { throttle: { requestsPerSecond: 101, burst: 50 } } }).length, 1);
});

test('the upper bound of auto-scaling may equal the lower one', () => {
  const bounds = (most: number) => ({
    table: {
      readCapacity: 25,
      writeCapacity: 25,
      autoScaling: { maxReadCapacity: most, maxWriteCapacity: most },
    },
  });

  assert.deepEqual(checkCapacity(bounds(25)), []);
  assert.equal(checkCapacity(bounds(24)).length, 2);
});
