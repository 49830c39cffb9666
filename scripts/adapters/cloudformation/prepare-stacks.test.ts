/** Every stack status × deploy and rollback: the calls made, the end state, or the refusal's text. And what goes wrong. */
import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import type { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import type { Clock } from '../../core/clock.ts';
import type { Task } from '../../core/progress.ts';
import { type Purpose, STACK_STATUSES, type StackState, type StackStatus } from '../../core/stacks/status.ts';
import { FakeCloudFormation, type PlacedStack } from '../../testing/fake-cloudformation/fake-cloudformation.ts';
import {
  type PrepareStacksInput,
  prepareStacks,
  type StackPreparation,
  StacksNotReadyError,
} from './prepare-stacks.ts';

let fake: FakeCloudFormation;
let client: CloudFormationClient;
before(async () => {
  fake = await FakeCloudFormation.start();
  client = fake.client();
});
after(() => fake.close());

/** Time that passes only by sleeping. */
let slept: number[] = [];
const clock: Clock = {
  now: () => slept.reduce((sum, each) => sum + each, 0),
  sleep: async (milliseconds, signal) => {
    signal?.throwIfAborted();
    slept.push(milliseconds);
  },
  random: () => 0.5,
};

let said: string[] = [];
const task = (title: string): Task => ({
  update: (text) => said.push(`${title}: ${text}`),
  done: (text) => said.push(`${title} done: ${text}`),
  fail: (text) => said.push(`${title} failed: ${text}`),
  child: (name) => task(name),
});

beforeEach(() => {
  slept = [];
  said = [];
  fake.journal.clear();
  fake.faults.clear();
});

let count = 0;
/** A stack of its own for each test. */
function place(status: StackStatus, more: Partial<PlacedStack> = {}): string {
  count += 1;
  const name = `trading-${count}`;
  fake.addStack({ polls: 2, ...more, name, status });
  return name;
}

const prepare = (stackNames: readonly string[], more: Partial<PrepareStacksInput> = {}): Promise<StackPreparation[]> =>
  prepareStacks(
    {
      stackNames,
      purpose: 'deploy',
      stage: 'staging',
      recreateFailed: false,
      task: task('environment'),
      waitMs: 100_000,
      pollMs: 1_000,
      ...more,
    },
    { client, clock },
  );

async function refused(work: Promise<unknown>): Promise<StacksNotReadyError> {
  const error = await work.then(
    () => assert.fail('it was not refused'),
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof StacksNotReadyError, String(error));
  assert.equal(error.exitCode, 1);
  return error;
}

/** What is to come of a status: mutations in order and the state it ends in, or a part of the refusal's text. */
type Expected =
  | { readonly calls: readonly string[]; readonly ends: StackState; readonly deployAs: 'create' | 'update' }
  | { readonly refusal: RegExp };

const leave = (ends: StackState, deployAs: 'create' | 'update' = 'update'): Expected => ({ calls: [], ends, deployAs });
const both = (expected: Expected): Record<Purpose, Expected> => ({ deploy: expected, rollback: expected });

const TABLE: Readonly<Record<StackState, Record<Purpose, Expected>>> = {
  ABSENT: both(leave('ABSENT', 'create')),
  DELETE_COMPLETE: both(leave('ABSENT', 'create')),
  CREATE_COMPLETE: both(leave('CREATE_COMPLETE')),
  UPDATE_COMPLETE: both(leave('UPDATE_COMPLETE')),
  IMPORT_COMPLETE: both(leave('IMPORT_COMPLETE')),
  UPDATE_ROLLBACK_COMPLETE: both(leave('UPDATE_ROLLBACK_COMPLETE')),
  IMPORT_ROLLBACK_COMPLETE: both(leave('IMPORT_ROLLBACK_COMPLETE')),

  CREATE_IN_PROGRESS: both(leave('CREATE_COMPLETE')),
  DELETE_IN_PROGRESS: both(leave('ABSENT', 'create')),
  UPDATE_ROLLBACK_IN_PROGRESS: both(leave('UPDATE_ROLLBACK_COMPLETE')),
  UPDATE_COMPLETE_CLEANUP_IN_PROGRESS: both(leave('UPDATE_COMPLETE')),
  UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS: both(leave('UPDATE_ROLLBACK_COMPLETE')),
  IMPORT_IN_PROGRESS: both(leave('IMPORT_COMPLETE')),
  IMPORT_ROLLBACK_IN_PROGRESS: both(leave('IMPORT_ROLLBACK_COMPLETE')),
  // A creation that is being taken back ends in ROLLBACK_COMPLETE, from which only a deletion leads.
  ROLLBACK_IN_PROGRESS: both({ calls: ['DeleteStack'], ends: 'ABSENT', deployAs: 'create' }),
  UPDATE_IN_PROGRESS: {
    deploy: leave('UPDATE_COMPLETE'),
    rollback: { calls: ['CancelUpdateStack'], ends: 'UPDATE_ROLLBACK_COMPLETE', deployAs: 'update' },
  },

  REVIEW_IN_PROGRESS: both({ calls: ['DeleteChangeSet'], ends: 'REVIEW_IN_PROGRESS', deployAs: 'create' }),
  CREATE_FAILED: both({ calls: ['RollbackStack', 'DeleteStack'], ends: 'ABSENT', deployAs: 'create' }),
  UPDATE_FAILED: both({ calls: ['RollbackStack'], ends: 'UPDATE_ROLLBACK_COMPLETE', deployAs: 'update' }),
  UPDATE_ROLLBACK_FAILED: both({
    calls: ['ContinueUpdateRollback'],
    ends: 'UPDATE_ROLLBACK_COMPLETE',
    deployAs: 'update',
  }),
  ROLLBACK_COMPLETE: both({ calls: ['DeleteStack'], ends: 'ABSENT', deployAs: 'create' }),

  ROLLBACK_FAILED: both({
    refusal:
      /^NAME is in ROLLBACK_FAILED: its creation failed, and so did taking it back\. .* staging stage .* run again with --recreate-failed\.$/,
  }),
  DELETE_FAILED: both({
    refusal: /^NAME is in DELETE_FAILED: it was to be deleted, .* aws cloudformation delete-stack --stack-name NAME\./,
  }),
  IMPORT_ROLLBACK_FAILED: both({
    refusal: /^NAME is in IMPORT_ROLLBACK_FAILED: an import of resources by hand failed/,
  }),
};

describe('every status', () => {
  it('is in the table', () => {
    assert.deepEqual(Object.keys(TABLE).sort(), [...STACK_STATUSES, 'ABSENT'].sort());
    assert.equal(STACK_STATUSES.length, 23);
  });

  for (const [state, byPurpose] of Object.entries(TABLE) as [StackState, Record<Purpose, Expected>][]) {
    for (const [purpose, expected] of Object.entries(byPurpose) as [Purpose, Expected][]) {
      it(`${state}, ${purpose}`, async () => {
        const changeSets = state === 'REVIEW_IN_PROGRESS' ? ['cdk-deploy-change-set'] : [];
        const name = state === 'ABSENT' ? 'nobody' : place(state, { changeSets });
        if ('refusal' in expected) {
          const { message } = await refused(prepare([name], { purpose }));
          assert.match(message.replaceAll(name, 'NAME'), expected.refusal);
          assert.deepEqual(fake.journal.mutations(), []);
          assert.equal(fake.status(name), state, 'left as it was');
          return;
        }
        const [preparation] = await prepare([name], { purpose });
        assert.deepEqual(
          fake.journal.mutations(name),
          expected.calls.map((call) => `${call} ${name}`),
        );
        assert.equal(fake.status(name), expected.ends);
        assert.deepEqual(
          [preparation?.after, preparation?.deployAs, preparation?.refusal],
          [expected.ends, expected.deployAs, null],
        );
        // Idempotent: a second run has nothing to do.
        fake.journal.clear();
        await prepare([name], { purpose });
        assert.deepEqual(fake.journal.mutations(name), []);
      });
    }
  }
});

describe('ROLLBACK_FAILED', () => {
  it('is deleted in a development stage', async () => {
    const name = place('ROLLBACK_FAILED');
    await prepare([name], { stage: 'development' });
    assert.deepEqual(fake.journal.mutations(), [`DeleteStack ${name}`]);
    assert.equal(fake.status(name), 'ABSENT');
  });

  it('is deleted beyond it when a person says so', async () => {
    const name = place('ROLLBACK_FAILED');
    await prepare([name], { stage: 'production', recreateFailed: true });
    assert.equal(fake.status(name), 'ABSENT');
  });
});

describe('waiting', () => {
  it('ends at the deadline, with a refusal and without a call', async () => {
    const name = place('UPDATE_IN_PROGRESS', { polls: 'until-told' });
    const error = await refused(prepare([name], { waitMs: 10_000 }));
    assert.match(
      error.message,
      new RegExp(`^${name} is still in UPDATE_IN_PROGRESS after 10 s\\..*npm run rollback cancels`),
    );
    assert.deepEqual(fake.journal.mutations(), []);
    assert.equal(slept.length, 10);
  });

  it('an update that was cancelled and does not move is not cancelled again', async () => {
    const name = place('UPDATE_IN_PROGRESS');
    fake.script(name, 'CancelUpdateStack', { polls: 'until-told' });
    // The service still shows the update for a while after it accepted the cancellation.
    fake.beforeNext('DescribeStacks', () => undefined);
    fake.beforeNext('DescribeStacks', (world) => world.move(name, 'UPDATE_IN_PROGRESS', [], 'until-told'));
    const error = await refused(prepare([name], { purpose: 'rollback', waitMs: 20_000 }));
    assert.match(error.message, /is still in UPDATE_IN_PROGRESS/);
    assert.deepEqual(fake.journal.mutations(), [`CancelUpdateStack ${name}`]);
  });

  it('has jitter: a fifth either way', async () => {
    const name = place('CREATE_IN_PROGRESS', { polls: 4 });
    const draws = [0, 0.999];
    await prepareStacks(
      { stackNames: [name], purpose: 'deploy', stage: 'staging', recreateFailed: false, task: task(''), pollMs: 1_000 },
      { client, clock: { ...clock, random: () => draws.shift() ?? 0.5 } },
    );
    assert.deepEqual(slept.map(Math.round), [800, 1200, 1000, 1000]);
  });

  it('stops when interrupted', async () => {
    const name = place('CREATE_IN_PROGRESS', { polls: 'until-told' });
    const interruption = new AbortController();
    fake.beforeNext('DescribeStacks', () => undefined);
    fake.beforeNext('DescribeStacks', () => interruption.abort(new Error('interrupted')));
    await assert.rejects(prepare([name], { signal: interruption.signal }), /interrupted|aborted/i);
  });
});

describe('an operation that fails', () => {
  it('again is not repeated; the refusal names the first cause and the way out', async () => {
    const name = place('UPDATE_ROLLBACK_FAILED');
    fake.script(name, 'ContinueUpdateRollback', {
      ends: 'UPDATE_ROLLBACK_FAILED',
      failing: { logicalId: 'Topic', reason: 'Topic was deleted by hand.' },
    });
    const { message, preparations } = await refused(prepare([name]));
    assert.equal(preparations[0]?.refusal?.code, 'OPERATION_FAILED_AGAIN');
    assert.match(
      message,
      /^ContinueUpdateRollback left \S+ in UPDATE_ROLLBACK_FAILED: Topic \(AWS::SNS::Topic\) UPDATE_FAILED: Topic was deleted by hand\. /,
    );
    assert.match(message, /--resources-to-skip LOGICAL_ID\.$/);
    assert.deepEqual(fake.journal.mutations(), [`ContinueUpdateRollback ${name}`]);
    assert.equal(fake.journal.of('ContinueUpdateRollback')[0]?.input.ResourcesToSkip, undefined);
  });

  it('a deletion is not repeated either', async () => {
    const name = place('ROLLBACK_COMPLETE');
    fake.script(name, 'DeleteStack', {
      ends: 'DELETE_FAILED',
      failing: { logicalId: 'B', reason: 'Bucket not empty' },
    });
    const { message, preparations } = await refused(prepare([name]));
    assert.equal(preparations[0]?.refusal?.code, 'DELETE_FAILED');
    assert.match(message, /^DeleteStack left \S+ in DELETE_FAILED: B \(\S+\) DELETE_FAILED: Bucket not empty\. /);
    assert.deepEqual(fake.journal.mutations(), [`DeleteStack ${name}`]);
  });

  it('a cancelled update whose rollback fails is continued', async () => {
    const name = place('UPDATE_IN_PROGRESS');
    fake.script(name, 'CancelUpdateStack', { ends: 'UPDATE_ROLLBACK_FAILED' });
    await prepare([name], { purpose: 'rollback' });
    assert.deepEqual(fake.journal.mutations(), [`CancelUpdateStack ${name}`, `ContinueUpdateRollback ${name}`]);
    assert.equal(fake.status(name), 'UPDATE_ROLLBACK_COMPLETE');
  });

  it('a rolled-back creation that CloudFormation deletes by itself is created anew', async () => {
    const name = place('CREATE_FAILED');
    fake.script(name, 'RollbackStack', { ends: 'DELETE_COMPLETE' });
    const [preparation] = await prepare([name]);
    assert.deepEqual(fake.journal.mutations(), [`RollbackStack ${name}`]);
    assert.equal(preparation?.deployAs, 'create');
  });
});

describe('a stack that changes between look and step', () => {
  it('is looked at again: the update ended before it could be cancelled', async () => {
    const name = place('UPDATE_IN_PROGRESS', { polls: 'until-told' });
    fake.beforeNext('CancelUpdateStack', (world) => world.move(name, 'UPDATE_COMPLETE'));
    const [preparation] = await prepare([name], { purpose: 'rollback' });
    assert.equal(preparation?.after, 'UPDATE_COMPLETE');
    assert.deepEqual(fake.journal.mutations(), [`CancelUpdateStack ${name} ValidationError`]);
  });

  it('and never comes to rest is given up after a few times', async () => {
    const name = place('UPDATE_FAILED');
    for (let time = 0; time < 10; time += 1) {
      fake.beforeNext('RollbackStack', (world) => world.move(name, 'UPDATE_ROLLBACK_FAILED'));
      fake.beforeNext('ContinueUpdateRollback', (world) => world.move(name, 'UPDATE_FAILED'));
    }
    const { preparations } = await refused(prepare([name]));
    assert.equal(preparations[0]?.refusal?.code, 'NEVER_SETTLES');
  });

  it('and shows its old status for a moment after an operation is believed later', async () => {
    const name = place('UPDATE_ROLLBACK_FAILED');
    const late: StackStatus[] = ['UPDATE_ROLLBACK_IN_PROGRESS', 'UPDATE_ROLLBACK_COMPLETE'];
    fake.beforeNext('DescribeStacks', () => undefined);
    fake.beforeNext('DescribeStacks', (world) => world.move(name, 'UPDATE_ROLLBACK_FAILED', late));
    const [preparation] = await prepare([name]);
    assert.equal(preparation?.after, 'UPDATE_ROLLBACK_COMPLETE');
    assert.deepEqual(fake.journal.mutations(), [`ContinueUpdateRollback ${name}`]);
  });

  it('a lost answer does not start the operation twice', async () => {
    const name = place('UPDATE_ROLLBACK_FAILED');
    fake.faults.next({ kind: 'lost-answer', on: ['ContinueUpdateRollback'] });
    await prepare([name]);
    assert.equal(fake.status(name), 'UPDATE_ROLLBACK_COMPLETE');
    const tokens = fake.journal.of('ContinueUpdateRollback').map(({ input }) => input.ClientRequestToken);
    assert.equal(tokens.length, 2, 'the SDK tried twice');
    assert.equal(new Set(tokens).size, 1, 'under one token');
  });

  it('throttling does not stop it', async () => {
    const name = place('CREATE_FAILED');
    fake.faults.always({ kind: 'throttle', fraction: 0.3, seed: 3 });
    await prepare([name]);
    assert.equal(fake.status(name), 'ABSENT');
  });
});

describe('protection and foreign things', () => {
  it('termination protection is not lifted; nothing is touched, not even the other stacks', async () => {
    const [kept, other] = [place('ROLLBACK_COMPLETE', { terminationProtection: true }), place('ROLLBACK_COMPLETE')];
    const { message } = await refused(prepare([other, kept]));
    assert.match(message, new RegExp(`^${kept} is in ROLLBACK_COMPLETE .* termination protection is on\\.`));
    assert.deepEqual(fake.journal.mutations(), []);
  });

  it('change sets that are not ours are kept, and said', async () => {
    const name = place('REVIEW_IN_PROGRESS', {
      changeSets: ['gitops-diff-1', 'somebody-elses', 'cdk-diff-change-set'],
    });
    const [preparation] = await prepare([name]);
    assert.deepEqual(
      fake.journal.of('DeleteChangeSet').map(({ input }) => input.ChangeSetName),
      ['gitops-diff-1', 'cdk-diff-change-set'],
    );
    assert.match(preparation?.did[0]?.detail ?? '', /somebody-elses is not ours: kept/);
  });

  it('a change set that is still being made is waited for', async () => {
    const name = place('REVIEW_IN_PROGRESS', { changeSets: ['gitops-diff-1'] });
    const [changeSet] = fake.stack(name).changeSets;
    assert.ok(changeSet);
    changeSet.status = 'CREATE_IN_PROGRESS';
    fake.beforeNext('DeleteChangeSet', () => undefined);
    fake.beforeNext('DeleteChangeSet', () => {
      changeSet.status = 'CREATE_COMPLETE';
    });
    await prepare([name]);
    assert.deepEqual(fake.journal.mutations(), [
      `DeleteChangeSet ${name} InvalidChangeSetStatus`,
      `DeleteChangeSet ${name}`,
    ]);
  });
});

describe('all stacks together', () => {
  it('are led side by side, each refusal is told, and what was done is said', async () => {
    const stuck = place('UPDATE_IN_PROGRESS', { polls: 'until-told' });
    const failing = place('UPDATE_ROLLBACK_FAILED');
    const fine = place('UPDATE_COMPLETE');
    fake.script(failing, 'ContinueUpdateRollback', { ends: 'UPDATE_ROLLBACK_FAILED' });
    const { message, preparations } = await refused(prepare([stuck, failing, fine], { waitMs: 5_000 }));
    assert.equal(message.split('\n').length, 2);
    assert.deepEqual(
      preparations.map(({ stackName, refusal }) => [stackName, refusal?.code ?? null]),
      [
        [stuck, 'STILL_MOVING'],
        [failing, 'OPERATION_FAILED_AGAIN'],
        [fine, null],
      ],
    );
    assert.ok(said.some((line) => line.startsWith(`${stuck} failed: ${stuck} is still`)));
    assert.ok(!said.some((line) => line.startsWith(fine)), 'a stack that needs nothing says nothing');
  });

  it('say what was done', async () => {
    const name = place('CREATE_FAILED');
    const [preparation] = await prepare([name]);
    assert.deepEqual(
      preparation?.did.map(({ step, from, to }) => `${step}: ${from} → ${to}`),
      [
        'roll-back: CREATE_FAILED → ROLLBACK_IN_PROGRESS',
        'wait: ROLLBACK_IN_PROGRESS → ROLLBACK_COMPLETE',
        'delete: ROLLBACK_COMPLETE → DELETE_IN_PROGRESS',
        'wait: DELETE_IN_PROGRESS → ABSENT',
      ],
    );
    assert.match(said.at(-1) ?? '', new RegExp(`^${name} done: roll-back: CREATE_FAILED`));
  });
});
