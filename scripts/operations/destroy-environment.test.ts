/** The order of a destruction, what stops it, and that it goes on where it stopped; against the fake CloudFormation. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { S3Client } from '@aws-sdk/client-s3';
import { systemClock } from '../adapters/system-clock.ts';
import type { Task } from '../core/progress.ts';
import { FakeCloudFormation } from '../testing/fake-cloudformation/fake-cloudformation.ts';
import {
  type DestroyEnvironmentDependencies,
  type DestroyedEnvironment,
  destroyEnvironment,
} from './destroy-environment.ts';

const silent: Task = { update: () => {}, done: () => {}, fail: () => {}, child: () => silent };

describe('destroying an environment', () => {
  let fake: FakeCloudFormation;
  let deps: DestroyEnvironmentDependencies;
  const nowhere = {
    region: 'us-east-1',
    endpoint: 'http://127.0.0.1:9',
    credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
  };

  before(async () => {
    fake = await FakeCloudFormation.start();
    // No stack here has a table or a bucket, so nobody calls these.
    deps = {
      cloudformation: fake.client(),
      dynamodb: new DynamoDBClient(nowhere),
      s3: new S3Client(nowhere),
      clock: systemClock,
    };
  });
  after(() => fake.close());

  const destroy = (waitMs = 60_000): Promise<DestroyedEnvironment> =>
    destroyEnvironment({ environment: { name: 'dev' }, task: silent, pollMs: 10, waitMs }, deps);

  it('goes in reverse order, stops after a wave that failed, says why, and goes on when run again', async () => {
    for (const part of ['vpc', 'sqs', 'lambda', 'api', 'monitoring']) {
      fake.addStack({ name: `trading-${part}-dev`, status: 'CREATE_COMPLETE' });
    }
    fake.script('trading-lambda-dev', 'DeleteStack', {
      ends: 'DELETE_FAILED',
      failing: { logicalId: 'Role', type: 'AWS::IAM::Role', reason: 'still attached' },
    });
    const first = await destroy();
    assert.deepEqual(
      fake.journal.mutations(),
      ['monitoring', 'api', 'lambda'].map((part) => `DeleteStack trading-${part}-dev`),
    );
    assert.deepEqual(
      [first.ok, first.remaining],
      [false, ['trading-vpc-dev', 'trading-sqs-dev', 'trading-lambda-dev']],
    );
    assert.equal(first.stacks.at(-1)?.reason, 'Role (AWS::IAM::Role) DELETE_FAILED: still attached');

    const second = await destroy();
    assert.deepEqual([second.ok, second.remaining], [true, []]);
  });

  it('says what a template told to keep', async () => {
    const { id } = fake.addStack({ name: 'trading-sqs-dev', status: 'CREATE_COMPLETE' });
    fake.addStack({ name: 'unrelated', status: 'CREATE_COMPLETE' });
    fake.beforeNext('DescribeStackEvents', () =>
      fake.addEvent(id, {
        logicalId: 'Topic',
        type: 'AWS::SNS::Topic',
        physicalId: 'alarms',
        status: 'DELETE_SKIPPED',
      }),
    );
    const { stacks } = await destroy();
    assert.deepEqual(stacks[0]?.kept, ['Topic (AWS::SNS::Topic) alarms']);
    assert.equal(fake.status('unrelated'), 'CREATE_COMPLETE');
  });

  it('leaves a stack that moves or is protected, with the reason', async () => {
    fake.addStack({ name: 'trading-api-dev', status: 'UPDATE_IN_PROGRESS', polls: 'until-told' });
    fake.addStack({ name: 'trading-monitoring-dev', status: 'CREATE_COMPLETE', terminationProtection: true });
    fake.journal.clear();
    const guarded = await destroy(50);
    assert.match(
      guarded.stacks[0]?.reason ?? '',
      /^termination protection is on: aws cloudformation update-termination/,
    );
    fake.stack('trading-monitoring-dev').terminationProtection = false;
    const moving = await destroy(50);
    assert.match(moving.stacks.at(-1)?.reason ?? '', /^still in UPDATE_IN_PROGRESS/);
    assert.deepEqual(fake.journal.mutations(), ['DeleteStack trading-monitoring-dev']);
  });
});
