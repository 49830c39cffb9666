/** Changes of environments/*.json in words, and which properties carry them. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { loadEnvironments } from '../../../../environments/load.ts';
import { planOne, template } from '../../../testing/plan-samples.ts';
import type { Json } from '../plan.ts';
import { tieToPlans } from './carriers.ts';
import { configChanges } from './config-change.ts';
import { configInWords } from './config-words.ts';
import { factorInWords } from './factor.ts';

const words = (path: string, old: Json, next: Json): string =>
  configInWords({ environment: 'prod', path, old, new: next });

describe('words', () => {
  const cases: readonly [path: string, old: Json, next: Json, words: string][] = [
    ['api.throttle.requestsPerSecond', 2000, 500, 'API throttle 2000 → 500 requests/s, a quarter'],
    ['functions.memoryMb', 512, 1024, 'function memory 512 → 1024 MB, twice'],
    ['functions.timeoutSeconds', 30, 36, 'function timeout 30 → 36 s, up 20 %'],
    ['queue.visibilityTimeoutSeconds', 180, 360, 'queue visibility timeout 180 → 360 s, twice'],
    ['table.readCapacity', 5, 4, 'table read capacity 5 → 4 units, down 20 %'],
    ['bucket.retentionDays', 90, null, 'bucket retention 90 days → kept for ever'],
    ['bucket.retentionDays', null, 90, 'bucket retention kept for ever → 90 days'],
    ['table.deletionProtection', true, false, 'table deletion protection on → off'],
    ['api.authorization', 'AWS_IAM', 'NONE', 'API authorization `AWS_IAM` → `NONE`'],
    [
      'monitoring.notificationEmails',
      ['a@x.com'],
      ['b@x.com'],
      'monitoring notification emails: + `b@x.com`, − `a@x.com`',
    ],
    ['table.autoScaling.targetUtilizationPercent', 70, 35, 'table auto scaling target utilization 70 → 35 %, half'],
  ];
  for (const [path, old, next, expected] of cases) it(expected, () => assert.equal(words(path, old, next), expected));

  it('name new and removed environments', () => {
    const [prod] = loadEnvironments({ variables: {} }).slice(-1);
    assert.match(
      configInWords({ environment: 'x', path: '', new: prod as unknown as Json }),
      /^new environment, `production` in `us-east-1`$/,
    );
    assert.match(configInWords({ environment: 'x', path: '', old: {} }), /^environment removed/);
  });

  it('exist for every field there is', () => {
    for (const environment of loadEnvironments({ variables: {} })) {
      const base = { e: environment as unknown as Json };
      const head = {
        e: JSON.parse(JSON.stringify(environment), (_, value) =>
          typeof value === 'number' ? value + 1 : value,
        ) as Json,
      };
      for (const change of configChanges(base, head)) {
        assert.match(
          configInWords(change),
          /^[A-Za-z ]+ \d+ → \d+( (MB|s|days|units|%|requests\/s|requests))?, /,
          change.path,
        );
      }
    }
  });
});

describe('factors', () => {
  for (const [old, next, expected] of [
    [1, 10, 'ten times'],
    [3, 1, 'a third'],
    [2, 15, '7.5 times'],
    [100, 101, 'up 1 %'],
    [0, 5, 'from zero'],
    [5, 0, 'down to zero'],
  ] as const) {
    it(`${old} → ${next}: ${expected}`, () => assert.equal(factorInWords(old, next), expected));
  }
});

describe('carriers', () => {
  const resources = (memory: number, days: number, rate: number, protection: boolean) =>
    template({
      Function: { Type: 'AWS::Lambda::Function', Properties: { MemorySize: memory, Timeout: 30 } },
      Queue: { Type: 'AWS::SQS::Queue', Properties: { MessageRetentionPeriod: days * 86_400 } },
      Stage: {
        Type: 'AWS::ApiGateway::Stage',
        Properties: { StageName: 'v1', MethodSettings: [{ ThrottlingRateLimit: rate }] },
      },
      Table: { Type: 'AWS::DynamoDB::Table', Properties: { DeletionProtectionEnabled: protection } },
    });
  const { plan } = planOne(resources(512, 4, 100, false), resources(1024, 8, 50, true));
  const config = (memoryMb: number, retentionDays: number, requestsPerSecond: number, on: boolean): Json => ({
    functions: { memoryMb },
    queue: { retentionDays },
    api: { throttle: { requestsPerSecond } },
    table: { deletionProtection: on, pointInTimeRecovery: on },
    promotion: { approval: on },
  });
  const tied = tieToPlans(configChanges({ dev: config(512, 4, 100, false) }, { dev: config(1024, 8, 50, true) }), [
    plan,
  ]);
  const carriersOf = (path: string): string[] =>
    tied
      .find((change) => change.path === path)
      ?.carriedBy.map(({ resource, property }) => `${resource} ${property}`) ?? ['no change'];

  it('are properties that went from the same to the same value, also in another unit', () => {
    assert.deepEqual(carriersOf('functions.memoryMb'), ['Function MemorySize']);
    assert.deepEqual(carriersOf('queue.retentionDays'), ['Queue MessageRetentionPeriod']);
    assert.deepEqual(carriersOf('api.throttle.requestsPerSecond'), ['Stage MethodSettings[0].ThrottlingRateLimit']);
  });
  it('of switches are those that share their words; others carry nothing', () => {
    assert.deepEqual(carriersOf('table.deletionProtection'), ['Table DeletionProtectionEnabled']);
    assert.deepEqual(carriersOf('table.pointInTimeRecovery'), []);
    assert.deepEqual(carriersOf('promotion.approval'), []);
  });
});

it('secrets in a file are masked', () => {
  const [change] = configChanges({ dev: { apiToken: 'one' } }, { dev: { apiToken: 'two' } });
  assert.doesNotMatch(JSON.stringify(change), /one|two/);
  for (const [base, head] of [
    [{}, { dev: { apiToken: 'one' } }],
    [{ dev: { apiToken: 'one' } }, {}],
  ] as const) {
    assert.doesNotMatch(JSON.stringify(configChanges(base, head)), /one/, 'of a new or removed environment too');
  }
});
