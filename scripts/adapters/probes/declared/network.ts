/** Declared properties of the network's resources. Listings are by VPC, the same for all: the answers are shared. */
import {
  DescribeAddressesCommand,
  DescribeFlowLogsCommand,
  DescribeInternetGatewaysCommand,
  DescribeNatGatewaysCommand,
  DescribeRouteTablesCommand,
  DescribeSecurityGroupsCommand,
  DescribeSubnetsCommand,
  DescribeVpcAttributeCommand,
  DescribeVpcEndpointsCommand,
  DescribeVpcsCommand,
  type IpPermission,
  type RouteTable,
} from '@aws-sdk/client-ec2';
import type { ProbeContext } from '../probe.ts';
import { type DeclaredResource, type Properties, type Readers, there } from './reader.ts';

/** CloudFormation knows an elastic IP by its address, and where it is imported by its allocation as well. */
export function addressRequest(physicalId: string): { AllocationIds: string[] } | { PublicIps: string[] } {
  const [first = '', ...more] = physicalId.split('|');
  const allocation = [first, ...more].find((part) => part.startsWith('eipalloc-'));
  return allocation === undefined ? { PublicIps: [first] } : { AllocationIds: [allocation] };
}

const vpcId = ({ inventory }: ProbeContext): string => {
  const id = inventory.idOf('vpc', 'AWS::EC2::VPC');
  return there(id.state === 'observed' ? id.value : undefined, 'VPC');
};
const inVpc = (context: ProbeContext) => ({ Filters: [{ Name: 'vpc-id', Values: [vpcId(context)] }] });

async function routeTables({ context }: DeclaredResource): Promise<readonly RouteTable[]> {
  return (await context.clients.ec2.send(new DescribeRouteTablesCommand(inVpc(context)))).RouteTables ?? [];
}

async function internetGateway(id: string, { clients }: ProbeContext) {
  const request = new DescribeInternetGatewaysCommand({ InternetGatewayIds: [id] });
  return there((await clients.ec2.send(request)).InternetGateways?.[0], id);
}

