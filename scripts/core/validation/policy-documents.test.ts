import assert from 'node:assert/strict';
import { test } from 'node:test';
import { admitsAnyone, admittedServices, deniesPlainTransport } from './policy-documents.ts';

const policy = (...Statement: object[]): string => JSON.stringify({ Version: '2012-10-17', Statement });
const tlsOnly = {
  Effect: 'Deny',
  Principal: { AWS: '*' },
  Action: 's3:*',
  Resource: ['arn:aws:s3:::b', 'arn:aws:s3:::b/*'],
  Condition: { Bool: { 'aws:SecureTransport': 'false' } },
};

test('a deny of all actions for everyone without TLS is TLS only', () => {
  assert.ok(deniesPlainTransport(policy(tlsOnly), 's3'));
  assert.ok(deniesPlainTransport(policy({ ...tlsOnly, Principal: '*', Action: ['s3:*'] }), 's3'));
});

test('anything less is not', () => {
  for (const weaker of [
    { ...tlsOnly, Effect: 'Allow' },
    { ...tlsOnly, Action: 's3:GetObject' },
    { ...tlsOnly, Principal: { AWS: 'arn:aws:iam::123456789012:root' } },
    { ...tlsOnly, Condition: { Bool: { 'aws:SecureTransport': 'true' } } },
    { ...tlsOnly, Condition: undefined },
  ]) {
    assert.ok(!deniesPlainTransport(policy(weaker), 's3'), JSON.stringify(weaker));
  }
  assert.ok(!deniesPlainTransport(policy(tlsOnly), 'sqs'));
  assert.ok(!deniesPlainTransport(undefined, 's3'));
});

test('services that are allowed in are named once, sorted', () => {
  const allow = (Service: string | string[]) => ({ Effect: 'Allow', Principal: { Service } });
  assert.deepEqual(
    admittedServices(policy(allow(['events.amazonaws.com', 'a.amazonaws.com']), allow('events.amazonaws.com'))),
    ['a.amazonaws.com', 'events.amazonaws.com'],
  );
  assert.deepEqual(admittedServices(policy({ ...allow('events.amazonaws.com'), Effect: 'Deny' })), []);
});

test('everyone without a condition is anyone', () => {
  assert.ok(admitsAnyone(policy({ Effect: 'Allow', Principal: '*' })));
  assert.ok(admitsAnyone(policy({ Effect: 'Allow', Principal: { AWS: '*' }, Condition: {} })));
  assert.ok(!admitsAnyone(policy({ Effect: 'Allow', Principal: '*', Condition: { StringEquals: { a: 'b' } } })));
  assert.ok(!admitsAnyone(policy(tlsOnly)));
});
