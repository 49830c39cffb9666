/** What holds for every stack of every environment, whatever is in it. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type CfnElement, CfnResource, TagManager } from 'aws-cdk-lib';
import { COMPONENTS, stackName, TAG_KEYS } from '../../environments/naming.ts';
import { type FleetStack, fleetEnvironments, makeFleet } from '../testing/fleet.ts';
import { BaseStack } from './base-stack.ts';

const fleet = makeFleet();
const resources = fleet.flatMap((one) =>
  Object.entries(one.template.Resources).map(([logicalId, resource]) => ({ ...one, logicalId, ...resource })),
);
const label = ({ stack, logicalId }: { stack: FleetStack['stack']; logicalId: string }) =>
  `${stack.stackName}/${logicalId}`;

describe('every environment', () => {
  it('has a stack for each component, named by it, and PipelineStack', () => {
    for (const { name } of fleetEnvironments()) {
      const names = fleet.filter(({ environment }) => environment.name === name).map(({ stack }) => stack.stackName);
      assert.deepEqual(
        names.sort(),
        ['PipelineStack', ...COMPONENTS.map((component) => stackName(component, name))].sort(),
      );
    }
  });

  it('reads only what a stack it waits for has published', () => {
    for (const { stack, template, environment } of fleet) {
      const published = [...waitsFor(stack)].flatMap((earlier) => publishedBy(earlier.stackName, environment.name));
      const read = Object.values(template.Parameters ?? {})
        .map(({ Default = '' }) => Default)
        .filter((name) => name.startsWith('/trading-platform/'));
      assert.deepEqual(
        read.filter((name) => !published.includes(name)),
        [],
        stack.stackName,
      );
    }
  });
});

describe('every stack', () => {
  it('exports and imports nothing', () => {
    for (const { stack, template } of fleet) {
      assert.doesNotMatch(JSON.stringify(template), /Fn::ImportValue|"Export"/, stack.stackName);
    }
  });

  it('is a BaseStack of its account and region', () => {
    for (const { stack, environment } of fleet) {
      assert.ok(stack instanceof BaseStack, stack.stackName);
      assert.deepEqual([stack.account, stack.region], [environment.account, environment.region]);
    }
  });

  it('looked nothing up', () => {
    for (const { app } of fleet) assert.equal(app.synth().manifest.missing, undefined);
  });

  it('fits into the limits of CloudFormation', () => {
    for (const { stack, template } of fleet) {
      assert.ok(JSON.stringify(template).length < 1_000_000, stack.stackName);
      assert.ok(Object.keys(template.Resources).length < 500, stack.stackName);
    }
  });
});

describe('every resource', () => {
  it('that can be tagged is, in the template itself', () => {
    const taggable = fleet.flatMap(({ stack, template, environment }) =>
      stack.node
        .findAll()
        .filter((node): node is CfnElement & CfnResource => CfnResource.isCfnResource(node) && isTaggable(node))
        .map((node) => ({ stack, environment, logicalId: stack.getLogicalId(node), template })),
    );
    assert.ok(taggable.length > 100);
    for (const one of taggable) {
      const tags = tagsOf(one.template.Resources[one.logicalId]?.Properties?.['Tags']);
      for (const key of Object.values(TAG_KEYS)) assert.ok(tags.get(key), `${label(one)} has no tag ${key}`);
      assert.equal(tags.get(TAG_KEYS.environment), one.environment.name, label(one));
    }
  });

  it('goes with its stack, but for the account-wide setting of API Gateway', () => {
    const kept = resources.filter(({ DeletionPolicy = 'Delete' }) => DeletionPolicy !== 'Delete');
    assert.deepEqual([...new Set(kept.map(({ Type }) => Type))], ['AWS::ApiGateway::Account']);
  });

  it('with a name of its own bears the environment in it', () => {
    for (const one of resources.filter(({ stack }) => stack.stackName !== 'PipelineStack')) {
      for (const property of NAME_PROPERTIES) {
        const name = one.Properties?.[property];
        if (typeof name !== 'string' || one.Type === 'AWS::Lambda::Alias') continue;
        assert.match(name, new RegExp(`[-/]${one.environment.name}(/|$)`), `${label(one)}: ${property} ${name}`);
      }
    }
  });

  it('has a name that no other environment uses, so that two can live in one account and region', () => {
    const owners = new Map<string, string>();
    for (const one of resources.filter(({ stack }) => stack.stackName !== 'PipelineStack')) {
      for (const property of NAME_PROPERTIES) {
        const name = one.Properties?.[property];
        if (typeof name !== 'string' || one.Type === 'AWS::Lambda::Alias') continue;
        const key = `${one.Type} ${name}`;
        assert.equal(owners.get(key) ?? one.environment.name, one.environment.name, key);
        owners.set(key, one.environment.name);
      }
    }
    assert.ok(owners.size > 50);
  });

  it('is of no custom type, but for the one that empties default security groups: no bucket empties itself', () => {
    const custom = resources.filter(({ Type }) => Type.startsWith('Custom::') || Type.includes('CustomResource'));
    assert.deepEqual([...new Set(custom.map(({ Type }) => Type))], ['Custom::VpcRestrictDefaultSG']);
  });
});

describe('every alarm', () => {
  it('says its impact; every single one tells somebody', () => {
    const alarms = resources.filter(({ Type }) => /^AWS::CloudWatch::(Composite)?Alarm$/.test(Type));
    assert.ok(alarms.length > 10);
    for (const alarm of alarms) {
      assert.match(String(alarm.Properties?.['AlarmDescription']), /^Impact: .{20}/, label(alarm));
      if (alarm.Type === 'AWS::CloudWatch::Alarm') assert.ok(alarm.Properties?.['AlarmActions'], label(alarm));
    }
  });
});

describe('every function', () => {
  it('logs into a group of its stack, which ends', () => {
    for (const one of resources.filter(({ Type }) => Type === 'AWS::Lambda::Function')) {
      const { LogGroup } = (one.Properties?.['LoggingConfig'] ?? {}) as { LogGroup?: { Ref: string } };
      const group = one.template.Resources[LogGroup?.Ref ?? ''];
      assert.equal(group?.Properties?.['RetentionInDays'], one.environment.logs.retentionDays, label(one));
    }
  });
});

const NAME_PROPERTIES = [
  'AlarmName',
  'AliasName',
  'BucketNamePrefix',
  'DashboardName',
  'FunctionName',
  'LogGroupName',
  'Name',
  'QueueName',
  'TableName',
  'TopicName',
  'UsagePlanName',
];

/** Also what is tagged by an override of ours, which no TagManager knows. */
const isTaggable = (node: CfnResource): boolean =>
  TagManager.isTaggable(node) || ['AWS::Lambda::Function', 'AWS::IAM::Role'].includes(node.cfnResourceType);

function tagsOf(tags: unknown): Map<string, string> {
  if (!Array.isArray(tags)) return new Map(Object.entries((tags ?? {}) as Record<string, string>));
  return new Map(tags.map(({ Key, Value }: { Key: string; Value: string }) => [Key, Value]));
}

function waitsFor(stack: FleetStack['stack']): Set<FleetStack['stack']> {
  return new Set(stack.dependencies.flatMap((earlier) => [earlier, ...waitsFor(earlier)]));
}

function publishedBy(name: string, environment: string): string[] {
  return resources
    .filter((one) => one.stack.stackName === name && one.environment.name === environment)
    .filter(({ Type }) => Type === 'AWS::SSM::Parameter')
    .map(({ Properties }) => String(Properties?.['Name']));
}
