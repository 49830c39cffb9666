/** The three stacks that keep something: table, bucket, queue. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Match, Template } from 'aws-cdk-lib/assertions';
import type { EnvironmentConfig } from '../../environments/environment-config.ts';
import { testEnvironment } from '../testing/test-environment.ts';
import { stackProps, testApp } from '../testing/test-stack.ts';
import { DynamoDbStack } from './dynamodb-stack.ts';
import { S3Stack } from './s3-stack.ts';
import { SqsStack } from './sqs-stack.ts';

type Sections = Partial<EnvironmentConfig>;

describe('DynamoDbStack', () => {
  const make = (sections: Sections = {}) =>
    Template.fromStack(new DynamoDbStack(testApp(), 'Orders', stackProps(testEnvironment(sections))));
  const capacity = { ReadCapacityUnits: 7, WriteCapacityUnits: 9 };
  const { table } = testEnvironment();

  it('makes the table of orders, with an index by customer and time, of the configured capacity', () => {
    make().hasResource('AWS::DynamoDB::Table', {
      DeletionPolicy: 'Delete',
      Properties: Match.objectLike({
        TableName: 'orders-test',
        KeySchema: [{ AttributeName: 'orderId', KeyType: 'HASH' }],
        ProvisionedThroughput: capacity,
        GlobalSecondaryIndexes: [
          {
            IndexName: 'by-customer',
            KeySchema: [
              { AttributeName: 'customerId', KeyType: 'HASH' },
              { AttributeName: 'createdAt', KeyType: 'RANGE' },
            ],
            Projection: { ProjectionType: 'ALL' },
            ProvisionedThroughput: capacity,
          },
        ],
      }),
    });
  });

  for (const on of [true, false]) {
    it(`has recovery and deletion protection ${on ? 'on' : 'off'} as configured`, () => {
      make({ table: { ...table, pointInTimeRecovery: on, deletionProtection: on } }).hasResourceProperties(
        'AWS::DynamoDB::Table',
        { PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: on }, DeletionProtectionEnabled: on },
      );
    });
  }

  it('scales nothing without being told', () => {
    make().resourceCountIs('AWS::ApplicationAutoScaling::ScalableTarget', 0);
  });

  it('scales reads and writes of table and index between the configured bounds', () => {
    const autoScaling = { maxReadCapacity: 70, maxWriteCapacity: 90, targetUtilizationPercent: 55 };
    const template = make({ table: { ...table, autoScaling } });
    const bounds = Object.values(template.findResources('AWS::ApplicationAutoScaling::ScalableTarget')).map(
      ({ Properties: { ScalableDimension, MinCapacity, MaxCapacity } }) => [
        ScalableDimension,
        MinCapacity,
        MaxCapacity,
      ],
    );
    assert.deepEqual(bounds, [
      ['dynamodb:table:ReadCapacityUnits', 7, 70],
      ['dynamodb:table:WriteCapacityUnits', 9, 90],
      ['dynamodb:index:ReadCapacityUnits', 7, 70],
      ['dynamodb:index:WriteCapacityUnits', 9, 90],
    ]);
    template.allResourcesProperties('AWS::ApplicationAutoScaling::ScalingPolicy', {
      TargetTrackingScalingPolicyConfiguration: { TargetValue: 55 },
    });
  });

  it('publishes the name', () => {
    make().hasResourceProperties('AWS::SSM::Parameter', { Name: '/trading-platform/test/orders-table-name' });
  });
});

describe('S3Stack', () => {
  const make = (retentionDays: number | null) =>
    Template.fromStack(new S3Stack(testApp(), 'Trades', stackProps(testEnvironment({ bucket: { retentionDays } }))));
  const rules = (template: Template) => {
    const [bucket] = Object.values(template.findResources('AWS::S3::Bucket'));
    return bucket?.['Properties'].LifecycleConfiguration.Rules;
  };

  it('names the bucket by the environment', () => {
    make(45).hasResourceProperties('AWS::S3::Bucket', { BucketNamePrefix: 'trade-data-test' });
  });

  it('expires trades as configured, and old versions after a month or sooner', () => {
    const incomplete = {
      Id: 'remove-incomplete-uploads',
      Status: 'Enabled',
      AbortIncompleteMultipartUpload: { DaysAfterInitiation: 7 },
    };
    const expire = (days: number, old: number) => ({
      Id: 'expire-trades',
      Status: 'Enabled',
      ExpirationInDays: days,
      NoncurrentVersionExpiration: { NoncurrentDays: old },
    });
    assert.deepEqual(rules(make(45)), [incomplete, expire(45, 30)]);
    assert.deepEqual(rules(make(10)), [incomplete, expire(10, 10)]);
  });

  it('expires nothing when kept for ever: it gets cheaper instead', () => {
    const text = JSON.stringify(rules(make(null)));
    assert.doesNotMatch(text, /Expiration/);
    assert.match(text, /"Transitions":\[.*STANDARD_IA.*GLACIER_IR.*DEEP_ARCHIVE/);
    assert.match(text, /"NoncurrentVersionTransitions":/);
  });

  it('publishes the name', () => {
    make(45).hasResourceProperties('AWS::SSM::Parameter', { Name: '/trading-platform/test/trade-bucket-name' });
  });
});

describe('SqsStack', () => {
  const template = Template.fromStack(new SqsStack(testApp(), 'Queues', stackProps(testEnvironment())));

  it('makes the order queue and its dead letter queue as configured', () => {
    template.hasResourceProperties('AWS::SQS::Queue', {
      QueueName: 'order-queue-test',
      MessageRetentionPeriod: 6 * 86_400,
      VisibilityTimeout: 215,
      RedrivePolicy: Match.objectLike({ maxReceiveCount: 5 }),
    });
    template.hasResourceProperties('AWS::SQS::Queue', { QueueName: 'order-dead-letter-queue-test' });
  });

  it('publishes where they are', () => {
    for (const name of ['order-queue-url', 'order-queue-arn', 'order-dead-letter-queue-url']) {
      template.hasResourceProperties('AWS::SSM::Parameter', { Name: `/trading-platform/test/${name}` });
    }
  });
});
