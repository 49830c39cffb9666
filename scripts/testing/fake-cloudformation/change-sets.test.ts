/** The fake's change sets: their life, their pages, and each refusal about them. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import {
  type CloudFormationClient,
  CreateChangeSetCommand,
  type CreateChangeSetCommandInput,
  DeleteChangeSetCommand,
  DescribeChangeSetCommand,
  DescribeStacksCommand,
  ExecuteChangeSetCommand,
  GetTemplateCommand,
  ListChangeSetsCommand,
  paginateDescribeChangeSet,
} from '@aws-sdk/client-cloudformation';
import { FakeCloudFormation } from './fake-cloudformation.ts';

const template = (...queues: string[]): string =>
  JSON.stringify({
    Resources: Object.fromEntries(queues.map((id) => [id, { Type: 'AWS::SQS::Queue', Properties: { Name: id } }])),
  });

let fake: FakeCloudFormation;
let client: CloudFormationClient;
let count = 0;

before(async () => {
  fake = await FakeCloudFormation.start({ pageSize: 2 });
  client = fake.client();
});
after(() => fake.close());

function place(status: Parameters<FakeCloudFormation['addStack']>[0]['status'], body = template('A')): string {
  count += 1;
  fake.addStack({ name: `stack-${count}`, status, polls: 'until-told', template: JSON.parse(body) });
  return `stack-${count}`;
}

const create = (input: Partial<CreateChangeSetCommandInput> & { StackName: string }): Promise<unknown> =>
  client.send(new CreateChangeSetCommand({ ChangeSetName: 'cs', TemplateBody: template('A', 'B'), ...input }));
const read = (StackName: string, ChangeSetName = 'cs') =>
  client.send(new DescribeChangeSetCommand({ StackName, ChangeSetName, IncludePropertyValues: true }));
const execute = (StackName: string, DisableRollback?: boolean): Promise<unknown> =>
  client.send(new ExecuteChangeSetCommand({ StackName, ChangeSetName: 'cs', DisableRollback }));

/** Two looks: the change set is made with the first. */
async function make(StackName: string, input: Partial<CreateChangeSetCommandInput> = {}): Promise<void> {
  await create({ StackName, ...input });
  await read(StackName);
}

async function looks(StackName: string, times: number): Promise<(string | undefined)[]> {
  const seen: (string | undefined)[] = [];
  for (let look = 0; look < times; look += 1) {
    seen.push((await client.send(new DescribeStacksCommand({ StackName }))).Stacks?.[0]?.StackStatus);
  }
  return seen;
}

