/**
 * EC2 resources of a template, seen through the EC2 API.
 */
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import {
  DescribeAddressesCommand,
  DescribeFlowLogsCommand,
  DescribeNatGatewaysCommand,
  DescribeSecurityGroupsCommand,
  DescribeVpcEndpointsCommand,
  EC2Client,
} from '@aws-sdk/client-ec2';
import { emulatedStack, ownTags } from '../../../testing/emulated-stack.ts';
import { withEmulatedAccount } from '../../../testing/emulator.ts';

const ACCOUNT = '210000000001';
const account = await withEmulatedAccount({ after }, { account: ACCOUNT });

test('NAT gateways with elastic IPs are in the EC2 API, tagged, and gone with the stack', async () => {
  const ec2 = new EC2Client(account.client);
  const network = emulatedStack(account, 'nat');
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
  assert.deepEqual(ownTags(gateway?.Tags), { owner: 'b' });
  const { Addresses: [address] = [] } = await ec2.send(new DescribeAddressesCommand({}));
  assert.equal(address?.PublicIp, Ip);
  assert.deepEqual(ownTags(address?.Tags), { owner: 'b' });

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
  const logs = emulatedStack(account, 'flow');
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
  assert.deepEqual(ownTags(log?.Tags), { owner: 'a' });

  await logs.delete();
  assert.deepEqual((await ec2.send(new DescribeFlowLogsCommand({}))).FlowLogs, []);
});

test('a security-group rule of its own is in its group, changes there, and is removed alone', async () => {
  const ec2 = new EC2Client(account.client);
  const groups = emulatedStack(account, 'groups');
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

test('addresses and endpoints of one network are told from those of another in the same account', async () => {
  const ec2 = new EC2Client(account.client);
  const service = 'com.amazonaws.us-east-1.s3';
  const resources = {
    Vpc: { Type: 'AWS::EC2::VPC', Properties: { CidrBlock: '10.2.0.0/16' } },
    Endpoint: { Type: 'AWS::EC2::VPCEndpoint', Properties: { VpcId: { Ref: 'Vpc' }, ServiceName: service } },
    Ip: { Type: 'AWS::EC2::EIP', Properties: { Domain: 'vpc' } },
  };
  const outputs = { Vpc: { Ref: 'Vpc' }, Endpoint: { Ref: 'Endpoint' }, Ip: { Ref: 'Ip' } };
  const one = await emulatedStack(account, 'network-one').put(resources, { outputs });
  const other = await emulatedStack(account, 'network-other').put(resources, { outputs });

  for (const { Vpc, Endpoint, Ip } of [one, other]) {
    const inVpc = new DescribeVpcEndpointsCommand({ Filters: [{ Name: 'vpc-id', Values: [Vpc as string] }] });
    const { VpcEndpoints } = await ec2.send(inVpc);
    assert.deepEqual(
      VpcEndpoints?.map(({ VpcEndpointId }) => VpcEndpointId),
      [Endpoint],
    );
    const { Addresses } = await ec2.send(new DescribeAddressesCommand({ PublicIps: [Ip as string] }));
    assert.deepEqual(
      Addresses?.map(({ PublicIp }) => PublicIp),
      [Ip],
    );
  }
  const nowhere = new DescribeVpcEndpointsCommand({ Filters: [{ Name: 'vpc-id', Values: ['vpc-none'] }] });
  assert.deepEqual((await ec2.send(nowhere)).VpcEndpoints, []);
});
