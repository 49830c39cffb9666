/** Deployed stacks beside released ones: what is the same in other words, and what is not. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Template } from '../plan/facts.ts';
import { type CompareContext, compareStacks, type FoundDeployment, judgeUnexpected } from './compare-release.ts';

const TEMPLATE: Template = {
  Parameters: {
    Vpc: { Type: 'AWS::SSM::Parameter::Value<String>', Default: '/trading-platform/dev/vpc-id' },
    Plain: { Type: 'String', Default: 'x' },
  },
  Resources: {
    Queue: { Type: 'AWS::SQS::Queue', Properties: { VisibilityTimeout: 180, Tags: [{ Key: 'a', Value: 'b' }] } },
    Topic: { Type: 'AWS::SNS::Topic', Metadata: { 'aws:cdk:path': 'x/Topic' } },
  },
};
const TAGS = { project: 'trading-platform', environment: 'dev' };
const CONTEXT: CompareContext = { environment: 'dev', release: '4f2a90c1b7d3', aim: '', resolvesParameters: false };
const DEPLOYED: FoundDeployment = {
  template: TEMPLATE,
  parameters: { Plain: 'x', Vpc: '/trading-platform/dev/vpc-id' },
  tags: { environment: 'dev', project: 'trading-platform' },
  deployedAt: '2026-11-23T12:00:00.000Z',
};

/** What does not pass, as `id status`. */
function compare(change: Partial<FoundDeployment> | undefined, context: Partial<CompareContext> = {}) {
  const deployed = change === undefined ? undefined : { ...DEPLOYED, ...change };
  const checks = compareStacks(
    [{ found: { name: 'trading-sqs-dev', deployed }, released: { template: TEMPLATE, tags: TAGS } }],
    { ...CONTEXT, ...context },
  );
  return checks.filter(({ status }) => status !== 'pass');
}
const ids = (change: Partial<FoundDeployment> | undefined, context?: Partial<CompareContext>): string[] =>
  compare(change, context).map(({ id, status }) => `${id} ${status}`);

describe('a deployed stack', () => {
  test('is the same whatever the order of keys', () => {
    const { Resources = {}, Parameters } = TEMPLATE;
    const reversed = Object.fromEntries(Object.entries(Resources).reverse());
    assert.deepEqual(ids({ template: { Resources: reversed, Parameters } as Template }), []);
  });

  test('that is not there is one finding', () => {
    assert.deepEqual(ids(undefined), ['release.stack fail']);
  });

  test('with another template is named by resource and property, with both values, and when it was deployed', () => {
    const template: Template = {
      ...TEMPLATE,
      Resources: {
        Queue: { Type: 'AWS::SQS::Queue', Properties: { VisibilityTimeout: 200, Tags: [{ Key: 'a', Value: 'b' }] } },
        Added: { Type: 'AWS::SNS::Topic' },
      },
    };
    const [check, ...others] = compare({ template });
    assert.deepEqual(others, []);
    assert.deepEqual(check?.expected, { 'Queue.VisibilityTimeout': 180, Topic: 'AWS::SNS::Topic', Added: null });
    assert.deepEqual(check?.actual, { 'Queue.VisibilityTimeout': 200, Topic: null, Added: 'AWS::SNS::Topic' });
    assert.match(
      check?.detail ?? '',
      /^Deployed past the ledger at 2026-11-23T12:00:00.000Z, with a template that is not of the CDK/,
    );
    assert.match(check?.detail ?? '', /The next promotion adopts it: npm run promote -- --only dev\./);
  });

  test('that the CDK deployed past the ledger is told from one that it did not', () => {
    const template: Template = { ...TEMPLATE, Outputs: { X: { Value: '1' } } };
    assert.match(compare({ template })[0]?.detail ?? '', /by `cdk deploy`/);
  });

  test('whose template can’t be read is unknown', () => {
    const [check, ...others] = compare({ template: 'AccessDenied: no' });
    assert.deepEqual([check?.status, check?.detail, others], ['unknown', 'AccessDenied: no', []]);
  });

  test('with other tags or parameters, more of them or fewer, differs', () => {
    assert.deepEqual(ids({ tags: { ...TAGS, extra: '1' } }), ['release.tags fail']);
    assert.deepEqual(ids({ tags: { project: 'trading-platform' } }), ['release.tags fail']);
    assert.deepEqual(ids({ parameters: { ...DEPLOYED.parameters, Plain: 'y' } }), ['release.parameters fail']);
    assert.deepEqual(ids({ parameters: { Plain: 'x' } }), ['release.parameters fail']);
    assert.deepEqual(ids({ parameters: { ...DEPLOYED.parameters, Vpc: '/other' } }), ['release.parameters fail']);
  });

  test('in an emulated account may show what an SSM parameter held', () => {
    const parameters = { ...DEPLOYED.parameters, Vpc: 'vpc-1' };
    assert.deepEqual(ids({ parameters }, { resolvesParameters: true }), []);
    assert.deepEqual(ids({ parameters: { ...parameters, Plain: 'y' } }, { resolvesParameters: true }), [
      'release.parameters fail',
    ]);
  });
});

test('a stack too many is an orphan of an earlier release, or made by hand', () => {
  const checks = judgeUnexpected(
    [
      { name: 'trading-old-dev', of: '111111111111' },
      { name: 'trading-scratch-dev', of: null },
    ],
    CONTEXT,
  );
  assert.deepEqual(
    checks.map(({ id, subject, status, actual }) => [id, subject, status, actual]),
    [
      ['release.orphan', 'trading-old-dev', 'fail', 'left from release 111111111111'],
      ['release.stack-by-hand', 'trading-scratch-dev', 'fail', 'made by hand, or left from a release nobody knows'],
    ],
  );
});
