/** CloudFormation's drift detection, against the fake over HTTP: pages, throttling, slow and failed detections, every status. */
import assert from 'node:assert/strict';
import { describe, type TestContext, test } from 'node:test';
import { StackStatus } from '@aws-sdk/client-cloudformation';
import { loadEnvironments } from '../../../environments/load.ts';
import type { Clock } from '../../core/clock.ts';
import type { DriftCheck } from '../../core/drift/drift-check.ts';
import { assembleReport } from '../../core/drift/report.ts';
import { FakeCloudFormation, type PlacedStack } from '../../testing/fake-cloudformation/fake-cloudformation.ts';
import { readStackResources } from './deployed-stacks.ts';
import { detectNativeDrift } from './native-detector.ts';

const environments = loadEnvironments({ variables: {} });
const tableOf = (name: string) => {
  const found = environments.find((environment) => environment.name === name);
  assert.ok(found);
  return found.table;
};

/** Sleeping passes time and takes none. */
function quickClock(): Clock {
  let now = 0;
  return {
    now: () => now,
    sleep: async (milliseconds, signal) => {
      signal?.throwIfAborted();
      now += milliseconds;
    },
    random: () => 0.5,
  };
}

const template = (...types: readonly string[]) => ({
  Resources: Object.fromEntries(types.map((Type, index) => [`R${index}`, { Type }])),
});

async function fakeWith(t: TestContext, stacks: readonly PlacedStack[], pageSize = 2): Promise<FakeCloudFormation> {
  const fake = await FakeCloudFormation.start({ pageSize });
  t.after(() => fake.close());
  for (const stack of stacks) fake.addStack(stack);
  return fake;
}

async function detect(fake: FakeCloudFormation, names: readonly string[], attempts?: number) {
  const client = fake.client(attempts);
  const clock = quickClock();
  const present = names.filter((name) => fake.status(name) !== 'DELETE_COMPLETE' && fake.status(name) !== 'ABSENT');
  const resources = await readStackResources(client, present, { clock });
  const checks = await detectNativeDrift({
    client,
    stacks: names,
    resources,
    table: tableOf('prod'),
    clock,
    pollMs: 1_000,
    deadlineMs: 60_000,
  });
  return { checks, resources };
}

const line = ({ id, subject, property, status }: DriftCheck): string =>
  [status, id, ...(property === id ? [] : [property]), subject].join(' ');

const difference = (PropertyPath: string, ExpectedValue: string, ActualValue: string) => ({
  PropertyPath,
  ExpectedValue,
  ActualValue,
  DifferenceType: 'NOT_EQUAL' as const,
});

