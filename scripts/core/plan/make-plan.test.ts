/** What a plan says of each kind of change, and what it leaves out. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { environment, planOne, stack, template } from '../../testing/plan-samples.ts';
import { makePlan } from './make-plan.ts';
import { isEmpty } from './plan.ts';

const HASH_A = 'a'.repeat(64);
const HASH_B = 'b'.repeat(64);

const fn = (properties: Record<string, unknown> = {}, key = HASH_A) => ({
  Type: 'AWS::Lambda::Function',
  Properties: {
    FunctionName: 'f-dev',
    MemorySize: 512,
    Code: { S3Bucket: 'assets', S3Key: `${key}.zip` },
    ...properties,
  },
});
const withVersion = (hash: string, properties: Record<string, unknown> = {}, key = HASH_A) =>
  template({
    Function: fn(properties, key),
    [`Version${hash}`]: {
      Type: 'AWS::Lambda::Version',
      Properties: { FunctionName: { Ref: 'Function' } },
      Metadata: { 'aws:cdk:path': 'stack-dev/Function/CurrentVersion/Resource' },
    },
    Alias: {
      Type: 'AWS::Lambda::Alias',
      Properties: {
        Name: 'live',
        FunctionName: { Ref: 'Function' },
        FunctionVersion: { 'Fn::GetAtt': [`Version${hash}`, 'Version'] },
      },
    },
  });

describe('stacks', () => {
  const one = template({ Topic: { Type: 'AWS::SNS::Topic' } });

  it('are created, updated, left or orphans', () => {
    assert.equal(planOne(undefined, one).stack.action, 'create');
    assert.equal(
      planOne(one, template({ Topic: { Type: 'AWS::SNS::Topic', Properties: { DisplayName: 'x' } } })).stack.action,
      'update',
    );
    assert.equal(planOne(one, one).stack.action, 'unchanged');
    const { stack: orphan, plan } = planOne(one, undefined);
    assert.deepEqual([orphan.action, orphan.resources, plan.verdict.ok], ['orphan', [], true]);
    assert.deepEqual(
      plan.warnings.map(({ code }) => code),
      ['orphan'],
    );
  });

  it('without a change set say so, and why', () => {
    const next = template({ Topic: { Type: 'AWS::SNS::Topic', Properties: { DisplayName: 'x' } } });
    const { plan, stack: it } = planOne(one, next, { note: 'the stack is in UPDATE_IN_PROGRESS' });
    assert.equal(it.basis, 'template');
    assert.match(plan.warnings[0]?.text ?? '', /UPDATE_IN_PROGRESS.*foretold from the template/);
  });

  it('give the same bytes in whatever order they come', () => {
    const stacks = ['vpc', 'api', 'lambda', 's3'].map((part) =>
      stack(one, withVersion('1'), { name: `trading-${part}-dev` }),
    );
    const expected = JSON.stringify(makePlan(environment(stacks), { allowDestructive: false }));
    fc.assert(
      fc.property(fc.shuffledSubarray(stacks, { minLength: 4 }), (order) => {
        assert.equal(JSON.stringify(makePlan(environment(order), { allowDestructive: false })), expected);
      }),
      { numRuns: 10 },
    );
  });
});

describe('a function', () => {
  it('whose code alone changed is one change without properties; version and alias are bookkeeping', () => {
    const { stack: it } = planOne(withVersion('1'), withVersion('2', {}, HASH_B));
    assert.deepEqual(
      it.resources.map(({ path, action, code, properties }) => [path, action, code, properties]),
      [['Function', 'update', true, []]],
    );
    assert.equal(it.bookkeeping.length, 3);
  });

  it('whose memory changed too shows the memory', () => {
    const { stack: it } = planOne(withVersion('1'), withVersion('2', { MemorySize: 1024 }, HASH_B));
    const [change] = it.resources;
    assert.deepEqual([change?.code, change?.properties.map(({ path }) => path)], [true, ['MemorySize']]);
  });
});

describe('bookkeeping', () => {
  it('alone makes no change', () => {
    const api = (hash: string, path: string) =>
      template({
        [`Deployment${hash}`]: {
          Type: 'AWS::ApiGateway::Deployment',
          Properties: { RestApiId: 'r' },
          Metadata: { 'aws:cdk:path': `stack-dev/${path}` },
        },
        Stage: {
          Type: 'AWS::ApiGateway::Stage',
          Properties: { RestApiId: 'r', DeploymentId: { Ref: `Deployment${hash}` } },
        },
        CDKMetadata: { Type: 'AWS::CDK::Metadata', Properties: { Analytics: hash } },
      });
    const { stack: it, plan } = planOne(api('1', 'Api/Deployment'), api('2', 'Api/Deployment'));
    assert.deepEqual([it.action, it.resources], ['unchanged', []]);
    assert.equal(it.bookkeeping.length, 4);
    assert.ok(isEmpty(plan));
  });

  it('hides no change of a deployment that is really another one', () => {
    const api = (path: string) =>
      template({
        [`D${path.length}`]: {
          Type: 'AWS::ApiGateway::Deployment',
          Properties: { RestApiId: 'r' },
          Metadata: { 'aws:cdk:path': `stack-dev/${path}` },
        },
      });
    assert.equal(planOne(api('Api/Deployment'), api('Api/Other/Deployment')).stack.resources.length, 2);
  });

  it('metadata alone makes no change', () => {
    const at = (path: string) => template({ Topic: { Type: 'AWS::SNS::Topic', Metadata: { 'aws:cdk:path': path } } });
    assert.equal(planOne(at('stack-dev/A/Resource'), at('stack-dev/B/Resource')).stack.action, 'unchanged');
  });
});

describe('what holds data', () => {
  const table = (key: string, more: Record<string, unknown> = {}) =>
    template({
      Table: {
        Type: 'AWS::DynamoDB::Table',
        Properties: { KeySchema: [{ AttributeName: key, KeyType: 'HASH' }], ...more },
      },
    });

  for (const [type, properties] of [
    ['AWS::DynamoDB::Table', {}],
    ['AWS::S3::Bucket', {}],
    ['AWS::SQS::Queue', {}],
    ['AWS::Logs::LogGroup', {}],
    ['AWS::KMS::Key', {}],
  ] as const) {
    it(`${type} deleted fails the verdict unless allowed, and comes first`, () => {
      const topic = { Type: 'AWS::SNS::Topic' };
      const old = template({ Aaa: topic, Held: { Type: type, Properties: properties } });
      const { plan, stack: it } = planOne(old, template({}));
      assert.equal(it.resources[0]?.path, 'Held');
      assert.deepEqual([plan.verdict.ok, plan.verdict.failures.map(({ code }) => code)], [false, ['destructive']]);
      assert.equal(planOne(old, template({}), { allowDestructive: true }).plan.verdict.ok, true);
    });
  }

  it('replaced fails; what stays behind is said', () => {
    const { plan, stack: it } = planOne(table('a'), table('b'));
    assert.deepEqual([it.resources[0]?.action, it.resources[0]?.undo.answer], ['replace', 'no']);
    assert.equal(plan.verdict.ok, false);
    const retained = template({ Queue: { Type: 'AWS::SQS::Queue', DeletionPolicy: 'Retain' } });
    const kept = planOne(retained, template({}));
    assert.equal(kept.stack.resources[0]?.afterwards, 'retained');
    assert.match(kept.plan.verdict.failures[0]?.text ?? '', /stay in the account/);
  });

  it('that keeps a fixed name cannot be deployed, whatever is allowed; renamed with it, it can', () => {
    const named = { TableName: 'orders-dev' };
    const { plan } = planOne(table('a', named), table('b', named), { allowDestructive: true });
    assert.deepEqual([plan.verdict.ok, plan.verdict.failures.map(({ code }) => code)], [false, ['fixed-name']]);
    const renamed = planOne(table('a', named), table('b', { TableName: 'orders-2-dev' }), { allowDestructive: true });
    assert.equal(renamed.plan.verdict.ok, true);
  });

  it('made under the name of one that is deleted in the same update cannot be deployed', () => {
    const queue = { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'orders-dev' } };
    const { plan } = planOne(template({ Old: queue }), template({ New: queue }), { allowDestructive: true });
    assert.deepEqual(
      plan.verdict.failures.map(({ code, path }) => [code, path]),
      [['fixed-name', 'New']],
    );
  });

  it('a bucket of the account-regional namespace has a fixed name by its prefix', () => {
    const bucket = (lock: boolean) =>
      template({
        Data: {
          Type: 'AWS::S3::Bucket',
          Properties: { BucketNamePrefix: 'trade-data-dev', BucketNamespace: lock ? 'x' : 'y' },
        },
      });
    const { stack: it } = planOne(bucket(true), bucket(false));
    if (it.resources[0]?.action === 'replace') assert.equal(it.resources[0].fixedName?.property, 'BucketNamePrefix');
    else assert.fail(`the namespace does not replace: ${it.resources[0]?.action}`);
  });
});

describe('can it be undone', () => {
  const update = (type: string, old: Record<string, unknown>, next: Record<string, unknown>) =>
    planOne(template({ It: { Type: type, Properties: old } }), template({ It: { Type: type, Properties: next } })).stack
      .resources[0]?.undo;

  it('a plain update: yes', () => {
    assert.deepEqual(update('AWS::SNS::Topic', { DisplayName: 'a' }, { DisplayName: 'b' }), { answer: 'yes', why: [] });
  });
  it('retention shortened: no; lengthened: yes; from for ever: no', () => {
    assert.equal(update('AWS::Logs::LogGroup', { RetentionInDays: 90 }, { RetentionInDays: 30 })?.answer, 'no');
    assert.equal(update('AWS::Logs::LogGroup', { RetentionInDays: 30 }, { RetentionInDays: 90 })?.answer, 'yes');
    assert.equal(update('AWS::Logs::LogGroup', {}, { RetentionInDays: 90 })?.answer, 'no');
    assert.equal(
      update('AWS::SQS::Queue', { MessageRetentionPeriod: 10 }, { MessageRetentionPeriod: 9 })?.answer,
      'no',
    );
    const rules = (days: number) => ({ LifecycleConfiguration: { Rules: [{ Id: 'expire', ExpirationInDays: days }] } });
    assert.equal(update('AWS::S3::Bucket', rules(90), rules(30))?.answer, 'no');
    assert.equal(update('AWS::S3::Bucket', rules(30), rules(90))?.answer, 'yes');
  });
  it('point-in-time recovery off: no', () => {
    const recovery = (on: boolean) => ({ PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: on } });
    assert.equal(update('AWS::DynamoDB::Table', recovery(true), recovery(false))?.answer, 'no');
    assert.equal(update('AWS::DynamoDB::Table', recovery(false), recovery(true))?.answer, 'yes');
  });
  it('another key: with care', () => {
    assert.equal(update('AWS::SNS::Topic', { KmsMasterKeyId: 'a' }, { KmsMasterKeyId: 'b' })?.answer, 'with-care');
  });
  it('code whose earlier asset has expired: with care', () => {
    const { stack: it } = planOne(template({ F: fn() }), template({ F: fn({}, HASH_B) }), {
      expiredAssets: [`${HASH_A}.zip`],
    });
    assert.match(it.resources[0]?.undo.why.join() ?? '', /expired/);
  });
  it('an export removed: with care', () => {
    const exporting = template({}, { Outputs: { Id: { Value: 'x', Export: { Name: 'shared' } } } });
    const { stack: it } = planOne(exporting, template({}));
    const removed = it.settings.find(({ kind }) => kind === 'export');
    assert.deepEqual([removed?.name, removed?.action, removed?.undo.answer], ['shared', 'remove', 'with-care']);
  });
});

describe('settings', () => {
  it('tags and parameters of the stack are told; SSM parameters and the bootstrap version are not', () => {
    const parameters = (Default: string) => ({
      Parameters: {
        Plain: { Type: 'String', Default },
        Read: { Type: 'AWS::SSM::Parameter::Value<String>', Default: `/x/${Default}` },
        BootstrapVersion: { Type: 'AWS::SSM::Parameter::Value<String>', Default },
      },
    });
    const facts = {
      ...stack(template({}, parameters('1')), template({}, parameters('2'))),
      released: { template: template({}, parameters('2')), tags: { owner: 'b' } },
      deployed: { template: template({}, parameters('1')), tags: { owner: 'a' } },
    };
    const [it] = makePlan(environment([facts]), { allowDestructive: false }).stacks;
    assert.deepEqual(
      it?.settings.map(({ kind, name }) => `${kind} ${name}`),
      ['parameter Plain', 'tag owner'],
    );
  });
});

describe('upstream', () => {
  it('stacks that read a parameter which the release changes are warned of', () => {
    const publishing = (value: string) =>
      template({ P: { Type: 'AWS::SSM::Parameter', Properties: { Name: '/x/table', Type: 'String', Value: value } } });
    const reading = template(
      {},
      { Parameters: { T: { Type: 'AWS::SSM::Parameter::Value<String>', Default: '/x/table' } } },
    );
    const plan = makePlan(
      environment([
        stack(publishing('a'), publishing('b'), { name: 'a-dev' }),
        stack(reading, reading, { name: 'b-dev' }),
        stack(template({}), template({}), { name: 'c-dev' }),
      ]),
      { allowDestructive: false },
    );
    assert.deepEqual(
      plan.warnings.filter(({ code }) => code === 'upstream').map(({ stack: name }) => name),
      ['b-dev'],
    );
  });
});
