/** Breaks of the network: VPC, subnets, gateways, endpoints, flow logs, security groups. */
import {
  AuthorizeSecurityGroupEgressCommand,
  AuthorizeSecurityGroupIngressCommand,
  CreateFlowLogsCommand,
  CreateNatGatewayCommand,
  CreateSecurityGroupCommand,
  CreateSubnetCommand,
  CreateVpcEndpointCommand,
  DeleteFlowLogsCommand,
  DeleteNatGatewayCommand,
  DeleteSecurityGroupCommand,
  DeleteSubnetCommand,
  DeleteVpcEndpointsCommand,
  DescribeSecurityGroupsCommand,
  DescribeSubnetsCommand,
  DescribeVpcsCommand,
  type DescribeVpcsCommandOutput,
  RevokeSecurityGroupEgressCommand,
  RevokeSecurityGroupIngressCommand,
  type SecurityGroup,
} from '@aws-sdk/client-ec2';
import { stackName } from '../../../environments/naming.ts';
import type { DeployedEnvironment } from '../deployed-environment.ts';
import { type Break, rewriteAnswer } from './break.ts';

const vpcName = ({ config }: DeployedEnvironment): string => stackName('vpc', config.name);

const vpcIdOf = async ({ clients, config }: DeployedEnvironment): Promise<string> => {
  const { Vpcs } = await clients.ec2.send(new DescribeVpcsCommand({}));
  return Vpcs?.find(({ CidrBlock }) => CidrBlock === config.network.cidr)?.VpcId ?? '';
};

const groupOf = async (environment: DeployedEnvironment, kind: 'default' | 'functions'): Promise<SecurityGroup> => {
  const Filters = [{ Name: 'vpc-id', Values: [await vpcIdOf(environment)] }];
  const { SecurityGroups } = await environment.clients.ec2.send(new DescribeSecurityGroupsCommand({ Filters }));
  return SecurityGroups?.find(({ GroupName }) => (GroupName === 'default') === (kind === 'default')) ?? {};
};

const answerOfVpc = (id: string, change: (answer: DescribeVpcsCommandOutput) => DescribeVpcsCommandOutput): Break => ({
  id,
  of: vpcName,
  apply: async ({ clients }) => rewriteAnswer(clients.ec2, 'DescribeVpcsCommand', change),
});

/** An extra rule of a group, from anywhere or to anywhere. */
const rule = (id: string, kind: 'default' | 'functions', direction: 'in' | 'out'): Break => ({
  id,
  of: async (environment) =>
    kind === 'default'
      ? `default security group of ${vpcName(environment)}`
      : ((await groupOf(environment, kind)).GroupName ?? ''),
  apply: async (environment) => {
    const { ec2 } = environment.clients;
    const { GroupId } = await groupOf(environment, kind);
    const IpPermissions = [{ IpProtocol: 'tcp', FromPort: 22, ToPort: 22, IpRanges: [{ CidrIp: '0.0.0.0/0' }] }];
    const request = { GroupId, IpPermissions };
    if (direction === 'in') {
      await ec2.send(new AuthorizeSecurityGroupIngressCommand(request));
      return () => ec2.send(new RevokeSecurityGroupIngressCommand(request));
    }
    await ec2.send(new AuthorizeSecurityGroupEgressCommand(request));
    return () => ec2.send(new RevokeSecurityGroupEgressCommand(request));
  },
});

export const NETWORK_BREAKS: readonly Break[] = [
  answerOfVpc('vpc.present', (answer) => ({ ...answer, Vpcs: [] })),
  answerOfVpc('vpc.cidr', (answer) => ({
    ...answer,
    Vpcs: answer.Vpcs?.map((vpc) => ({ ...vpc, CidrBlock: '10.99.0.0/16' })),
  })),
  rule('security-group.default-closed', 'default', 'in'),
  rule('security-group.ingress', 'functions', 'in'),
  rule('security-group.egress', 'functions', 'out'),
  {
    id: 'vpc.security-groups',
    of: vpcName,
    apply: async (environment) => {
      const { ec2 } = environment.clients;
      const request = { GroupName: 'by-hand', Description: 'made by hand', VpcId: await vpcIdOf(environment) };
      const { GroupId } = await ec2.send(new CreateSecurityGroupCommand(request));
      return () => ec2.send(new DeleteSecurityGroupCommand({ GroupId }));
    },
  },
  {
    id: 'vpc.subnets',
    of: vpcName,
    apply: async (environment) => {
      const { ec2 } = environment.clients;
      const AvailabilityZone = environment.config.network.availabilityZones[0];
      const CidrBlock = environment.config.network.cidr.replace('.0.0/16', '.250.0/24');
      const { Subnet } = await ec2.send(
        new CreateSubnetCommand({ VpcId: await vpcIdOf(environment), CidrBlock, AvailabilityZone }),
      );
      return () => ec2.send(new DeleteSubnetCommand({ SubnetId: Subnet?.SubnetId }));
    },
  },
  {
    id: 'vpc.nat-gateways',
    of: vpcName,
    apply: async (environment) => {
      const { ec2 } = environment.clients;
      const Filters = [{ Name: 'vpc-id', Values: [await vpcIdOf(environment)] }];
      const { Subnets } = await ec2.send(new DescribeSubnetsCommand({ Filters }));
      const { NatGateway } = await ec2.send(
        new CreateNatGatewayCommand({ SubnetId: Subnets?.[0]?.SubnetId, ConnectivityType: 'private' }),
      );
      return () => ec2.send(new DeleteNatGatewayCommand({ NatGatewayId: NatGateway?.NatGatewayId }));
    },
  },
  {
    id: 'vpc.endpoints',
    of: vpcName,
    apply: async (environment) => {
      const { ec2 } = environment.clients;
      const ServiceName = `com.amazonaws.${environment.config.region}.sqs`;
      const { VpcEndpoint } = await ec2.send(
        new CreateVpcEndpointCommand({ VpcId: await vpcIdOf(environment), ServiceName, VpcEndpointType: 'Interface' }),
      );
      return () => ec2.send(new DeleteVpcEndpointsCommand({ VpcEndpointIds: [VpcEndpoint?.VpcEndpointId ?? ''] }));
    },
  },
  {
    id: 'vpc.flow-logs',
    of: vpcName,
    apply: async (environment) => {
      const { ec2 } = environment.clients;
      const { FlowLogIds } = await ec2.send(
        new CreateFlowLogsCommand({
          ResourceIds: [await vpcIdOf(environment)],
          ResourceType: 'VPC',
          TrafficType: 'REJECT',
          LogGroupName: 'by-hand',
          DeliverLogsPermissionArn: `arn:aws:iam::${environment.config.account}:role/by-hand`,
        }),
      );
      return () => ec2.send(new DeleteFlowLogsCommand({ FlowLogIds }));
    },
  },
];
