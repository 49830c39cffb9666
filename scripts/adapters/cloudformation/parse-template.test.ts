/** Templates as people and CDK write them, read to the same thing. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseTemplate } from './parse-template.ts';

const only = (value: string): unknown => {
  const { Resources = {} } = parseTemplate(
    `Resources:\n  One:\n    Type: AWS::SNS::Topic\n    Properties:\n      P: ${value}\n`,
  );
  return Resources['One']?.Properties?.['P'];
};

describe('YAML', () => {
  it('is read to what the same template is as JSON', () => {
    const yaml = `
AWSTemplateFormatVersion: 2010-09-09
Parameters:
  Stage: { Type: String, Default: yes }
Conditions:
  IsDev: !Equals [!Ref Stage, dev]
Resources:
  Queue:
    Type: AWS::SQS::Queue
    Condition: IsDev
    Properties:
      QueueName: !Sub order-queue-\${Stage}
      VisibilityTimeout: 180
      RedrivePolicy:
        deadLetterTargetArn: !GetAtt Dead.Arn
        maxReceiveCount: 5
  Dead:
    Type: AWS::SQS::Queue
    Properties:
      Tags:
        - Key: on
          Value: "012"
`;
    assert.deepEqual(parseTemplate(yaml), {
      AWSTemplateFormatVersion: '2010-09-09',
      Parameters: { Stage: { Type: 'String', Default: 'yes' } },
      Conditions: { IsDev: { 'Fn::Equals': [{ Ref: 'Stage' }, 'dev'] } },
      Resources: {
        Queue: {
          Type: 'AWS::SQS::Queue',
          Condition: 'IsDev',
          Properties: {
            QueueName: { 'Fn::Sub': `order-queue-\${Stage}` },
            VisibilityTimeout: 180,
            RedrivePolicy: { deadLetterTargetArn: { 'Fn::GetAtt': ['Dead', 'Arn'] }, maxReceiveCount: 5 },
          },
        },
        Dead: { Type: 'AWS::SQS::Queue', Properties: { Tags: [{ Key: 'on', Value: '012' }] } },
      },
    });
  });

  for (const [short, long] of [
    ['!Ref Other', { Ref: 'Other' }],
    ['!Condition IsDev', { Condition: 'IsDev' }],
    ['!GetAtt Nested.Outputs.Name', { 'Fn::GetAtt': ['Nested', 'Outputs.Name'] }],
    ['!GetAtt [Other, Arn]', { 'Fn::GetAtt': ['Other', 'Arn'] }],
    [`!Sub ["\${A}-x", { A: !Ref Other }]`, { 'Fn::Sub': [`\${A}-x`, { A: { Ref: 'Other' } }] }],
    ['!Join ["-", [a, !Ref B]]', { 'Fn::Join': ['-', ['a', { Ref: 'B' }]] }],
    ['!If [C, !Ref A, !Ref "AWS::NoValue"]', { 'Fn::If': ['C', { Ref: 'A' }, { Ref: 'AWS::NoValue' }] }],
    ['!Not [!Equals [a, b]]', { 'Fn::Not': [{ 'Fn::Equals': ['a', 'b'] }] }],
    ['!Select [0, !GetAZs ""]', { 'Fn::Select': [0, { 'Fn::GetAZs': '' }] }],
    ['!FindInMap [M, !Ref "AWS::Region", K]', { 'Fn::FindInMap': ['M', { Ref: 'AWS::Region' }, 'K'] }],
    ['!ImportValue shared', { 'Fn::ImportValue': 'shared' }],
    [
      '!Transform { Name: AWS::Include, Parameters: { Location: x } }',
      { 'Fn::Transform': { Name: 'AWS::Include', Parameters: { Location: 'x' } } },
    ],
    ['{ "Fn::Base64": !Sub "x" }', { 'Fn::Base64': { 'Fn::Sub': 'x' } }],
  ] as const) {
    it(`${short} is its long form`, () => assert.deepEqual(JSON.parse(JSON.stringify(only(short))), long));
  }

  it('in flow style begins as JSON does', () => {
    assert.deepEqual(parseTemplate('{ Resources: { } }'), { Resources: {} });
  });
});

it('JSON is read as JSON', () => {
  assert.deepEqual(parseTemplate('\n {"Resources":{"A":{"Type":"T","Properties":{"V":"2010-09-09","N":1}}}}'), {
    Resources: { A: { Type: 'T', Properties: { V: '2010-09-09', N: 1 } } },
  });
});

for (const [what, body] of [
  ['a text', 'Something went wrong'],
  ['a list', '- a\n- b'],
  ['nothing', ''],
  ['broken', 'Resources:\n  A: [\n'],
  ['of a tag CloudFormation does not know', 'Resources: !Include other.yml'],
  [
    'a bomb of aliases',
    `a: &a [x,x,x,x,x,x,x,x,x,x]\nb: &b [${'*a,'.repeat(9)}*a]\nc: &c [${'*b,'.repeat(9)}*b]\nd: [${'*c,'.repeat(9)}*c]`,
  ],
] as const) {
  it(`${what} is no template`, () => assert.throws(() => parseTemplate(body)));
}
