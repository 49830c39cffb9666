/** The fake itself: one test per refusal it knows, its movements, pages and faults, all through the real SDK client. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import {
  CancelUpdateStackCommand,
  type CloudFormationClient,
  ContinueUpdateRollbackCommand,
  DeleteStackCommand,
  DescribeStackDriftDetectionStatusCommand,
  DescribeStackEventsCommand,
  DescribeStackResourceDriftsCommand,
  DescribeStackResourcesCommand,
  DescribeStacksCommand,
  DetectStackDriftCommand,
  GetTemplateCommand,
  ListStackResourcesCommand,
  ListStacksCommand,
  paginateDescribeStackEvents,
  paginateDescribeStackResourceDrifts,
  paginateDescribeStacks,
  paginateListStackResources,
  RollbackStackCommand,
  StackStatus,
  UpdateTerminationProtectionCommand,
  ValidateTemplateCommand,
} from '@aws-sdk/client-cloudformation';
import { FakeCloudFormation } from './fake-cloudformation.ts';

const ALL = Object.values(StackStatus);
let fake: FakeCloudFormation;
let client: CloudFormationClient;
let count = 0;

before(async () => {
  fake = await FakeCloudFormation.start({ pageSize: 2 });
  client = fake.client();
});
after(() => fake.close());

/** A stack of its own for each test: they share one server. */
function place(status: StackStatus, more: Partial<Parameters<FakeCloudFormation['addStack']>[0]> = {}): string {
  count += 1;
  const name = `stack-${count}`;
  fake.addStack({ polls: 'until-told', ...more, name, status });
  return name;
}

const statusOf = async (StackName: string): Promise<string | undefined> =>
  (await client.send(new DescribeStacksCommand({ StackName }))).Stacks?.[0]?.StackStatus;

async function looks(StackName: string, times: number): Promise<(string | undefined)[]> {
  const seen: (string | undefined)[] = [];
  for (let look = 0; look < times; look += 1) seen.push(await statusOf(StackName));
  return seen;
}

async function collect<T>(pages: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const one of pages) all.push(one);
  return all;
}

describe('every status', () => {
  it('can be shown', async () => {
    assert.equal(ALL.length, 23);
    for (const status of ALL.filter((each) => each !== 'DELETE_COMPLETE')) {
      assert.equal(await statusOf(place(status)), status);
    }
  });

  it('a deleted stack is found by id and not by name', async () => {
    const name = place('CREATE_COMPLETE');
    const { id } = fake.stack(name);
    await client.send(new DeleteStackCommand({ StackName: name }));
    assert.deepEqual(await looks(id, 2), ['DELETE_IN_PROGRESS', 'DELETE_COMPLETE']);
    await assert.rejects(statusOf(name), { name: 'ValidationError', message: `Stack with id ${name} does not exist` });
  });
});

describe('a call that no status but one allows', () => {
  const legal = {
    CancelUpdateStack: {
      command: (StackName: string) => new CancelUpdateStackCommand({ StackName }),
      from: ['UPDATE_IN_PROGRESS'],
      message: () => 'CancelUpdateStack cannot be called from current stack status',
    },
    ContinueUpdateRollback: {
      command: (StackName: string) => new ContinueUpdateRollbackCommand({ StackName }),
      from: ['UPDATE_ROLLBACK_FAILED'],
      message: (id: string, status: string) =>
        `Stack:${id} is in ${status} state and can not continue to rollback its update.`,
    },
    RollbackStack: {
      command: (StackName: string) => new RollbackStackCommand({ StackName }),
      from: ['CREATE_FAILED', 'UPDATE_FAILED'],
      message: (id: string, status: string) => `Stack:${id} is in ${status} state and can not be rolled back.`,
    },
    DetectStackDrift: {
      command: (StackName: string) => new DetectStackDriftCommand({ StackName }),
      from: ['CREATE_COMPLETE', 'UPDATE_COMPLETE', 'UPDATE_ROLLBACK_COMPLETE', 'UPDATE_ROLLBACK_FAILED'],
      message: (id: string, status: string) =>
        `Drift detection cannot be performed on stack [${id}] while it is in [${status}] state`,
    },
    DeleteStack: {
      command: (StackName: string) => new DeleteStackCommand({ StackName }),
      from: ALL.filter(
        (status) => !status.endsWith('IN_PROGRESS') || /^(CREATE|DELETE|REVIEW)_IN_PROGRESS$/.test(status),
      ),
      message: (_id: string, status: string, name: string) =>
        `Stack [${name}] cannot be deleted while in status ${status}`,
    },
  };
  for (const [operation, { command, from, message }] of Object.entries(legal)) {
    it(operation, async () => {
      for (const status of ALL.filter((each) => each !== 'DELETE_COMPLETE')) {
        const name = place(status);
        const { id } = fake.stack(name);
        // The union of commands has no common send overload; each is sent as what it is.
        const call = (): Promise<unknown> => client.send(command(name) as CancelUpdateStackCommand);
        if ((from as string[]).includes(status)) {
          await call();
        } else {
          await assert.rejects(call(), { name: 'ValidationError', message: message(id, status, name) }, status);
          assert.equal(fake.status(name), status, 'a refused call changes nothing');
        }
      }
    });
  }
});

