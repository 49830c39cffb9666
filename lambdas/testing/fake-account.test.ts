import assert from 'node:assert/strict';
import { test } from 'node:test';
import { describeAccount } from './account-contract.ts';
import { makeFakeAccount } from './fake-account.ts';
import { makeFakeTelemetry } from './fake-telemetry.ts';

describeAccount('fake account', () => makeFakeAccount().connect());

test('a message arrives as Lambda gets it', async () => {
  const account = makeFakeAccount();
  await account.connect().queue.send('order-1', 'correlation-1');
  const [message] = account.messages;
  assert.equal(message?.body, '{"orderId":"order-1"}');
  assert.equal(message?.messageAttributes['correlationId']?.stringValue, 'correlation-1');
  account.deleteMessage(message?.messageId ?? '');
  assert.equal(account.messages.length, 0);
});

test('a refused operation does nothing; one whose answer is lost is done', async () => {
  const account = makeFakeAccount();
  const lose = () => {
    throw new Error('lost');
  };
  await assert.rejects(account.connect({ before: lose }).queue.send('order-1', 'c'), /lost/);
  assert.equal(account.messages.length, 0);
  await assert.rejects(account.connect({ after: lose }).queue.send('order-1', 'c'), /lost/);
  assert.equal(account.messages.length, 1);
});

test('the fake telemetry remembers lines with the keys of their logger', () => {
  const { log, meter, lines, counted } = makeFakeTelemetry();
  const child = log.child({ correlationId: 'c' });
  child.child({ orderId: 'o' }).info('in');
  child.error('failed', 'why');
  meter.count('OrdersAccepted');
  assert.deepEqual(lines, [
    { level: 'info', message: 'in', keys: { correlationId: 'c', orderId: 'o' } },
    { level: 'error', message: 'failed', keys: { correlationId: 'c' }, error: 'why' },
  ]);
  assert.deepEqual(counted, ['OrdersAccepted']);
});
