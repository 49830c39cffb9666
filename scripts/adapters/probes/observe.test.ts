import assert from 'node:assert/strict';
import { test } from 'node:test';
import { observe, observeOptional } from './observe.ts';

const failing =
  (name: string, message = 'words') =>
  async (): Promise<never> => {
    throw Object.assign(new Error(message), { name });
  };

test('an answer is observed', async () => {
  assert.deepEqual(await observe(async () => 7), { state: 'observed', value: 7 });
});

test('"there is no such thing" is missing, however a service says it', async () => {
  for (const name of [
    'ResourceNotFoundException',
    'NotFoundException',
    'NoSuchBucket',
    'NoSuchEntityException',
    'QueueDoesNotExist',
    'AWS.SimpleQueueService.NonExistentQueue',
    'ParameterNotFound',
    'InvalidVpcID.NotFound',
  ]) {
    assert.deepEqual(await observe(failing(name)), { state: 'missing' }, name);
  }
  assert.deepEqual(await observe(failing('ValidationError', 'Stack with id x does not exist')), { state: 'missing' });
});

test('everything else is unanswered with its reason: throttled, refused, not supported, unreachable', async () => {
  for (const [name, message] of [
    ['ThrottlingException', 'Rate exceeded'],
    ['AccessDeniedException', 'not authorized'],
    ['InvalidAction', 'not supported'],
    ['ValidationError', 'the template is wrong'],
  ] as const) {
    assert.deepEqual(await observe(failing(name, message)), { state: 'unanswered', reason: `${name}: ${message}` });
  }
  const refused = new AggregateError([new Error('connect ECONNREFUSED 127.0.0.1:1')]);
  const observation = await observe(() => Promise.reject(refused));
  assert.match(observation.state === 'unanswered' ? observation.reason : '', /ECONNREFUSED/);
});

test('a setting that was never made is observed as absent; other errors stay what they are', async () => {
  const absent = ['NoSuchLifecycleConfiguration'];
  assert.deepEqual(await observeOptional(absent, failing('NoSuchLifecycleConfiguration')), {
    state: 'observed',
    value: undefined,
  });
  assert.deepEqual(await observeOptional(absent, failing('NoSuchBucket')), { state: 'missing' });
});
