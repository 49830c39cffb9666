/**
 * Edits of each kind against an environment that is deployed for real: each plan says what changes, and nothing else.
 */
import assert from 'node:assert/strict';
import { after, describe, it } from 'node:test';
import { CreateStackCommand, DeleteStackCommand, ListChangeSetsCommand } from '@aws-sdk/client-cloudformation';
import { GetParameterCommand, PutParameterCommand } from '@aws-sdk/client-ssm';
import { parsePlanDocument } from '../core/plan/parse-plan.ts';
import type { Plan, ResourceChange } from '../core/plan/plan.ts';
import { renderComment } from '../core/plan/render/comment.ts';
import { renderJson } from '../core/plan/render/json.ts';
import { withDeployedEnvironments } from '../testing/deployed-environment.ts';
import {
  type EditedRelease,
  releaseOfEditedSources,
  releaseOfEditedTemplate,
  resourceOf,
} from '../testing/edited-release.ts';
import { planEnvironment } from './plan-environment.ts';

const owner = { after };
const { dev } = await withDeployedEnvironments(owner, ['dev']);

interface Planned {
  readonly plan: Plan;
  readonly markdown: string;
  readonly json: string;
}

async function planOf(edited: EditedRelease, allowDestructive = false): Promise<Planned> {
  const warnings: string[] = [];
  const plan = await planEnvironment(
    { ...edited, allowDestructive, onExit: () => () => {}, warn: (text) => warnings.push(text) },
    dev.target,
    dev.clients,
  );
  assert.deepEqual(warnings, [], 'nothing was left behind');
  const content = { plans: [plan], configChanges: [] };
  const { text } = renderComment({ ...content, commit: 'abc1234', time: new Date(0), replacedVersions: 0 });
  const json = renderJson([plan], []);
  // What each test says of the plan, it says of its JSON: nothing is lost or added on the way.
  assert.deepEqual(parsePlanDocument(json, 'the JSON').plans, [plan]);
  return { plan, markdown: text, json };
}

const edited = (stack: string, edit: Parameters<typeof releaseOfEditedTemplate>[4]): Promise<EditedRelease> =>
  releaseOfEditedTemplate(owner, dev, 'dev', stack, edit);

/** Stacks that change, each with what happens to which resource. */
const changed = ({ stacks }: Plan): Record<string, string[]> =>
  Object.fromEntries(
    stacks
      .filter(({ action }) => action !== 'unchanged')
      .map(({ name, resources }) => [name, resources.map(({ action, path, type }) => `${action} ${path} ${type}`)]),
  );

const resourcesOf = ({ stacks }: Plan): ResourceChange[] => stacks.flatMap(({ resources }) => resources);

/** What no comment may show: hashes of assets and versions, metadata, and resources whose id alone moves. */
const NOISE = /[0-9a-f]{32}|aws:cdk:path|CDKMetadata|Lambda::Version|Lambda::Alias|ApiGateway::Deployment/;

