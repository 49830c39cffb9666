import assert from 'node:assert/strict';
import { it } from 'node:test';
import { Match } from 'aws-cdk-lib/assertions';
import { testStack } from '../testing/test-stack.ts';
import { AlarmTopic } from './alarm-topic.ts';

const template = testStack((stack) => {
  new AlarmTopic(stack, 'Alarms', { topicName: 'alarms-test', emails: ['one@example.com', 'two@example.com'] });
});

const OWN_ALARMS = {
  StringEquals: { 'aws:SourceAccount': '111122223333' },
  ArnLike: { 'aws:SourceArn': 'arn:aws:cloudwatch:eu-west-1:111122223333:alarm:*' },
};

interface Statement {
  readonly Effect: string;
  readonly Action: string | string[];
  readonly Principal: { readonly Service?: string };
  readonly Condition?: unknown;
}

function statements(type: string, property: string): Statement[] {
  const [resource] = Object.values(template.findResources(type));
  return resource?.['Properties'][property].Statement;
}

it('is encrypted by a key of its own, which is renewed', () => {
  template.hasResourceProperties('AWS::SNS::Topic', {
    TopicName: 'alarms-test',
    KmsMasterKeyId: { 'Fn::GetAtt': [Match.stringLikeRegexp('^AlarmsKey'), 'Arn'] },
  });
  template.hasResourceProperties('AWS::KMS::Key', { EnableKeyRotation: true });
});

for (const [type, property, action] of [
  ['AWS::KMS::Key', 'KeyPolicy', ['kms:Decrypt', 'kms:GenerateDataKey*']],
  ['AWS::SNS::TopicPolicy', 'PolicyDocument', 'sns:Publish'],
] as const) {
  const of = (service: string) => statements(type, property).filter(({ Principal }) => Principal.Service === service);

  it(`${type} admits CloudWatch, for alarms of this account`, () => {
    assert.deepEqual(
      of('cloudwatch.amazonaws.com').map(({ Effect, Action, Condition }) => ({ Effect, Action, Condition })),
      [{ Effect: 'Allow', Action: action, Condition: OWN_ALARMS }],
    );
  });

  it(`${type} admits EventBridge without a condition, which it could not meet`, () => {
    const [only, ...more] = of('events.amazonaws.com');
    assert.deepEqual([only?.Effect, only?.Action, only?.Condition, more], ['Allow', action, undefined, []]);
  });
}

it('mails to each address', () => {
  const endpoints = Object.values(template.findResources('AWS::SNS::Subscription')).map(
    ({ Properties }) => `${Properties.Protocol} ${Properties.Endpoint}`,
  );
  assert.deepEqual(endpoints.sort(), ['email one@example.com', 'email two@example.com']);
});
