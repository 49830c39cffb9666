import assert from 'node:assert/strict';
import { test } from 'node:test';
import { agreesWithTemplate, readable, resolveTemplateValue } from './template-values.ts';

const references = {
  'AWS::Partition': 'aws',
  'AWS::Region': 'us-east-1',
  Queue: 'https://sqs/q',
  Parameter: 'orders-dev',
};
/** As a template writes it. */
const variable = (name: string): string => `\${${name}}`;
const agrees = (template: unknown, live: unknown): boolean =>
  agreesWithTemplate(resolveTemplateValue(template, references), live);

test('references, joins and substitutions are resolved', () => {
  assert.ok(agrees({ Ref: 'Queue' }, 'https://sqs/q'));
  assert.ok(agrees({ 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':x']] }, 'arn:aws:x'));
  assert.ok(agrees({ 'Fn::Sub': `table/${variable('Parameter')}` }, 'table/orders-dev'));
  assert.ok(
    agrees(
      { 'Fn::Sub': [`${variable('own')}/${variable('Parameter')}`, { own: { Ref: 'AWS::Region' } }] },
      'us-east-1/orders-dev',
    ),
  );
  assert.ok(!agrees({ Ref: 'Queue' }, 'https://sqs/other'));
});

test('what only CloudFormation knows may be anything, and what stands around it may not', () => {
  const template = { 'Fn::Join': ['', [{ 'Fn::GetAtt': ['Bucket', 'Arn'] }, '/trades/*']] };
  assert.ok(agrees(template, 'arn:aws:s3:::b/trades/*'));
  assert.ok(!agrees(template, 'arn:aws:s3:::b/other/*'));
  assert.ok(agrees({ Ref: 'NotInTheStack' }, 'anything'));
});

test('characters of a template are no pattern', () => {
  assert.ok(!agrees('a.c*', 'abccc'));
  assert.ok(agrees('a.c*', 'a.c*'));
});

test('one member and a list of one are the same; the order of lists is none', () => {
  assert.ok(agrees({ Action: 's3:GetObject' }, { Action: ['s3:GetObject'] }));
  assert.ok(agrees({ Action: ['a', 'b'] }, { Action: ['b', 'a'] }));
  assert.ok(agrees([{ a: 1 }], { a: 1 }));
  assert.ok(!agrees(['a', 'b'], ['a', 'a']));
  assert.ok(!agrees(['a'], ['a', 'b']));
});

test('a key more or less is a difference', () => {
  assert.ok(!agrees({ A: '1' }, { A: '1', B: '2' }));
  assert.ok(!agrees({ A: '1', B: '2' }, { A: '1' }));
  assert.ok(agrees({ A: 1, B: true }, { A: '1', B: 'true' }));
});

test('the report shows a star for what may be anything', () => {
  const resolved = resolveTemplateValue({ Resource: { 'Fn::GetAtt': ['Table', 'Arn'] } }, references);
  assert.deepEqual(readable(resolved), { Resource: '*' });
});
