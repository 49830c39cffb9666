/**
 * Each gap of the pinned emulator that the start module closes, seen through the service's own API.
 */
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import {
  ApplicationAutoScalingClient,
  DescribeScalableTargetsCommand,
  DescribeScalingPoliciesCommand,
} from '@aws-sdk/client-application-auto-scaling';
import {
  CloudWatchClient,
  DescribeAlarmsCommand,
  ListTagsForResourceCommand,
  PutMetricDataCommand,
} from '@aws-sdk/client-cloudwatch';
import {
  DescribeAddressesCommand,
  DescribeFlowLogsCommand,
  DescribeNatGatewaysCommand,
  DescribeSecurityGroupsCommand,
  EC2Client,
} from '@aws-sdk/client-ec2';
import { GetOpenIDConnectProviderCommand, IAMClient, ListOpenIDConnectProvidersCommand } from '@aws-sdk/client-iam';
import { HeadBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { type EmulatedStack, emulatedStack } from '../../testing/emulated-stack.ts';
import { withEmulatedAccount } from '../../testing/emulator.ts';
import { readRecordedTypes } from './recorded-types.ts';

const ACCOUNT = '210987654321';
const account = await withEmulatedAccount({ after }, { account: ACCOUNT });

const stack = (name: string): EmulatedStack => emulatedStack(account, name);
const tagsOf = (tags: readonly { Key?: string; Value?: string }[] = []): Record<string, string> =>
  Object.fromEntries(
    tags.filter(({ Key }) => !Key?.startsWith('aws:')).map(({ Key = '', Value = '' }) => [Key, Value]),
  );

test('NAT gateways with elastic IPs are in the EC2 API, tagged, and gone with the stack', async () => {
  const ec2 = new EC2Client(account.client);
  const network = stack('nat');
  const resources = {
    Vpc: { Type: 'AWS::EC2::VPC', Properties: { CidrBlock: '10.1.0.0/16' } },
    Subnet: { Type: 'AWS::EC2::Subnet', Properties: { VpcId: { Ref: 'Vpc' }, CidrBlock: '10.1.0.0/24' } },
    Routes: { Type: 'AWS::EC2::RouteTable', Properties: { VpcId: { Ref: 'Vpc' } } },
    Ip: { Type: 'AWS::EC2::EIP', Properties: { Domain: 'vpc' } },
    Nat: {
      Type: 'AWS::EC2::NatGateway',
      Properties: { SubnetId: { Ref: 'Subnet' }, AllocationId: { 'Fn::GetAtt': ['Ip', 'AllocationId'] } },
    },
    Out: {
      Type: 'AWS::EC2::Route',
      Properties: {
        RouteTableId: { Ref: 'Routes' },
        DestinationCidrBlock: '0.0.0.0/0',
        NatGatewayId: { Ref: 'Nat' },
      },
    },
  };
  const outputs = { Nat: { Ref: 'Nat' }, Vpc: { Ref: 'Vpc' }, Ip: { Ref: 'Ip' } };

  const { Nat, Vpc, Ip } = await network.put(resources, { outputs, tags: { owner: 'a' } });
  assert.deepEqual(await network.put(resources, { outputs, tags: { owner: 'b' } }), { Nat, Vpc, Ip });

  const inVpc = new DescribeNatGatewaysCommand({ Filter: [{ Name: 'vpc-id', Values: [Vpc as string] }] });
  const { NatGateways: [gateway] = [] } = await ec2.send(inVpc);
  assert.equal(gateway?.NatGatewayId, Nat);
  assert.equal(gateway?.State, 'available');
  assert.deepEqual(tagsOf(gateway?.Tags), { owner: 'b' });
  const { Addresses: [address] = [] } = await ec2.send(new DescribeAddressesCommand({}));
  assert.equal(address?.PublicIp, Ip);
  assert.deepEqual(tagsOf(address?.Tags), { owner: 'b' });

  await network.delete();
  assert.deepEqual((await ec2.send(new DescribeAddressesCommand({}))).Addresses, []);
  const { NatGateways: left = [] } = await ec2.send(inVpc);
  assert.deepEqual(
    left.filter(({ State }) => State !== 'deleted'),
    [],
  );
});

test('flow logs are in the EC2 API', async () => {
  const ec2 = new EC2Client(account.client);
  const logs = stack('flow');
  const { Vpc, Log } = await logs.put(
    {
      Vpc: { Type: 'AWS::EC2::VPC', Properties: { CidrBlock: '10.2.0.0/16' } },
      Log: {
        Type: 'AWS::EC2::FlowLog',
        Properties: {
          ResourceId: { Ref: 'Vpc' },
          ResourceType: 'VPC',
          TrafficType: 'REJECT',
          LogGroupName: 'flow',
          DeliverLogsPermissionArn: `arn:aws:iam::${ACCOUNT}:role/flow`,
        },
      },
    },
    { outputs: { Vpc: { Ref: 'Vpc' }, Log: { Ref: 'Log' } }, tags: { owner: 'a' } },
  );
  const { FlowLogs: [log] = [] } = await ec2.send(new DescribeFlowLogsCommand({}));
  assert.equal(log?.FlowLogId, Log);
  assert.equal(log?.ResourceId, Vpc);
  assert.equal(log?.TrafficType, 'REJECT');
  assert.deepEqual(tagsOf(log?.Tags), { owner: 'a' });

  await logs.delete();
  assert.deepEqual((await ec2.send(new DescribeFlowLogsCommand({}))).FlowLogs, []);
});

test('a security-group rule of its own is in its group, changes there, and is removed alone', async () => {
  const ec2 = new EC2Client(account.client);
  const groups = stack('groups');
  const group = (description: string): unknown => ({
    Type: 'AWS::EC2::SecurityGroup',
    Properties: {
      GroupDescription: description,
      VpcId: { Ref: 'Vpc' },
      SecurityGroupEgress: [{ IpProtocol: 'icmp', FromPort: 252, ToPort: 86, CidrIp: '255.255.255.255/32' }],
    },
  });
  const base = {
    Vpc: { Type: 'AWS::EC2::VPC', Properties: { CidrBlock: '10.3.0.0/16' } },
    A: group('a'),
    B: group('b'),
  };
  const rule = (type: string, port: number, side: string): unknown => ({
    Type: `AWS::EC2::SecurityGroup${type}`,
    Properties: {
      GroupId: { 'Fn::GetAtt': ['A', 'GroupId'] },
      IpProtocol: 'tcp',
      FromPort: port,
      ToPort: port,
      [`${side}SecurityGroupId`]: { 'Fn::GetAtt': ['B', 'GroupId'] },
    },
  });
  const outputs = { A: { 'Fn::GetAtt': ['A', 'GroupId'] }, B: { 'Fn::GetAtt': ['B', 'GroupId'] } };
  const portsOfA = async (id: string | undefined): Promise<unknown> => {
    const { SecurityGroups: [found] = [] } = await ec2.send(
      new DescribeSecurityGroupsCommand({ GroupIds: [id ?? ''] }),
    );
    const ports = (rules: readonly { FromPort?: number }[] = []): unknown =>
      rules.map(({ FromPort }) => FromPort).sort();
    return { in: ports(found?.IpPermissions), out: ports(found?.IpPermissionsEgress) };
  };

  const { A } = await groups.put(
    { ...base, In: rule('Ingress', 80, 'Source'), Out: rule('Egress', 443, 'Destination') },
    { outputs },
  );
  assert.deepEqual(await portsOfA(A), { in: [80], out: [252, 443] });
  await groups.put(
    { ...base, In: rule('Ingress', 81, 'Source'), Out: rule('Egress', 443, 'Destination') },
    { outputs },
  );
  assert.deepEqual(await portsOfA(A), { in: [81], out: [252, 443] });
  await groups.put(base, { outputs });
  assert.deepEqual(await portsOfA(A), { in: [], out: [252] });
  await groups.delete();
});

test('scalable targets and scaling policies are in the API of Application Auto Scaling', async () => {
  const scaling = new ApplicationAutoScalingClient(account.client);
  const scaled = stack('scaled');
  const resources = (max: number): Record<string, unknown> => ({
    Target: {
      Type: 'AWS::ApplicationAutoScaling::ScalableTarget',
      Properties: {
        ServiceNamespace: 'dynamodb',
        ResourceId: 'table/orders',
        ScalableDimension: 'dynamodb:table:ReadCapacityUnits',
        MinCapacity: 25,
        MaxCapacity: max,
        RoleARN: `arn:aws:iam::${ACCOUNT}:role/scaling`,
      },
    },
    Policy: {
      Type: 'AWS::ApplicationAutoScaling::ScalingPolicy',
      Properties: {
        PolicyName: 'read',
        PolicyType: 'TargetTrackingScaling',
        ScalingTargetId: { Ref: 'Target' },
        TargetTrackingScalingPolicyConfiguration: {
          TargetValue: 70,
          PredefinedMetricSpecification: { PredefinedMetricType: 'DynamoDBReadCapacityUtilization' },
        },
      },
    },
  });
  const describe = new DescribeScalableTargetsCommand({ ServiceNamespace: 'dynamodb', ResourceIds: ['table/orders'] });

  const first = await scaled.put(resources(250), { outputs: { Target: { Ref: 'Target' } } });
  assert.equal(first['Target'], 'table/orders|dynamodb:table:ReadCapacityUnits|dynamodb');
  await scaled.put(resources(300));
  const { ScalableTargets: [target] = [] } = await scaling.send(describe);
  assert.deepEqual([target?.MinCapacity, target?.MaxCapacity], [25, 300]);
  const { ScalingPolicies: [policy] = [] } = await scaling.send(
    new DescribeScalingPoliciesCommand({ ServiceNamespace: 'dynamodb', ResourceId: 'table/orders' }),
  );
  assert.equal(policy?.TargetTrackingScalingPolicyConfiguration?.TargetValue, 70);

  await scaled.delete();
  assert.deepEqual((await scaling.send(describe)).ScalableTargets, []);
});

test('a composite alarm follows its children, carries tags, and may go before them', async () => {
  const cloudwatch = new CloudWatchClient(account.client);
  const alarms = stack('composite');
  const Child = {
    Type: 'AWS::CloudWatch::Alarm',
    Properties: {
      AlarmName: 'child',
      Namespace: 'Test',
      MetricName: 'Errors',
      Dimensions: [{ Name: 'Environment', Value: 'dev' }],
      Statistic: 'Maximum',
      Period: 60,
      EvaluationPeriods: 1,
      Threshold: 0,
      ComparisonOperator: 'GreaterThanThreshold',
    },
  };
  const Health = {
    Type: 'AWS::CloudWatch::CompositeAlarm',
    Properties: {
      AlarmName: 'health',
      AlarmRule: { 'Fn::Join': ['', ['ALARM("', { 'Fn::GetAtt': ['Child', 'Arn'] }, '")']] },
    },
  };
  const describe = async (): Promise<unknown> => {
    const { CompositeAlarms: [alarm] = [] } = await cloudwatch.send(
      new DescribeAlarmsCommand({ AlarmNames: ['health'], AlarmTypes: ['CompositeAlarm'] }),
    );
    return alarm?.StateValue;
  };
  const put = async (environment: string): Promise<unknown> =>
    cloudwatch.send(
      new PutMetricDataCommand({
        Namespace: 'Test',
        MetricData: [{ MetricName: 'Errors', Value: 1, Dimensions: [{ Name: 'Environment', Value: environment }] }],
      }),
    );

  const { Arn } = await alarms.put(
    { Child, Health },
    { outputs: { Arn: { 'Fn::GetAtt': ['Health', 'Arn'] } }, tags: { owner: 'a' } },
  );
  const { Tags } = await cloudwatch.send(new ListTagsForResourceCommand({ ResourceARN: Arn }));
  assert.deepEqual(tagsOf(Tags), { owner: 'a' });
  assert.equal(await describe(), 'OK');
  await put('prod');
  assert.equal(await describe(), 'OK', 'data of another environment');
  await put('dev');
  assert.equal(await describe(), 'ALARM');

  await alarms.put({ Child });
  assert.equal(await describe(), undefined);
  await alarms.delete();
});

test('an alarm on metric math is described with its metrics', async () => {
  const cloudwatch = new CloudWatchClient(account.client);
  const math = stack('math');
  const Metrics = [
    { Id: 'all', Expression: 'a + b', ReturnData: true },
    ...['a', 'b'].map((Id) => ({
      Id,
      ReturnData: false,
      MetricStat: { Metric: { Namespace: 'Test', MetricName: Id }, Period: 60, Stat: 'Sum' },
    })),
  ];
  await math.put({
    Alarm: {
      Type: 'AWS::CloudWatch::Alarm',
      Properties: {
        AlarmName: 'math',
        Metrics,
        EvaluationPeriods: 1,
        Threshold: 1,
        ComparisonOperator: 'GreaterThanOrEqualToThreshold',
        TreatMissingData: 'notBreaching',
      },
    },
  });
  const { MetricAlarms: [alarm] = [] } = await cloudwatch.send(new DescribeAlarmsCommand({ AlarmNames: ['math'] }));
  assert.deepEqual(alarm?.Metrics, Metrics);
  assert.equal(alarm?.MetricName, undefined);
  await math.delete();
});

test('an OpenID Connect provider is in the IAM API', async () => {
  const iam = new IAMClient(account.client);
  const identity = stack('identity');
  const provider = (audiences: readonly string[]): Record<string, unknown> => ({
    Provider: {
      Type: 'AWS::IAM::OIDCProvider',
      Properties: { Url: 'https://token.actions.githubusercontent.com', ClientIdList: audiences },
    },
  });
  const outputs = { Arn: { Ref: 'Provider' } };

  const { Arn } = await identity.put(provider(['one']), { outputs });
  assert.equal(Arn, `arn:aws:iam::${ACCOUNT}:oidc-provider/token.actions.githubusercontent.com`);
  assert.deepEqual(await identity.put(provider(['sts.amazonaws.com']), { outputs }), { Arn });
  const found = await iam.send(new GetOpenIDConnectProviderCommand({ OpenIDConnectProviderArn: Arn }));
  assert.deepEqual(found.ClientIDList, ['sts.amazonaws.com']);

  await identity.delete();
  assert.deepEqual((await iam.send(new ListOpenIDConnectProvidersCommand({}))).OpenIDConnectProviderList, []);
});

test('a bucket named by prefix gets its name in the account-regional namespace, and keeps it', async () => {
  const s3 = new S3Client(account.client);
  const buckets = stack('buckets');
  const bucket = (versioning: string): Record<string, unknown> => ({
    Data: {
      Type: 'AWS::S3::Bucket',
      Properties: {
        BucketNamePrefix: 'trade-data-dev',
        BucketNamespace: 'account-regional',
        VersioningConfiguration: { Status: versioning },
      },
    },
  });
  const outputs = { Name: { Ref: 'Data' } };

  const { Name } = await buckets.put(bucket('Enabled'), { outputs });
  assert.equal(Name, `trade-data-dev-${ACCOUNT}-us-east-1-an`);
  assert.deepEqual(await buckets.put(bucket('Suspended'), { outputs }), { Name });
  await s3.send(new HeadBucketCommand({ Bucket: Name }));
  await buckets.delete();
  await assert.rejects(s3.send(new HeadBucketCommand({ Bucket: Name })));
});

test('every type on the list of recorded ones deploys', async () => {
  const recordOnly = (await readRecordedTypes()).filter(({ handler }) => handler === 'record-only');
  assert.ok(recordOnly.length > 0);
  const recorded = stack('recorded');
  await recorded.put(
    Object.fromEntries(recordOnly.map(({ type }, index) => [`R${index}`, { Type: type, Properties: {} }])),
  );
  await recorded.delete();
});
