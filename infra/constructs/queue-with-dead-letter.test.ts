import { it } from 'node:test';
import { Match } from 'aws-cdk-lib/assertions';
import { testStack } from '../testing/test-stack.ts';
import { QueueWithDeadLetter } from './queue-with-dead-letter.ts';

const template = testStack((stack) => {
  new QueueWithDeadLetter(stack, 'Queues', {
    queueName: 'work-test',
    deadLetterQueueName: 'dead-test',
    retentionDays: 2,
    visibilityTimeoutSeconds: 77,
    maxReceiveCount: 6,
  });
});

it('gives the queue its times, and sends its poison to the other', () => {
  template.hasResourceProperties('AWS::SQS::Queue', {
    QueueName: 'work-test',
    MessageRetentionPeriod: 172_800,
    VisibilityTimeout: 77,
    RedrivePolicy: {
      maxReceiveCount: 6,
      deadLetterTargetArn: { 'Fn::GetAtt': [Match.stringLikeRegexp('DeadLetter'), 'Arn'] },
    },
  });
});

it('keeps dead letters as long as SQS can, from that queue alone', () => {
  template.hasResourceProperties('AWS::SQS::Queue', {
    QueueName: 'dead-test',
    MessageRetentionPeriod: 1_209_600,
    RedriveAllowPolicy: {
      redrivePermission: 'byQueue',
      sourceQueueArns: ['arn:aws:sqs:eu-west-1:111122223333:work-test'],
    },
  });
});

it('encrypts both, and takes TLS only in both', () => {
  template.resourceCountIs('AWS::SQS::Queue', 2);
  template.allResourcesProperties('AWS::SQS::Queue', { SqsManagedSseEnabled: true });
  template.resourceCountIs('AWS::SQS::QueuePolicy', 2);
  template.allResourcesProperties('AWS::SQS::QueuePolicy', {
    PolicyDocument: {
      Statement: [
        Match.objectLike({ Effect: 'Deny', Action: 'sqs:*', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }),
      ],
    },
  });
});