describe('a plan against a deployed environment', () => {
  it('is one line when nothing changes', async () => {
    const { plan, markdown } = await planOf(dev);
    assert.deepEqual(changed(plan), {});
    assert.ok(plan.stacks.every(({ basis }) => basis === 'equal'));
    assert.equal(markdown.trim().split('\n').length, 2, 'the hidden marker and one line');
    assert.match(markdown, /No changes/);
  });

  it('more memory: both functions, and neither versions nor aliases', async () => {
    const release = await releaseOfEditedSources(owner, {
      file: 'environments/dev.json',
      edit: (text) => text.replace('"memoryMb": 512', '"memoryMb": 1024'),
    });
    const { plan, markdown, json } = await planOf(release);
    assert.deepEqual(changed(plan), {
      'trading-lambda-dev': [
        'update OrderIntake/Function AWS::Lambda::Function',
        'update OrderProcessing/Function AWS::Lambda::Function',
      ],
    });
    for (const { properties, code, undo } of resourcesOf(plan)) {
      assert.deepEqual(properties, [{ path: 'MemorySize', old: 512, new: 1024, replacement: 'never' }]);
      assert.equal(code, false);
      assert.equal(undo.answer, 'yes');
    }
    assert.equal(plan.stacks.find(({ name }) => name === 'trading-lambda-dev')?.basis, 'change-set');
    assert.match(markdown, /`MemorySize` `512` → `1024`/);
    assert.doesNotMatch(markdown, NOISE);
    assert.match(json, /"path": "MemorySize",\n\s+"old": 512,\n\s+"new": 1024/);
    assert.doesNotMatch(json, /[0-9a-f]{64}\.zip/, 'no hash of an asset');
    assert.equal(plan.verdict.ok, true);
  });

  it('a lower throttle: stage and usage plan, without a new deployment of the API', async () => {
    const release = await releaseOfEditedSources(owner, {
      file: 'environments/dev.json',
      edit: (text) => text.replace(/"requestsPerSecond": \d+/, '"requestsPerSecond": 50'),
    });
    const { plan, markdown } = await planOf(release);
    const types = resourcesOf(plan).map(({ type, action }) => `${action} ${type}`);
    assert.ok(types.includes('update AWS::ApiGateway::Stage'), types.join());
    assert.ok(types.includes('update AWS::ApiGateway::UsagePlan'), types.join());
    assert.deepEqual([...new Set(types.map((type) => type.split(' ')[0]))], ['update']);
    assert.match(markdown, /ThrottlingRateLimit` `100` → `50`/);
    assert.doesNotMatch(markdown, NOISE);
    assert.doesNotMatch(markdown, /trading-(vpc|s3|sqs|dynamodb|lambda)`/);
  });

  it('only code: one line for the function, not a hash', async () => {
    const release = await releaseOfEditedSources(owner, {
      file: 'lambdas/order-intake/handler.ts',
      edit: (text) => `${text}\nObject.assign(globalThis, { edited: 1 });\n`,
    });
    const { plan, markdown } = await planOf(release);
    assert.deepEqual(changed(plan), { 'trading-lambda-dev': ['update OrderIntake/Function AWS::Lambda::Function'] });
    const [change] = resourcesOf(plan);
    assert.deepEqual([change?.code, change?.properties], [true, []]);
    assert.match(markdown, /`OrderIntake\/Function` .* new code/);
    assert.doesNotMatch(markdown, NOISE);
    assert.doesNotMatch(markdown, /S3Key|OrderProcessing/);
  });

  it('only a comment in code: nothing', async () => {
    const release = await releaseOfEditedSources(owner, {
      file: 'lambdas/order-intake/handler.ts',
      edit: (text) => `${text}\n// A remark that changes no behaviour.\n`,
    });
    const { plan, markdown } = await planOf(release);
    assert.deepEqual(changed(plan), {});
    assert.match(markdown, /No changes/);
  });

  it('a new queue: one creation', async () => {
    const release = await edited('trading-sqs-dev', (template) => {
      template.Resources.Extra = {
        Type: 'AWS::SQS::Queue',
        Properties: { QueueName: 'extra-dev' },
        Metadata: { 'aws:cdk:path': 'trading-sqs-dev/Extra/Resource' },
      };
    });
    const { plan, markdown } = await planOf(release);
    assert.deepEqual(changed(plan), { 'trading-sqs-dev': ['create Extra AWS::SQS::Queue'] });
    assert.equal(plan.verdict.ok, true);
    assert.match(markdown, /- create `Extra`/);
    assert.doesNotMatch(markdown, /OrderQueue|replace\b.*`Extra`|🛑/);
  });

  it('another table key: refused whatever is allowed, as the name stays', async () => {
    const release = await edited('trading-dynamodb-dev', (template) => {
      const { resource } = resourceOf(template, 'AWS::DynamoDB::Table');
      resource.Properties.KeySchema[0].AttributeName = 'orderNumber';
      resource.Properties.AttributeDefinitions.push({ AttributeName: 'orderNumber', AttributeType: 'S' });
    });
    const { plan, markdown } = await planOf(release);
    const [table] = resourcesOf(plan);
    assert.deepEqual([table?.action, table?.stateful, table?.undo.answer], ['replace', true, 'no']);
    assert.deepEqual(table?.fixedName, { property: 'TableName', value: 'orders-dev' });
    assert.deepEqual(
      plan.verdict.failures.map(({ code }) => code),
      ['destructive', 'fixed-name'],
    );
    const [first] = markdown.split('\n').filter((line) => line.startsWith('- '));
    assert.match(first ?? '', /🛑.*`Orders`.*holds data and is replaced/);
    assert.match(markdown, /rename first/);
    const { plan: allowed } = await planOf(release, true);
    assert.deepEqual([allowed.verdict.ok, allowed.verdict.failures.map(({ code }) => code)], [false, ['fixed-name']]);
    assert.deepEqual(Object.keys(changed(plan)), ['trading-dynamodb-dev']);
  });

  it('a bucket removed: fails, unless that is allowed', async () => {
    const release = await edited('trading-s3-dev', (template) => {
      const { id } = resourceOf(template, 'AWS::S3::Bucket');
      for (const [logicalId, resource] of Object.entries(template.Resources)) {
        if (logicalId === id || JSON.stringify(resource).includes(`"${id}"`)) delete template.Resources[logicalId];
      }
    });
    const { plan, markdown } = await planOf(release);
    const lines = changed(plan)['trading-s3-dev'] ?? [];
    assert.equal(lines[0], 'delete TradeData AWS::S3::Bucket', 'what holds data comes first');
    assert.ok(lines.every((line) => line.startsWith('delete ')));
    assert.deepEqual([plan.verdict.ok, plan.verdict.failures.length], [false, 1]);
    assert.match(markdown, /🛑.*`TradeData`.*is deleted: its data is lost/);
    assert.doesNotMatch(markdown, /rename first/);
    const { plan: allowed, markdown: said } = await planOf(release, true);
    assert.deepEqual([allowed.verdict.ok, allowed.verdict.allowed.length], [true, 1]);
    assert.match(said, /Allowed by the label/);
  });

  it('IAM widened: a row, a plain sentence, and no word of the statements that stay', async () => {
    const release = await edited('trading-lambda-dev', (template) => {
      const { resource } = resourceOf(template, 'AWS::IAM::Policy', 'OrderIntake/');
      const statement = resource.Properties.PolicyDocument.Statement.find((each: { Action: unknown }) =>
        JSON.stringify(each.Action).includes('dynamodb:'),
      );
      statement.Action = 'dynamodb:*';
    });
    const { plan, markdown } = await planOf(release);
    const stack = plan.stacks.find(({ name }) => name === 'trading-lambda-dev');
    assert.deepEqual(
      stack?.permissions.map(({ direction, new: next }) => [direction, next?.actions]),
      [['widened', ['dynamodb:*']]],
    );
    assert.match(markdown, /`OrderIntake\/Role` may now do everything of `dynamodb:\*`/);
    assert.doesNotMatch(markdown, /xray|logs:PutLogEvents|sqs:SendMessage/);
    assert.equal(plan.verdict.ok, true, 'a reviewer decides');
  });

  it('a value of SSM that moved: seen although no template changed, and put back', async () => {
    const name = '/trading-platform/dev/order-queue-url';
    const put = (value: string) =>
      dev.clients.ssm.send(new PutParameterCommand({ Name: name, Value: value, Overwrite: true }));
    const { Parameter } = await dev.clients.ssm.send(new GetParameterCommand({ Name: name }));
    await put('https://sqs.us-east-1.amazonaws.com/123456789012/other');
    try {
      const { plan } = await planOf(dev);
      const stack = plan.stacks.find(({ name: stackName }) => stackName === 'trading-lambda-dev');
      assert.equal(stack?.action, 'update');
      assert.deepEqual(
        stack?.settings.map(({ kind, name: setting }) => [kind, setting]),
        [['parameter', name]],
      );
    } finally {
      await put(Parameter?.Value ?? '');
    }
  });

  it('stacks of ours that the release does not have are orphans, and left alone', async () => {
    const release = await edited('trading-sqs-dev', (template) => {
      template.Description = 'Another description';
    });
    const { cloudformation } = dev.clients;
    await cloudformation.send(
      new CreateStackCommand({
        StackName: 'trading-gone-dev',
        TemplateBody: JSON.stringify({ Resources: { Topic: { Type: 'AWS::SNS::Topic' } } }),
        Tags: [
          { Key: 'project', Value: 'trading-platform' },
          { Key: 'environment', Value: 'dev' },
        ],
      }),
    );
    const { plan, markdown } = await planOf(release);
    assert.equal(plan.counts.stacks.orphan, 1);
    assert.match(markdown, /`trading-gone-dev`.*no longer has it/);
    assert.equal(plan.verdict.ok, true);
    await cloudformation.send(new DeleteStackCommand({ StackName: 'trading-gone-dev' }));
  });

  it('leaves no change set', async () => {
    for (const { name } of (await planOf(dev)).plan.stacks) {
      const { Summaries = [] } = await dev.clients.cloudformation.send(new ListChangeSetsCommand({ StackName: name }));
      assert.deepEqual(
        Summaries.filter(({ ChangeSetName = '' }) => ChangeSetName.startsWith('gitops-')),
        [],
      );
    }
  });
});