describe('a change set', () => {
  it('is pending, then made; its changes come in pages', async () => {
    const name = place('CREATE_COMPLETE', template('A', 'Z'));
    await create({ StackName: name, TemplateBody: template('B', 'C', 'Z').replace('"Name":"Z"', '"Name":"Y"') });
    assert.equal((await read(name)).Status, 'CREATE_PENDING');
    const pages: (string | undefined)[][] = [];
    for await (const { Changes = [], Status } of paginateDescribeChangeSet(
      { client },
      { StackName: name, ChangeSetName: 'cs' },
    )) {
      assert.equal(Status, 'CREATE_COMPLETE');
      pages.push(Changes.map(({ ResourceChange: change }) => `${change?.Action} ${change?.LogicalResourceId}`));
    }
    assert.deepEqual(pages, [
      ['Remove A', 'Add B'],
      ['Add C', 'Modify Z'],
    ]);
  });

  it('shows property values only when asked', async () => {
    const name = place('CREATE_COMPLETE');
    await make(name);
    const [change] = (await read(name)).Changes ?? [];
    assert.equal(change?.ResourceChange?.AfterContext, '{"Properties":{"Name":"B"}}');
    const plain = await client.send(new DescribeChangeSetCommand({ StackName: name, ChangeSetName: 'cs' }));
    assert.equal(plain.Changes?.[0]?.ResourceChange?.AfterContext, undefined);
  });

  it('without changes fails, as the service says it', async () => {
    const name = place('CREATE_COMPLETE');
    await make(name, { TemplateBody: template('A') });
    const { Status, StatusReason, ExecutionStatus } = await read(name);
    assert.deepEqual([Status, ExecutionStatus], ['FAILED', 'UNAVAILABLE']);
    assert.match(StatusReason ?? '', /^The submitted information didn't contain changes\./);
  });

  it('can be given changes, and a failure of its own', async () => {
    const name = place('CREATE_COMPLETE');
    await create({ StackName: name });
    fake.setChanges(name, 'cs', [{ Type: 'Resource', ResourceChange: { Action: 'Modify', Replacement: 'True' } }]);
    await read(name);
    assert.equal((await read(name)).Changes?.[0]?.ResourceChange?.Replacement, 'True');
    const other = place('CREATE_COMPLETE');
    fake.script(other, 'DescribeChangeSet', { failing: { logicalId: '', reason: 'Transform failed' } });
    await make(other);
    assert.equal((await read(other)).StatusReason, 'Transform failed');
  });

  it('creates a stack by way of REVIEW_IN_PROGRESS', async () => {
    await make('new', { ChangeSetType: 'CREATE' });
    assert.deepEqual(await looks('new', 2), ['REVIEW_IN_PROGRESS', 'REVIEW_IN_PROGRESS']);
    await execute('new');
    assert.deepEqual(await looks('new', 2), ['CREATE_IN_PROGRESS', 'CREATE_COMPLETE']);
    assert.deepEqual(
      fake.stack('new').resources.map(({ logicalId }) => logicalId),
      ['A', 'B'],
    );
  });

  it('updates a stack and removes its other change sets; a failed update brings the template back', async () => {
    const name = place('CREATE_COMPLETE');
    await create({ StackName: name, ChangeSetName: 'other' });
    await make(name);
    await execute(name);
    const { Summaries } = await client.send(new ListChangeSetsCommand({ StackName: name }));
    assert.deepEqual(Summaries, []);
    assert.deepEqual(await looks(name, 3), [
      'UPDATE_IN_PROGRESS',
      'UPDATE_COMPLETE_CLEANUP_IN_PROGRESS',
      'UPDATE_COMPLETE',
    ]);
    await make(name, { TemplateBody: template('C') });
    fake.script(name, 'ExecuteChangeSet', {
      ends: 'UPDATE_ROLLBACK_COMPLETE',
      failing: { logicalId: 'C', reason: 'Queue exists' },
    });
    await execute(name);
    assert.equal((await looks(name, 4)).at(-1), 'UPDATE_ROLLBACK_COMPLETE');
    const { TemplateBody } = await client.send(new GetTemplateCommand({ StackName: name }));
    assert.equal(TemplateBody, template('A', 'B'));
  });

  it('deleted twice is deleted', async () => {
    const name = place('CREATE_COMPLETE');
    await make(name);
    for (let time = 0; time < 2; time += 1) {
      await client.send(new DeleteChangeSetCommand({ StackName: name, ChangeSetName: 'cs' }));
    }
    await assert.rejects(read(name), { name: 'ChangeSetNotFoundException', message: 'ChangeSet [cs] does not exist' });
  });
});

describe('refused about change sets', () => {
  it('an update of a stack that can not be updated', async () => {
    for (const status of [
      'ROLLBACK_COMPLETE',
      'UPDATE_ROLLBACK_FAILED',
      'UPDATE_IN_PROGRESS',
      'REVIEW_IN_PROGRESS',
    ] as const) {
      const name = place(status);
      const message = `Stack:${fake.stack(name).id} is in ${status} state and can not be updated.`;
      await assert.rejects(create({ StackName: name }), { name: 'ValidationError', message });
    }
  });

  it('an update of what is not there', async () => {
    await assert.rejects(create({ StackName: 'nobody' }), { message: 'Stack [nobody] does not exist' });
  });

  it('a creation of what is there', async () => {
    const name = place('CREATE_COMPLETE');
    const message = `Stack [${name}] already exists and cannot be created again with the changeSet [cs].`;
    await assert.rejects(create({ StackName: name, ChangeSetType: 'CREATE' }), { name: 'ValidationError', message });
  });

  it('a second one of the same name', async () => {
    const name = place('CREATE_COMPLETE');
    await create({ StackName: name });
    await assert.rejects(create({ StackName: name }), { name: 'AlreadyExistsException' });
  });

  it('executing one that is not made, or failed', async () => {
    const name = place('CREATE_COMPLETE');
    await create({ StackName: name, TemplateBody: template('A') });
    await assert.rejects(execute(name), {
      name: 'InvalidChangeSetStatusException',
      message: /status of \[CREATE_PENDING\]/,
    });
    await read(name);
    await assert.rejects(execute(name), { message: /cannot be executed in its current status of \[FAILED\]/ });
  });

  it('executing one on a stack that moved on', async () => {
    const name = place('CREATE_COMPLETE');
    await make(name);
    fake.move(name, 'UPDATE_IN_PROGRESS', [], 'until-told');
    await assert.rejects(execute(name), {
      name: 'ValidationError',
      message: /UPDATE_IN_PROGRESS state and can not be updated/,
    });
  });

  it('executing one after a failure that was kept, with rollback on', async () => {
    const name = place('UPDATE_FAILED');
    await make(name);
    await assert.rejects(execute(name), { message: /non-terminal \[UPDATE_FAILED\] state/ });
    await execute(name, true);
    assert.equal(fake.status(name), 'UPDATE_IN_PROGRESS');
  });

  it('deleting one that is being made', async () => {
    const name = place('CREATE_COMPLETE');
    await create({ StackName: name });
    await assert.rejects(client.send(new DeleteChangeSetCommand({ StackName: name, ChangeSetName: 'cs' })), {
      name: 'InvalidChangeSetStatusException',
    });
  });

  it('a name without its stack', async () => {
    await assert.rejects(client.send(new DescribeChangeSetCommand({ ChangeSetName: 'cs' })), {
      message: 'StackName must be specified if ChangeSetName is not specified as an ARN.',
    });
  });
});
