import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findRoute } from './find-route.ts';

test('finds the three routes', () => {
  assert.deepEqual(findRoute('POST', '/orders'), { kind: 'found', action: 'take-order' });
  assert.deepEqual(findRoute('GET', '/orders/{orderId}'), { kind: 'found', action: 'read-order' });
  assert.deepEqual(findRoute('GET', '/health'), { kind: 'found', action: 'report-health' });
});

test('tells an unknown resource from a wrong method', () => {
  for (const resource of ['/', '/orders/', '/order', '/{proxy+}', 'toString', '__proto__']) {
    assert.deepEqual(findRoute('GET', resource), { kind: 'not-found' }, resource);
  }
  assert.deepEqual(findRoute('DELETE', '/orders/{orderId}'), { kind: 'method-not-allowed', allowed: ['GET'] });
  assert.deepEqual(findRoute('GET', '/orders'), { kind: 'method-not-allowed', allowed: ['POST'] });
  assert.deepEqual(findRoute('toString', '/health'), { kind: 'method-not-allowed', allowed: ['GET'] });
});