export const NETWORK_READERS: Readers = {
  'AWS::EC2::VPC': {
    read: async ({ physicalId, context: { clients } }) => {
      const attribute = (Attribute: 'enableDnsHostnames' | 'enableDnsSupport') =>
        clients.ec2.send(new DescribeVpcAttributeCommand({ VpcId: physicalId, Attribute }));
      const [{ Vpcs }, hostnames, support] = await Promise.all([
        clients.ec2.send(new DescribeVpcsCommand({ VpcIds: [physicalId] })),
        attribute('enableDnsHostnames'),
        attribute('enableDnsSupport'),
      ]);
      const { CidrBlock, InstanceTenancy } = there(Vpcs?.[0], physicalId);
      return {
        CidrBlock,
        InstanceTenancy,
        EnableDnsHostnames: hostnames.EnableDnsHostnames?.Value,
        EnableDnsSupport: support.EnableDnsSupport?.Value,
      };
    },
  },
  'AWS::EC2::Subnet': {
    read: async ({ physicalId, context }) => {
      const { Subnets } = await context.clients.ec2.send(new DescribeSubnetsCommand(inVpc(context)));
      const subnet = there(
        Subnets?.find(({ SubnetId }) => SubnetId === physicalId),
        physicalId,
      );
      const { AvailabilityZone, CidrBlock, MapPublicIpOnLaunch, VpcId } = subnet;
      return { AvailabilityZone, CidrBlock, MapPublicIpOnLaunch, VpcId };
    },
  },
  'AWS::EC2::RouteTable': {
    read: async (resource) => {
      const { physicalId } = resource;
      const table = (await routeTables(resource)).find(({ RouteTableId }) => RouteTableId === physicalId);
      return { VpcId: there(table, physicalId).VpcId };
    },
  },
  'AWS::EC2::Route': {
    read: async (resource) => {
      const { RouteTableId, DestinationCidrBlock } = resource.declared;
      const table = (await routeTables(resource)).find((each) => each.RouteTableId === RouteTableId);
      const route = table?.Routes?.find((each) => each.DestinationCidrBlock === DestinationCidrBlock);
      const { GatewayId, NatGatewayId } = there(route, resource.physicalId);
      return { RouteTableId, DestinationCidrBlock, GatewayId, NatGatewayId };
    },
  },
  'AWS::EC2::SubnetRouteTableAssociation': {
    read: async (resource) => {
      const { physicalId } = resource;
      const all = (await routeTables(resource)).flatMap(({ Associations }) => Associations ?? []);
      const found = all.find(({ RouteTableAssociationId }) => RouteTableAssociationId === physicalId);
      const { RouteTableId, SubnetId } = there(found, physicalId);
      return { RouteTableId, SubnetId };
    },
  },
  'AWS::EC2::InternetGateway': {
    read: async ({ physicalId, context }) => {
      await internetGateway(physicalId, context);
      return {};
    },
  },
  'AWS::EC2::VPCGatewayAttachment': {
    read: async ({ declared, context }) => {
      const { InternetGatewayId } = declared;
      const { Attachments } = await internetGateway(String(InternetGatewayId), context);
      return { InternetGatewayId, VpcId: Attachments?.[0]?.VpcId };
    },
  },
  'AWS::EC2::EIP': {
    read: async ({ physicalId, context: { clients } }) => {
      const { Addresses } = await clients.ec2.send(new DescribeAddressesCommand(addressRequest(physicalId)));
      return { Domain: there(Addresses?.[0], physicalId).Domain };
    },
  },
  'AWS::EC2::NatGateway': {
    read: async ({ physicalId, context }) => {
      const { Filters: Filter } = inVpc(context);
      const { NatGateways } = await context.clients.ec2.send(new DescribeNatGatewaysCommand({ Filter }));
      // Gone ones are listed for an hour.
      const found = NatGateways?.find(({ NatGatewayId, State }) => NatGatewayId === physicalId && State !== 'deleted');
      const { SubnetId, NatGatewayAddresses } = there(found, physicalId);
      return { SubnetId, AllocationId: NatGatewayAddresses?.[0]?.AllocationId };
    },
  },
  'AWS::EC2::VPCEndpoint': {
    read: async ({ physicalId, context }) => {
      const { VpcEndpoints } = await context.clients.ec2.send(new DescribeVpcEndpointsCommand(inVpc(context)));
      const found = VpcEndpoints?.find(({ VpcEndpointId }) => VpcEndpointId === physicalId);
      const { RouteTableIds, ServiceName, VpcEndpointType, VpcId } = there(found, physicalId);
      return { RouteTableIds, ServiceName, VpcEndpointType, VpcId };
    },
  },
  'AWS::EC2::FlowLog': {
    read: async ({ physicalId, context }) => {
      const request = { Filter: [{ Name: 'resource-id', Values: [vpcId(context)] }] };
      const { FlowLogs } = await context.clients.ec2.send(new DescribeFlowLogsCommand(request));
      const found = FlowLogs?.find(({ FlowLogId }) => FlowLogId === physicalId);
      const { DeliverLogsPermissionArn, LogDestinationType, LogDestination, ResourceId, TrafficType, ...flow } = there(
        found,
        physicalId,
      );
      // By name or by ARN, as it was made.
      const LogGroupName = flow.LogGroupName ?? LogDestination?.replace(/^.*:log-group:/, '').replace(/:\*$/, '');
      const ResourceType = ResourceId?.startsWith('vpc-') ? 'VPC' : undefined;
      return { DeliverLogsPermissionArn, LogDestinationType, LogGroupName, ResourceId, ResourceType, TrafficType };
    },
  },
  'AWS::EC2::SecurityGroup': {
    read: async ({ physicalId, context }) => {
      const { SecurityGroups } = await context.clients.ec2.send(new DescribeSecurityGroupsCommand(inVpc(context)));
      const found = SecurityGroups?.find(({ GroupId }) => GroupId === physicalId);
      const { Description, IpPermissions, IpPermissionsEgress, VpcId } = there(found, physicalId);
      return {
        GroupDescription: Description,
        SecurityGroupEgress: rules(IpPermissionsEgress),
        SecurityGroupIngress: rules(IpPermissions),
        VpcId,
      };
    },
  },
};

/** One for each peer, as templates list them. */
function rules(permissions: readonly IpPermission[] | undefined): Properties[] {
  return (permissions ?? []).flatMap(({ IpProtocol, FromPort, ToPort, ...peers }) => [
    ...(peers.IpRanges ?? []).map((peer) => ({ IpProtocol, FromPort, ToPort, ...peer })),
    ...(peers.Ipv6Ranges ?? []).map((peer) => ({ IpProtocol, FromPort, ToPort, ...peer })),
    ...(peers.UserIdGroupPairs ?? []).map(({ GroupId }) => ({ IpProtocol, FromPort, ToPort, GroupId })),
    ...(peers.PrefixListIds ?? []).map(({ PrefixListId }) => ({ IpProtocol, FromPort, ToPort, PrefixListId })),
  ]);
}