describe('movements', () => {
  it('an update is cancelled into its rollback, step by step', async () => {
    const name = place('UPDATE_IN_PROGRESS');
    await client.send(new CancelUpdateStackCommand({ StackName: name }));
    assert.deepEqual(await looks(name, 4), [
      'UPDATE_ROLLBACK_IN_PROGRESS',
      'UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS',
      'UPDATE_ROLLBACK_COMPLETE',
      'UPDATE_ROLLBACK_COMPLETE',
    ]);
  });

  it('a scripted failure leaves its cause among the events', async () => {
    const name = place('UPDATE_ROLLBACK_FAILED');
    fake.script(name, 'ContinueUpdateRollback', {
      ends: 'UPDATE_ROLLBACK_FAILED',
      polls: 2,
      failing: { logicalId: 'Topic', reason: 'Topic is gone' },
    });
    await client.send(new ContinueUpdateRollbackCommand({ StackName: name }));
    assert.deepEqual(await looks(name, 3), [
      'UPDATE_ROLLBACK_IN_PROGRESS',
      'UPDATE_ROLLBACK_IN_PROGRESS',
      'UPDATE_ROLLBACK_FAILED',
    ]);
    const { StackEvents = [] } = await client.send(new DescribeStackEventsCommand({ StackName: fake.stack(name).id }));
    assert.equal(StackEvents[0]?.ResourceStatus, 'UPDATE_ROLLBACK_FAILED');
    assert.equal(StackEvents[1]?.ResourceStatusReason, 'Topic is gone');
  });

  it('CREATE_FAILED and UPDATE_FAILED are rolled back each its own way', async () => {
    const [created, updated] = [place('CREATE_FAILED'), place('UPDATE_FAILED')];
    for (const StackName of [created, updated]) await client.send(new RollbackStackCommand({ StackName }));
    assert.deepEqual(await looks(created, 2), ['ROLLBACK_IN_PROGRESS', 'ROLLBACK_COMPLETE']);
    assert.equal((await looks(updated, 3)).at(-1), 'UPDATE_ROLLBACK_COMPLETE');
  });

  it('a deletion can fail, and waits until told', async () => {
    const name = place('CREATE_COMPLETE');
    fake.script(name, 'DeleteStack', { ends: 'DELETE_FAILED', polls: 'until-told' });
    await client.send(new DeleteStackCommand({ StackName: name }));
    assert.deepEqual(await looks(name, 3), Array(3).fill('DELETE_IN_PROGRESS'));
    fake.settle(name);
    assert.equal(await statusOf(name), 'DELETE_FAILED');
  });

  it('an impossible script is the test’s mistake, said at once and not retried', async () => {
    const name = place('CREATE_COMPLETE');
    fake.script(name, 'DeleteStack', { ends: 'UPDATE_COMPLETE' });
    await assert.rejects(client.send(new DeleteStackCommand({ StackName: name })), /can't end in UPDATE_COMPLETE/);
  });
});

describe('termination protection', () => {
  it('stops a deletion until it is lifted', async () => {
    const name = place('CREATE_COMPLETE', { terminationProtection: true });
    const remove = (): Promise<unknown> => client.send(new DeleteStackCommand({ StackName: name }));
    await assert.rejects(remove(), {
      message: `Stack [${name}] cannot be deleted while TerminationProtection is enabled`,
    });
    await client.send(new UpdateTerminationProtectionCommand({ StackName: name, EnableTerminationProtection: false }));
    await remove();
    assert.equal(await statusOf(name), 'DELETE_IN_PROGRESS');
  });
});

describe('a stack that is not there', () => {
  const StackName = 'nobody';
  const refused = {
    describe: [new DescribeStacksCommand({ StackName }), 'Stack with id nobody does not exist'],
    template: [new GetTemplateCommand({ StackName }), 'Stack with id nobody does not exist'],
    events: [new DescribeStackEventsCommand({ StackName }), 'Stack [nobody] does not exist'],
    resources: [new ListStackResourcesCommand({ StackName }), 'Stack with id nobody does not exist'],
    cancel: [new CancelUpdateStackCommand({ StackName }), 'Stack [nobody] does not exist'],
    protection: [
      new UpdateTerminationProtectionCommand({ StackName, EnableTerminationProtection: true }),
      'Stack [nobody] does not exist',
    ],
  } as const;
  for (const [what, [command, message]] of Object.entries(refused)) {
    it(`is refused: ${what}`, async () => {
      await assert.rejects(client.send(command as DescribeStacksCommand), { name: 'ValidationError', message });
    });
  }
  it('is as good as deleted', async () => {
    await client.send(new DeleteStackCommand({ StackName }));
  });
});

describe('reads', () => {
  it('page through stacks, events and resources', async () => {
    const own = await FakeCloudFormation.start({ pageSize: 2 });
    const reader = own.client();
    const Resources = Object.fromEntries(['A', 'B', 'C', 'D', 'E'].map((id) => [id, { Type: 'AWS::SNS::Topic' }]));
    for (const name of ['one', 'two', 'three'])
      own.addStack({ name, status: 'CREATE_COMPLETE', template: { Resources } });
    const stacks = await collect(paginateDescribeStacks({ client: reader }, {}));
    assert.deepEqual(
      stacks.map(({ Stacks }) => Stacks?.map(({ StackName }) => StackName)),
      [['one', 'two'], ['three']],
    );
    const resources = await collect(paginateListStackResources({ client: reader }, { StackName: 'one' }));
    assert.deepEqual(
      resources.map(({ StackResourceSummaries }) => StackResourceSummaries?.length),
      [2, 2, 1],
    );
    own.move('one', 'UPDATE_COMPLETE');
    own.move('one', 'UPDATE_FAILED');
    const events = await collect(paginateDescribeStackEvents({ client: reader }, { StackName: 'one' }));
    assert.deepEqual(
      events.flatMap(({ StackEvents = [] }) => StackEvents.map(({ ResourceStatus }) => ResourceStatus)),
      ['UPDATE_FAILED', 'UPDATE_COMPLETE', 'CREATE_COMPLETE'],
    );
    const { StackSummaries } = await reader.send(new ListStacksCommand({ StackStatusFilter: ['UPDATE_FAILED'] }));
    assert.deepEqual(
      StackSummaries?.map(({ StackName }) => StackName),
      ['one'],
    );
    await assert.rejects(reader.send(new ListStacksCommand({ NextToken: 'made-up' })), { message: 'Invalid token' });
    await own.close();
  });

  it('give back what was placed, special characters and empty lists included', async () => {
    const tags = { owner: 'A & B <team> "x"\r\n', empty: '' };
    const name = place('CREATE_COMPLETE', { tags, parameters: { P: '1' }, outputs: { Url: 'https://x/?a=1&b=2' } });
    const { Stacks } = await client.send(new DescribeStacksCommand({ StackName: name }));
    const [stack] = Stacks ?? [];
    assert.deepEqual(stack?.Tags?.[0], { Key: 'owner', Value: tags.owner });
    assert.deepEqual(stack?.Outputs, [{ OutputKey: 'Url', OutputValue: 'https://x/?a=1&b=2' }]);
    assert.deepEqual(stack?.Parameters, [{ ParameterKey: 'P', ParameterValue: '1' }]);
    assert.deepEqual(stack?.NotificationARNs, []);
    assert.equal(stack?.EnableTerminationProtection, false);
    assert.ok(stack?.CreationTime instanceof Date);
    const { StackResources } = await client.send(new DescribeStackResourcesCommand({ StackName: name }));
    assert.deepEqual(
      StackResources?.map(({ LogicalResourceId, ResourceType }) => [LogicalResourceId, ResourceType]),
      [['Topic', 'AWS::SNS::Topic']],
    );
    const { TemplateBody } = await client.send(new GetTemplateCommand({ StackName: name }));
    assert.equal(TemplateBody, '{"Resources":{"Topic":{"Type":"AWS::SNS::Topic"}}}');
  });

  it('an operation the fake does not speak is refused, not guessed', async () => {
    await assert.rejects(client.send(new ValidateTemplateCommand({ TemplateBody: '{}' })), { name: 'InvalidAction' });
  });
});

describe('drift', () => {
  const Resources = Object.fromEntries(['A', 'B', 'C', 'D'].map((id) => [id, { Type: 'AWS::SNS::Topic' }]));
  const difference = {
    PropertyPath: '/Name',
    ExpectedValue: 'a',
    ActualValue: 'b',
    DifferenceType: 'NOT_EQUAL',
  } as const;

  async function detect(StackName: string): Promise<(string | undefined)[]> {
    const { StackDriftDetectionId } = await client.send(new DetectStackDriftCommand({ StackName }));
    const seen: (string | undefined)[] = [];
    do {
      const answer = await client.send(new DescribeStackDriftDetectionStatusCommand({ StackDriftDetectionId }));
      seen.push(answer.DetectionStatus);
      if (answer.DetectionStatus !== 'DETECTION_IN_PROGRESS') seen.push(answer.StackDriftStatus);
    } while (seen.at(-1) === 'DETECTION_IN_PROGRESS');
    return seen;
  }

  it('is detected, polled and read over pages; what was not checked is left out silently', async () => {
    const name = place('UPDATE_COMPLETE', {
      template: { Resources },
      drift: {
        B: { status: 'MODIFIED', differences: [difference], expected: { Name: 'a' } },
        D: { status: 'DELETED' },
      },
      detections: [{ polls: 2, unchecked: ['C'] }],
    });
    assert.deepEqual(await detect(name), [
      'DETECTION_IN_PROGRESS',
      'DETECTION_IN_PROGRESS',
      'DETECTION_COMPLETE',
      'DRIFTED',
    ]);
    const pages = await collect(paginateDescribeStackResourceDrifts({ client }, { StackName: name }));
    const drifts = pages.flatMap(({ StackResourceDrifts = [] }) => StackResourceDrifts);
    assert.equal(pages.length, 2);
    assert.deepEqual(
      drifts.map((drift) => [drift.LogicalResourceId, drift.StackResourceDriftStatus]),
      [
        ['A', 'IN_SYNC'],
        ['B', 'MODIFIED'],
        ['D', 'DELETED'],
      ],
    );
    assert.deepEqual(drifts[1]?.PropertyDifferences, [difference]);
    const filtered = await client.send(
      new DescribeStackResourceDriftsCommand({ StackName: name, StackResourceDriftStatusFilters: ['DELETED'] }),
    );
    assert.deepEqual(
      filtered.StackResourceDrifts?.map(({ LogicalResourceId }) => LogicalResourceId),
      ['D'],
    );
  });

  it('a stack with an unchecked resource is called in sync by the service', async () => {
    const name = place('CREATE_COMPLETE', { template: { Resources }, detections: [{ unchecked: ['A'] }] });
    assert.equal((await detect(name)).at(-1), 'IN_SYNC');
  });

  it('a detection can fail, and two at once are refused', async () => {
    const name = place('CREATE_COMPLETE', {
      detections: [
        { status: 'DETECTION_FAILED', reason: 'no permission', unchecked: ['Topic'] },
        { polls: 'until-told' },
      ],
    });
    assert.deepEqual(await detect(name), ['DETECTION_IN_PROGRESS', 'DETECTION_FAILED', 'NOT_CHECKED']);
    await client.send(new DetectStackDriftCommand({ StackName: name }));
    await assert.rejects(client.send(new DetectStackDriftCommand({ StackName: name })), {
      message: `Drift detection is already in progress for stack [${fake.stack(name).id}]`,
    });
    await assert.rejects(
      client.send(new DescribeStackDriftDetectionStatusCommand({ StackDriftDetectionId: 'made-up' })),
      { name: 'ValidationError' },
    );
  });
});

describe('faults', () => {
  it('throttling, 503 and resets are survived by retries, and each try is in the journal', async () => {
    const name = place('CREATE_COMPLETE');
    fake.journal.clear();
    fake.faults.next({ kind: 'throttle', times: 2 });
    fake.faults.next({ kind: 'unavailable' });
    fake.faults.next({ kind: 'reset' });
    assert.equal(await statusOf(name), 'CREATE_COMPLETE');
    const answers = fake.journal.of('DescribeStacks').map(({ answer }) => answer);
    assert.deepEqual(answers, ['Throttling', 'Throttling', 'ServiceUnavailable', 'reset', 'ok']);
  });

  it('more throttling than tries is an error', async () => {
    const name = place('CREATE_COMPLETE');
    fake.faults.next({ kind: 'throttle', times: 3 });
    await assert.rejects(fake.client(3).send(new DescribeStacksCommand({ StackName: name })), { name: 'Throttling' });
  });

  it('a lost answer means it was done; the same token makes the retry harmless', async () => {
    const [name, other] = [place('UPDATE_IN_PROGRESS'), place('UPDATE_IN_PROGRESS')];
    fake.faults.next({ kind: 'lost-answer', on: ['CancelUpdateStack'], times: 2 });
    await client.send(new CancelUpdateStackCommand({ StackName: name, ClientRequestToken: 'a-token' }));
    assert.equal(fake.status(name), 'UPDATE_ROLLBACK_IN_PROGRESS');
    fake.faults.next({ kind: 'lost-answer', on: ['CancelUpdateStack'] });
    await assert.rejects(client.send(new CancelUpdateStackCommand({ StackName: other })), { name: 'ValidationError' });
    assert.equal(fake.status(other), 'UPDATE_ROLLBACK_IN_PROGRESS', 'refused the second time because done the first');
    await assert.rejects(client.send(new RollbackStackCommand({ StackName: name, ClientRequestToken: 'a-token' })), {
      name: 'TokenAlreadyExistsException',
    });
  });

  it('a seeded share of calls is hit, the same each time', async () => {
    const hits = async (): Promise<string[]> => {
      const own = await FakeCloudFormation.start();
      own.addStack({ name: 's', status: 'CREATE_COMPLETE' });
      own.faults.always({ kind: 'throttle', fraction: 0.3, seed: 7 });
      const reader = own.client(20);
      for (let call = 0; call < 40; call += 1) await reader.send(new DescribeStacksCommand({ StackName: 's' }));
      await own.close();
      return own.journal.entries.map(({ answer }) => answer);
    };
    const [first, second] = [await hits(), await hits()];
    const share = first.filter((answer) => answer === 'Throttling').length / first.length;
    assert.ok(share > 0.15 && share < 0.45, `${share}`);
    assert.deepEqual(first, second);
  });

  it('a slow answer comes late', async () => {
    const name = place('CREATE_COMPLETE');
    fake.faults.next({ kind: 'slow', milliseconds: 60 });
    const start = performance.now();
    await statusOf(name);
    assert.ok(performance.now() - start >= 55);
  });

  it('somebody else can be quicker', async () => {
    const name = place('UPDATE_IN_PROGRESS');
    fake.beforeNext('CancelUpdateStack', (world) => world.move(name, 'UPDATE_COMPLETE'));
    await assert.rejects(client.send(new CancelUpdateStackCommand({ StackName: name })), { name: 'ValidationError' });
    assert.deepEqual(fake.journal.mutations(name), [`CancelUpdateStack ${name} ValidationError`]);
  });
});
