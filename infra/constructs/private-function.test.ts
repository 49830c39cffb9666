import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { it } from 'node:test';
import { Match, type Template } from 'aws-cdk-lib/assertions';
import { SecurityGroup, Vpc } from 'aws-cdk-lib/aws-ec2';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { TEST_BUNDLES, testStack } from '../testing/test-stack.ts';
import { PrivateFunction, type PrivateFunctionProps } from './private-function.ts';

const make = (props: Partial<PrivateFunctionProps> = {}): Template =>
  testStack((stack) => {
    const vpc = new Vpc(stack, 'Vpc', { restrictDefaultSecurityGroup: false, availabilityZones: ['eu-west-1a'] });
    new PrivateFunction(stack, 'Worker', {
      functionName: 'worker-test',
      description: 'Works',
      bundleFolder: TEST_BUNDLES['order-intake'],
      memoryMb: 640,
      timeoutSeconds: 35,
      logRetentionDays: 90,
      variables: { TABLE_NAME: 'things' },
      aliasName: 'live',
      vpc,
      securityGroup: new SecurityGroup(stack, 'Group', { vpc }),
      permissions: [
        new PolicyStatement({ sid: 'Given', actions: ['sqs:SendMessage'], resources: ['arn:aws:sqs:::q'] }),
      ],
      ...props,
    });
  });

const idsOf = (template: Template, type: string): string[] => Object.keys(template.findResources(type));

it('runs on arm64 and the newest Node.js, as large and as long as told, traced, with source maps', () => {
  make().hasResourceProperties('AWS::Lambda::Function', {
    FunctionName: 'worker-test',
    Architectures: ['arm64'],
    Runtime: 'nodejs24.x',
    Handler: 'index.handler',
    MemorySize: 640,
    Timeout: 35,
    TracingConfig: { Mode: 'Active' },
    Environment: { Variables: { TABLE_NAME: 'things', NODE_OPTIONS: '--enable-source-maps' } },
  });
});

it('sits in the private subnets, behind the group it is given', () => {
  make().hasResourceProperties('AWS::Lambda::Function', {
    VpcConfig: {
      SubnetIds: [{ Ref: Match.stringLikeRegexp('^VpcPrivateSubnet') }],
      SecurityGroupIds: [{ 'Fn::GetAtt': [Match.stringLikeRegexp('^Group'), 'GroupId'] }],
    },
  });
});

it('logs into a group of its own, with an end', () => {
  const template = make();
  template.hasResourceProperties('AWS::Logs::LogGroup', {
    LogGroupName: '/aws/lambda/worker-test',
    RetentionInDays: 90,
  });
  template.hasResourceProperties('AWS::Lambda::Function', {
    LoggingConfig: { LogGroup: { Ref: Match.stringLikeRegexp('^WorkerLogs') } },
  });
});

it('may do what it is given, log, trace, and lend its role to Lambda for network interfaces; no managed policy', () => {
  const template = make();
  const [policy] = Object.values(template.findResources('AWS::IAM::Policy'));
  const allowed = policy?.['Properties'].PolicyDocument.Statement.filter(
    ({ Effect }: { Effect: string }) => Effect === 'Allow',
  );
  assert.deepEqual(
    allowed.map(({ Action }: { Action: string | string[] }) => [Action].flat()),
    [
      ['logs:CreateLogStream', 'logs:PutLogEvents'],
      [
        'ec2:AssignPrivateIpAddresses',
        'ec2:CreateNetworkInterface',
        'ec2:DeleteNetworkInterface',
        'ec2:DescribeNetworkInterfaces',
        'ec2:DescribeSubnets',
        'ec2:UnassignPrivateIpAddresses',
      ],
      ['sqs:SendMessage'],
      ['xray:PutTelemetryRecords', 'xray:PutTraceSegments'],
    ],
  );
  template.allResourcesProperties('AWS::IAM::Role', { ManagedPolicyArns: Match.absent() });
});

it('denies network interfaces to its code', () => {
  make().hasResourceProperties('AWS::IAM::Policy', {
    PolicyDocument: {
      Statement: Match.arrayWith([
        Match.objectLike({
          Effect: 'Deny',
          Action: Match.arrayWith(['ec2:CreateNetworkInterface']),
          Condition: {
            ArnEquals: { 'lambda:SourceFunctionArn': 'arn:aws:lambda:eu-west-1:111122223333:function:worker-test' },
          },
        }),
      ]),
    },
  });
});

it('is called through its alias, which points at the current version', () => {
  const template = make();
  const [version] = idsOf(template, 'AWS::Lambda::Version');
  template.hasResourceProperties('AWS::Lambda::Alias', {
    Name: 'live',
    FunctionVersion: { 'Fn::GetAtt': [version, 'Version'] },
  });
});

it('gets another version from other code and other configuration, and only from these', (t) => {
  const versionOf = (props: Partial<PrivateFunctionProps>): string | undefined =>
    idsOf(make(props), 'AWS::Lambda::Version')[0];
  const otherCode = mkdtempSync(path.join(tmpdir(), 'trading-platform-other-code-'));
  t.after(() => rmSync(otherCode, { recursive: true }));
  writeFileSync(path.join(otherCode, 'index.js'), 'exports.handler = async () => 1;\n');

  const version = versionOf({});
  assert.ok(version);
  assert.notEqual(versionOf({ bundleFolder: otherCode }), version);
  assert.notEqual(versionOf({ memoryMb: 1_024 }), version);
  assert.notEqual(versionOf({ variables: { TABLE_NAME: 'others' } }), version);
  assert.equal(versionOf({ logRetentionDays: 30 }), version);
  assert.equal(versionOf({ permissions: [] }), version);
});