describe('native drift detection', () => {
  test('gives every resource of every page, property by property', async (t) => {
    const fake = await fakeWith(t, [
      {
        name: 'a-dev',
        status: 'CREATE_COMPLETE',
        template: template('AWS::A', 'AWS::A', 'AWS::A', 'AWS::A', 'AWS::A'),
        drift: {
          R1: {
            status: 'MODIFIED',
            differences: [difference('/MemorySize', '512', '256'), difference('/Timeout', '30', '7')],
          },
          R3: { status: 'DELETED' },
        },
      },
    ]);
    const { checks } = await detect(fake, ['a-dev']);
    assert.deepEqual(checks.map(line), [
      'pass cloudformation.resource a-dev-R0',
      'fail cloudformation.property /MemorySize a-dev-R1',
      'fail cloudformation.property /Timeout a-dev-R1',
      'pass cloudformation.resource a-dev-R2',
      'fail cloudformation.resource present a-dev-R3',
      'pass cloudformation.resource a-dev-R4',
    ]);
    assert.deepEqual([checks[1]?.expected, checks[1]?.actual], [512, 256]);
    assert.deepEqual([checks[4]?.expected, checks[4]?.actual], ['present', 'deleted']);
  });

  test('another spelling, and capacity that auto-scaling moved within its bounds, are no drift', async (t) => {
    const path = '/ProvisionedThroughput/ReadCapacityUnits';
    const table = (actual: string) => ({
      status: 'MODIFIED' as const,
      differences: [
        difference(path, '25', actual),
        difference('/Tags', '[{"Key":"a"},{"Key":"b"}]', '[{"Key":"b"},{"Key":"a"}]'),
      ],
    });
    const fake = await fakeWith(t, [
      {
        name: 'a-dev',
        status: 'UPDATE_COMPLETE',
        template: template('AWS::DynamoDB::Table', 'AWS::DynamoDB::Table', 'AWS::IAM::Role'),
        drift: {
          R0: table('60'),
          R1: table('9000'),
          R2: { status: 'MODIFIED', differences: [difference('/P', '{"a":1,"b":[2]}', '{ "b": ["2"], "a": "1" }')] },
        },
      },
    ]);
    const { checks } = await detect(fake, ['a-dev']);
    assert.deepEqual(checks.map(line), [
      'pass cloudformation.resource a-dev-R0',
      `fail cloudformation.property ${path} a-dev-R1`,
      'pass cloudformation.resource a-dev-R2',
    ]);
  });

  test('what is not checked is unknown: left out where the type is known, not supported where it is not', async (t) => {
    const fake = await fakeWith(t, [
      {
        name: 'a-dev',
        status: 'CREATE_COMPLETE',
        template: template('AWS::A', 'AWS::A', 'Custom::Thing'),
        detections: [{ unchecked: ['R1', 'R2'] }],
      },
    ]);
    const { checks } = await detect(fake, ['a-dev']);
    assert.deepEqual(checks.map(line), [
      'pass cloudformation.resource a-dev-R0',
      'unknown cloudformation.unchecked a-dev/R1',
      'unknown cloudformation.unsupported a-dev/R2',
    ]);
  });

  test('a failed detection says why for what it left out, and keeps what it found', async (t) => {
    const reason = 'Failed to detect drift on resource [R1]. Rate exceeded.';
    const fake = await fakeWith(t, [
      {
        name: 'a-dev',
        status: 'CREATE_COMPLETE',
        template: template('AWS::A', 'AWS::B'),
        drift: { R0: { status: 'DELETED' } },
        detections: [{ status: 'DETECTION_FAILED', reason, unchecked: ['R1'] }],
      },
    ]);
    const { checks } = await detect(fake, ['a-dev']);
    assert.deepEqual(checks.map(line), [
      'fail cloudformation.resource present a-dev-R0',
      'unknown cloudformation.unchecked a-dev/R1',
    ]);
    assert.match(checks[1]?.detail ?? '', /DETECTION_FAILED: .*Rate exceeded/);
  });

  test('a slow detection is waited for, one without an end is unknown, and the others are not kept', async (t) => {
    const fake = await fakeWith(t, [
      { name: 'slow-dev', status: 'CREATE_COMPLETE', detections: [{ polls: 12 }] },
      { name: 'never-dev', status: 'CREATE_COMPLETE', detections: [{ polls: 'until-told' }] },
      { name: 'quick-dev', status: 'CREATE_COMPLETE' },
    ]);
    const { checks } = await detect(fake, ['slow-dev', 'never-dev', 'quick-dev']);
    assert.deepEqual(checks.map(line), [
      'pass cloudformation.resource slow-dev-Topic',
      'pass cloudformation.resource quick-dev-Topic',
      'unknown cloudformation.stack never-dev',
    ]);
  });

  test('what an earlier detection found is no answer of this one', async (t) => {
    const fake = await fakeWith(t, [{ name: 'a-dev', status: 'CREATE_COMPLETE', template: template('AWS::A') }]);
    const client = fake.client();
    // The answer as AWS keeps it of a resource that this detection did not reach.
    client.middlewareStack.add(
      (next, context) => async (args) => {
        const result = await next(args);
        const { StackResourceDrifts } = result.output as { StackResourceDrifts?: { Timestamp?: Date }[] };
        if (context.commandName === 'DescribeStackResourceDriftsCommand') {
          for (const drift of StackResourceDrifts ?? []) drift.Timestamp = new Date(0);
        }
        return result;
      },
      { step: 'initialize' },
    );
    const clock = quickClock();
    const resources = await readStackResources(client, ['a-dev'], { clock });
    const checks = await detectNativeDrift({ client, stacks: ['a-dev'], resources, table: tableOf('dev'), clock });
    assert.deepEqual(
      checks.map(({ status }) => status),
      ['unknown'],
    );
  });

  test('somebody else’s detection of the same stack is waited for', async (t) => {
    const fake = await fakeWith(t, [{ name: 'a-dev', status: 'CREATE_COMPLETE', detections: [{ polls: 0 }, {}] }]);
    const client = fake.client();
    const { DetectStackDriftCommand, DescribeStackDriftDetectionStatusCommand } = await import(
      '@aws-sdk/client-cloudformation'
    );
    const { StackDriftDetectionId } = await client.send(new DetectStackDriftCommand({ StackName: 'a-dev' }));
    let refused = 0;
    const clock = quickClock();
    const patient: Clock = {
      ...clock,
      sleep: async (milliseconds, signal) => {
        refused += 1;
        // Theirs ends while ours waits.
        if (refused === 2) await client.send(new DescribeStackDriftDetectionStatusCommand({ StackDriftDetectionId }));
        await clock.sleep(milliseconds, signal);
      },
    };
    const resources = await readStackResources(client, ['a-dev'], { clock });
    const checks = await detectNativeDrift({
      client,
      stacks: ['a-dev'],
      resources,
      table: tableOf('dev'),
      clock: patient,
    });
    assert.deepEqual(
      checks.map(({ status }) => status),
      ['pass'],
    );
    assert.ok(refused >= 2);
  });

  test('only four statuses can be checked; stacks in every other one are unknown, by name and with the status', async (t) => {
    const checkable = ['CREATE_COMPLETE', 'UPDATE_COMPLETE', 'UPDATE_ROLLBACK_COMPLETE', 'UPDATE_ROLLBACK_FAILED'];
    const statuses = Object.values(StackStatus).filter((status) => status !== 'DELETE_COMPLETE');
    const nameOf = (status: string): string => `${status.toLowerCase().replaceAll('_', '-')}-dev`;
    const fake = await fakeWith(
      t,
      statuses.map((status) => ({ name: nameOf(status), status, polls: 'until-told' as const })),
    );
    const { checks } = await detect(fake, statuses.map(nameOf));
    for (const status of statuses) {
      const own = checks.filter(({ subject }) => subject.startsWith(nameOf(status)));
      const expected = checkable.includes(status) ? ['pass'] : ['unknown'];
      assert.deepEqual(
        own.map((check) => check.status),
        expected,
        status,
      );
      if (!checkable.includes(status)) assert.match(own[0]?.detail ?? '', new RegExp(`\\[${status}\\]`));
    }
    assert.equal(statuses.length, 22);
  });

  test('a stack that is gone is unknown, not in sync', async (t) => {
    const fake = await fakeWith(t, []);
    const { checks } = await detect(fake, ['gone-dev']);
    assert.deepEqual(checks.map(line), ['unknown cloudformation.stack gone-dev']);
  });

  test('200 stacks with 30 % of the calls throttled: all is checked, and nothing unchecked is called in sync', async (t) => {
    const names = Array.from({ length: 200 }, (_, index) => `stack-${index}-dev`);
    const fake = await fakeWith(
      t,
      names.map((name, index) => ({
        name,
        status: 'UPDATE_COMPLETE' as const,
        template: template('AWS::A', 'AWS::A', 'AWS::A'),
        detections: [{ polls: index % 3, ...(index % 10 === 0 && { unchecked: ['R2'] }) }],
        ...(index % 20 === 0 && { drift: { R1: { status: 'DELETED' as const } } }),
      })),
    );
    fake.faults.always({ kind: 'throttle', fraction: 0.3, seed: 7 });
    // Two attempts: throttling then gets past the SDK often, as it does when many wait.
    const { checks, resources } = await detect(fake, names, 2);
    const count = (status: DriftCheck['status']): number => checks.filter((check) => check.status === status).length;
    assert.deepEqual(
      { resources: resources.length, pass: count('pass'), fail: count('fail'), unknown: count('unknown') },
      { resources: 600, pass: 570, fail: 10, unknown: 20 },
    );
    const report = assembleReport({
      environment: 'dev',
      stage: 'production',
      local: false,
      checks,
      resources,
      waivers: [],
      now: new Date(),
      excused: [],
      notes: [],
    });
    assert.deepEqual([report.result, report.ok, report.findings.length], ['drifted', false, 10]);
    assert.deepEqual([report.coverage.checked, report.coverage.total], [580, 600]);
    assert.deepEqual(new Set(report.coverage.unchecked.map(({ logicalId }) => logicalId)), new Set(['R2']));
    assert.ok(fake.journal.entries.some(({ answer }) => answer === 'Throttling'));
  });

  test('an interruption ends it', async (t) => {
    const fake = await fakeWith(t, [
      { name: 'a-dev', status: 'CREATE_COMPLETE', detections: [{ polls: 'until-told' }] },
    ]);
    const controller = new AbortController();
    const clock = quickClock();
    const client = fake.client();
    const resources = await readStackResources(client, ['a-dev'], { clock });
    const stopping: Clock = { ...clock, sleep: async () => controller.abort(new Error('interrupted')) };
    await assert.rejects(
      detectNativeDrift({
        client,
        stacks: ['a-dev'],
        resources,
        table: tableOf('dev'),
        clock: stopping,
        signal: controller.signal,
      }),
      /interrupted/,
    );
  });
});
