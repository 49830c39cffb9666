import assert from 'node:assert/strict';
import { test } from 'node:test';
import { attributesOf } from './template-attributes.ts';
import { isUnknownValue, resolveTemplateValue } from './template-values.ts';

const PLACE = { partition: 'aws', region: 'us-east-1', account: '123456789012' };
const references = {
  List: 'a,b,c',
  ...attributesOf(
    [
      { type: 'AWS::SQS::Queue', logicalId: 'Queue', physicalId: 'https://sqs.us-east-1.amazonaws.com/123456789012/q' },
      { type: 'AWS::Logs::LogGroup', logicalId: 'Logs', physicalId: '/aws/lambda/f' },
      { type: 'AWS::Lambda::Version', logicalId: 'Version', physicalId: 'arn:aws:lambda:us-east-1:1:function:f:7' },
      { type: 'AWS::IAM::Role', logicalId: 'Role', physicalId: 'r' },
      { type: 'AWS::KMS::Key', logicalId: 'Lost', physicalId: '' },
    ],
    PLACE,
  ),
};
const attribute = (logicalId: string, name: string): unknown =>
  resolveTemplateValue({ 'Fn::GetAtt': [logicalId, name] }, references);

test('attributes are made of physical ids', () => {
  assert.deepEqual(
    [attribute('Queue', 'Arn'), attribute('Logs', 'Arn'), attribute('Version', 'Version'), attribute('Role', 'Arn')],
    [
      'arn:aws:sqs:us-east-1:123456789012:q',
      'arn:aws:logs:us-east-1:123456789012:log-group:/aws/lambda/f:*',
      '7',
      'arn:aws:iam::123456789012:role/r',
    ],
  );
});

test('what nobody can work out stays unknown', () => {
  for (const [id, name] of [
    ['Lost', 'Arn'],
    ['Role', 'RoleId'],
    ['Elsewhere', 'Arn'],
  ] as const) {
    assert.ok(isUnknownValue(attribute(id, name)), `${id}.${name}`);
  }
});

test('members of lists that are written as one text are picked', () => {
  const second = { 'Fn::Select': [1, { 'Fn::Split': [',', { Ref: 'List' }] }] };
  assert.equal(resolveTemplateValue(second, references), 'b');
  assert.ok(isUnknownValue(resolveTemplateValue({ 'Fn::Select': [9, { 'Fn::Split': [',', 'a'] }] }, references)));
  assert.ok(isUnknownValue(resolveTemplateValue({ 'Fn::Split': [',', { Ref: 'Nobody' }] }, references)));
});
