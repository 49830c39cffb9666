/** Reading stacks: by name, of an environment over pages, and statuses nobody knows. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { FakeCloudFormation } from '../../testing/fake-cloudformation/fake-cloudformation.ts';
import { describeEnvironmentStacks, describeStack } from './describe-stacks.ts';
import { readStatus, UnknownStackStatusError } from './stack-status.ts';

let fake: FakeCloudFormation;
let client: CloudFormationClient;
before(async () => {
  fake = await FakeCloudFormation.start({ pageSize: 2 });
  client = fake.client();
  const dev = { project: 'trading-platform', environment: 'dev' };
  fake.addStack({ name: 'trading-vpc-dev', status: 'CREATE_COMPLETE', tags: dev, outputs: { Id: 'vpc-1' } });
  fake.addStack({
    name: 'trading-s3-dev',
    status: 'UPDATE_ROLLBACK_FAILED',
    reason: 'why',
    terminationProtection: true,
  });
  fake.addStack({ name: 'trading-vpc-staging', status: 'CREATE_COMPLETE', tags: { ...dev, environment: 'staging' } });
  fake.addStack({ name: 'trading-old-dev', status: 'CREATE_COMPLETE', tags: dev });
  fake.addStack({ name: 'PipelineStack', status: 'CREATE_COMPLETE', tags: dev });
  fake.addStack({ name: 'other-project-dev', status: 'CREATE_COMPLETE', tags: { ...dev, project: 'other' } });
});
after(() => fake.close());

describe('describeStack', () => {
  it('gives what CloudFormation knows', async () => {
    const { state, reason, terminationProtection, outputs, tags } = await describeStack(client, 'trading-vpc-dev');
    assert.deepEqual([state, reason, terminationProtection], ['CREATE_COMPLETE', '', false]);
    assert.deepEqual(outputs, { Id: 'vpc-1' });
    assert.equal(tags['environment'], 'dev');
    const failed = await describeStack(client, 'trading-s3-dev');
    assert.deepEqual(
      [failed.state, failed.reason, failed.terminationProtection],
      ['UPDATE_ROLLBACK_FAILED', 'why', true],
    );
  });

  it('a missing stack is absent; a refused call is an error', async () => {
    assert.equal((await describeStack(client, 'nobody')).state, 'ABSENT');
    fake.faults.next({ kind: 'throttle', times: 7 });
    await assert.rejects(describeStack(client, 'nobody'), { name: 'Throttling' });
  });
});

describe('describeEnvironmentStacks', () => {
  it('pairs the expected ones with what is there, over all pages, and names the unexpected; PipelineStack is the account’s', async () => {
    const stacks = await describeEnvironmentStacks(client, {
      environment: 'dev',
      expected: ['trading-s3-dev', 'trading-vpc-dev', 'trading-api-dev'],
    });
    assert.deepEqual(
      stacks.expected.map(({ name, state }) => [name, state]),
      [
        ['trading-s3-dev', 'UPDATE_ROLLBACK_FAILED'],
        ['trading-vpc-dev', 'CREATE_COMPLETE'],
        ['trading-api-dev', 'ABSENT'],
      ],
    );
    assert.deepEqual(
      stacks.unexpected.map(({ name }) => name),
      ['trading-old-dev'],
    );
  });
});

describe('readStatus', () => {
  it('knows a status or says that it does not', () => {
    assert.equal(readStatus('a', 'IMPORT_ROLLBACK_FAILED'), 'IMPORT_ROLLBACK_FAILED');
    assert.throws(() => readStatus('a', 'REFACTOR_IN_PROGRESS'), UnknownStackStatusError);
    assert.throws(() => readStatus('a', undefined), /no status at all/);
  });
});
