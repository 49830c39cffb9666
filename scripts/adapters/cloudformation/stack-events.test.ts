/** The first cause of a failure, out of the events of the last operation only. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { FakeCloudFormation } from '../../testing/fake-cloudformation/fake-cloudformation.ts';
import { findFailureCause, readLastOperation } from './stack-events.ts';

let fake: FakeCloudFormation;
let client: CloudFormationClient;
before(async () => {
  fake = await FakeCloudFormation.start({ pageSize: 3 });
  client = fake.client();
});
after(() => fake.close());

const TABLE = { logicalId: 'Table', type: 'AWS::DynamoDB::Table' };

/** Two operations on one stack: an old failure, and a newer one with several failures over several pages. */
function twoFailures(name: string): void {
  fake.addStack({ name, status: 'CREATE_COMPLETE' });
  fake.move(name, 'UPDATE_IN_PROGRESS');
  fake.addEvent(name, { ...TABLE, status: 'UPDATE_FAILED', reason: 'the old reason' });
  fake.move(name, 'UPDATE_ROLLBACK_IN_PROGRESS');
  fake.move(name, 'UPDATE_ROLLBACK_COMPLETE');
  fake.move(name, 'UPDATE_IN_PROGRESS');
  fake.addEvent(name, { logicalId: 'Topic', type: 'AWS::SNS::Topic', status: 'UPDATE_IN_PROGRESS' });
  fake.addEvent(name, {
    logicalId: 'Queue',
    type: 'AWS::SQS::Queue',
    status: 'UPDATE_FAILED',
    reason: 'Resource update cancelled',
  });
  fake.addEvent(name, { ...TABLE, status: 'UPDATE_FAILED', reason: 'Table is gone.' });
  fake.addEvent(name, { logicalId: 'Topic', type: 'AWS::SNS::Topic', status: 'UPDATE_FAILED', reason: 'a later one' });
  fake.move(name, 'UPDATE_ROLLBACK_IN_PROGRESS');
  fake.addEvent(name, { logicalId: 'Queue', type: 'AWS::SQS::Queue', status: 'UPDATE_COMPLETE' });
  fake.move(name, 'UPDATE_ROLLBACK_COMPLETE');
}

describe('findFailureCause', () => {
  it('is the first failure that is not a consequence, of the last operation', async () => {
    twoFailures('one');
    const cause = await findFailureCause(client, { stack: 'one' });
    assert.deepEqual({ ...cause, at: '' }, { ...TABLE, status: 'UPDATE_FAILED', reason: 'Table is gone.', at: '' });
    assert.match(cause?.at ?? '', /^2026-01-01T00:00:\d\d\.000Z$/);
  });

  it('reads no more pages than the last operation takes', async () => {
    twoFailures('two');
    fake.journal.clear();
    const events = await readLastOperation(client, { stack: 'two' });
    assert.equal(events.at(-1)?.status, 'UPDATE_IN_PROGRESS');
    assert.equal(events.length, 8);
    assert.equal(fake.journal.of('DescribeStackEvents').length, 3, 'of four');
  });

  it('leaves out what was before a moment', async () => {
    twoFailures('three');
    const [newest] = await readLastOperation(client, { stack: 'three' });
    const since = new Date(newest?.at ?? '');
    assert.deepEqual(await readLastOperation(client, { stack: 'three', since }), [newest]);
    assert.equal(await findFailureCause(client, { stack: 'three', since }), undefined);
  });

  it('is nothing when nothing failed', async () => {
    fake.addStack({ name: 'four', status: 'CREATE_COMPLETE' });
    assert.equal(await findFailureCause(client, { stack: 'four' }), undefined);
  });
});
