import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { sqsRecord } from '../testing/events.ts';
import { correlationIdOf, MalformedMessageError, parseOrderId } from './parse-message.ts';

test('finds the order a message names, whatever else a newer release put in', () => {
  assert.equal(parseOrderId({ body: '{"orderId":"order-1"}' }), 'order-1');
  assert.equal(parseOrderId({ body: '{"orderId":"order-1","priority":1}' }), 'order-1');
});

test('refuses any other body, without quoting it', () => {
  const bodies = ['', 'poison-secret', 'null', '[]', '{}', '{"orderId":1}', '{"orderId":"a/secret"}', '{"orderId":""}'];
  for (const body of bodies) {
    assert.throws(
      () => parseOrderId({ body }),
      (error) => error instanceof MalformedMessageError && !error.message.includes('secret'),
      body,
    );
  }
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.json()), (body) => {
      try {
        assert.match(parseOrderId({ body }), /^[A-Za-z0-9._-]{1,64}$/);
      } catch (error) {
        assert.ok(error instanceof MalformedMessageError);
      }
    }),
  );
});

test('takes the correlation id of the message, or its message id', () => {
  const withAttribute = (stringValue: string) =>
    sqsRecord({ messageId: 'm', messageAttributes: { correlationId: { dataType: 'String', stringValue } } });
  assert.equal(correlationIdOf(withAttribute('correlation-1')), 'correlation-1');
  assert.equal(correlationIdOf(withAttribute('forged\nline')), 'm');
  assert.equal(correlationIdOf(sqsRecord({ messageId: 'm' })), 'm');
});
