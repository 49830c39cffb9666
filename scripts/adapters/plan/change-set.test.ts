/** Change sets are read whole and leave no trace, however it goes. */
import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import type { Change } from '@aws-sdk/client-cloudformation';
import { DIFF_CHANGE_SET_PREFIX } from '../../../environments/naming.ts';
import type { Template } from '../../core/plan/facts.ts';
import { FakeCloudFormation } from '../../testing/fake-cloudformation/fake-cloudformation.ts';
import { askForChanges, type ChangeSetAnswer, type ChangeSetInput, type Dependencies } from './change-set.ts';

const STACK = 'trading-vpc-dev';
const NAME = `${DIFF_CHANGE_SET_PREFIX}1`;

let fake: FakeCloudFormation;
beforeEach(async () => {
  fake = await FakeCloudFormation.start({ pageSize: 3 });
  fake.addStack({ name: STACK, status: 'UPDATE_COMPLETE' });
});
afterEach(() => fake.close());

const changed = { Resources: { Topic: { Type: 'AWS::SNS::Topic', Properties: { DisplayName: 'x' } } } };

interface Asked {
  readonly warnings: string[];
  readonly hooks: Set<() => Promise<void>>;
  readonly answer: Promise<ChangeSetAnswer>;
}

function ask(more: Partial<ChangeSetInput> = {}, deps: Partial<Dependencies> = {}): Asked {
  const warnings: string[] = [];
  const hooks = new Set<() => Promise<void>>();
  const onExit: ChangeSetInput['onExit'] = (hook) => {
    hooks.add(hook);
    return () => void hooks.delete(hook);
  };
  const answer = askForChanges(
    {
      stack: STACK,
      template: changed,
      tags: {},
      presentParameters: [],
      onExit,
      warn: (text) => warnings.push(text),
      ...more,
    },
    { client: fake.client(), newName: () => NAME, sleep: async () => {}, ...deps },
  );
  return { warnings, hooks, answer };
}

const left = (): string[] => fake.stack(STACK).changeSets.map(({ name }) => name);

describe('a change set', () => {
  it('is read over all its pages, and gone afterwards', async () => {
    const changes = Array.from(
      { length: 8 },
      (_, index): Change => ({
        Type: 'Resource',
        ResourceChange: { Action: 'Modify', LogicalResourceId: `R${index}` },
      }),
    );
    fake.script(STACK, 'CreateChangeSet', { polls: 3 });
    fake.beforeNext('DescribeChangeSet', () => fake.setChanges(STACK, NAME, changes));
    const { answer, warnings, hooks } = ask();
    const told = await answer;
    assert.ok('changeSet' in told);
    assert.deepEqual(
      told.changeSet.Changes?.map(({ ResourceChange: change }) => change?.LogicalResourceId),
      changes.map(({ ResourceChange: change }) => change?.LogicalResourceId),
    );
    assert.deepEqual([left(), warnings, hooks.size], [[], [], 0]);
    assert.deepEqual(fake.journal.mutations(), [`CreateChangeSet ${STACK}`, `DeleteChangeSet ${STACK}`]);
  });

  it('is never executed, and its name is of those the read role may make', async () => {
    const { withDefaults } = await import('./change-set.ts');
    const names = [1, 2].map(() => withDefaults(fake.client()).newName());
    assert.ok(names.every((name) => /^gitops-diff-[0-9a-f-]{36}$/.test(name)));
    assert.notEqual(names[0], names[1], 'diffs of one stack at one time do not meet');
    await ask().answer;
    assert.ok(!fake.journal.mutations().some((call) => call.startsWith('Execute')));
  });

  it('without changes is an answer: nothing changes', async () => {
    const told = await ask({ template: fake.stack(STACK).template as Template }).answer;
    assert.deepEqual(told, { changeSet: { Changes: [] } });
    assert.deepEqual(left(), []);
  });

  it('that fails gives the reason, and is gone', async () => {
    fake.script(STACK, 'DescribeChangeSet', {
      failing: { logicalId: 'x', reason: 'Circular dependency between resources' },
    });
    assert.deepEqual(await ask().answer, { problem: 'Circular dependency between resources' });
    assert.deepEqual(left(), []);
  });

  it('that CloudFormation refuses gives its words', async () => {
    fake.move(STACK, 'UPDATE_ROLLBACK_FAILED', [], 'until-told');
    const told = await ask().answer;
    assert.ok('problem' in told);
    assert.match(told.problem, /UPDATE_ROLLBACK_FAILED state and can not be updated/);
  });

  it('of a template too large to send is not even tried', async () => {
    const large = {
      Resources: { Topic: { Type: 'AWS::SNS::Topic', Properties: { DisplayName: 'x'.repeat(52_000) } } },
    };
    const told = await ask({ template: large }).answer;
    assert.ok('problem' in told);
    assert.match(told.problem, /51200/);
    assert.deepEqual(fake.journal.mutations(), []);
  });

  it('reads SSM parameters anew, keeps the values of others, and leaves new ones to their defaults', async () => {
    const template = {
      ...changed,
      Parameters: {
        FromSsm: { Type: 'AWS::SSM::Parameter::Value<String>', Default: '/x/y' },
        Kept: { Type: 'String', Default: 'a' },
        New: { Type: 'String', Default: 'b' },
      },
    };
    let parameters: unknown;
    fake.beforeNext('DescribeChangeSet', () => {
      parameters = fake.stack(STACK).changeSets[0]?.parameters;
    });
    await ask({ template, presentParameters: ['FromSsm', 'Kept'] }).answer;
    assert.deepEqual(parameters, [
      { ParameterKey: 'FromSsm', ParameterValue: '/x/y' },
      { ParameterKey: 'Kept', UsePreviousValue: true },
    ]);
  });
});

describe('interrupted', () => {
  it('while it is being made, waits until it can be removed, and removes it', async () => {
    const controller = new AbortController();
    fake.script(STACK, 'CreateChangeSet', { polls: 4 });
    let slept = 0;
    const { answer, warnings } = ask(
      { signal: controller.signal },
      {
        sleep: async (_, signal) => {
          slept += 1;
          if (slept === 1) controller.abort(new Error('interrupted'));
          signal?.throwIfAborted();
        },
      },
    );
    await assert.rejects(answer, /interrupted/);
    assert.deepEqual([left(), warnings], [[], []]);
  });

  it('the hook of the command removes it too, once', async () => {
    fake.script(STACK, 'CreateChangeSet', { polls: 2 });
    let slept = 0;
    const running = ask(
      {},
      {
        sleep: async () => {
          slept += 1;
          if (slept === 1) await Promise.all([...running.hooks].map((hook) => hook()));
        },
      },
    );
    await running.answer;
    assert.deepEqual(left(), []);
    assert.equal(fake.journal.mutations().filter((call) => call.startsWith('Delete')).length, 1);
  });

  it('before it began, makes none', async () => {
    await assert.rejects(ask({ signal: AbortSignal.abort(new Error('interrupted')) }).answer, /interrupted/);
    assert.deepEqual(
      fake.journal.mutations().filter((call) => call.startsWith('Create')),
      [],
    );
  });
});
