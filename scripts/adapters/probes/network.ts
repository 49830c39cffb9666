/** Is the network as the environment's JSON says: zones, subnets, NAT gateways, flow logs, private ways to S3 and DynamoDB? */
import {
  DescribeFlowLogsCommand,
  DescribeNatGatewaysCommand,
  DescribeRouteTablesCommand,
  DescribeSubnetsCommand,
  DescribeVpcEndpointsCommand,
  DescribeVpcsCommand,
  type RouteTable,
  type Subnet,
} from '@aws-sdk/client-ec2';
import { stackName } from '../../../environments/naming.ts';
import type { Check } from '../../core/check.ts';
import { assess, assessPresent, type Subject } from '../../core/validation/assess.ts';
import { exactly, sameMembers } from '../../core/validation/matchers.ts';
import { partOf } from '../../core/validation/observation.ts';
import { observe } from './observe.ts';
import { houseRemedy, type Probe, type ProbeContext, remedyFor } from './probe.ts';

export const network: Probe = {
  name: 'network',
  observe: async (context) => {
    const id = context.inventory.idOf('vpc', 'AWS::EC2::VPC');
    const name = stackName('vpc', context.config.name);
    return id.state === 'observed' ? lookAt(name, id.value, context) : assessPresent({ name }, 'vpc.present', id, []);
  },
};

async function lookAt(name: string, vpcId: string, context: ProbeContext): Promise<Check[]> {
  const { ec2 } = context.clients;
  const inVpc = { Filters: [{ Name: 'vpc-id', Values: [vpcId] }] };
  // A VPC of ours has a dozen of each at most: far below one page.
  const [vpcs, layout, gateways, endpoints, flowLogs] = await Promise.all([
    observe((options) => ec2.send(new DescribeVpcsCommand({ VpcIds: [vpcId] }), options)),
    observe(async (options) => {
      const [subnets, tables] = await Promise.all([
        ec2.send(new DescribeSubnetsCommand(inVpc), options),
        ec2.send(new DescribeRouteTablesCommand(inVpc), options),
      ]);
      return { subnets: subnets.Subnets ?? [], tables: tables.RouteTables ?? [] };
    }),
    observe((options) => ec2.send(new DescribeNatGatewaysCommand({ Filter: inVpc.Filters }), options)),
    observe((options) => ec2.send(new DescribeVpcEndpointsCommand(inVpc), options)),
    observe((options) =>
      ec2.send(new DescribeFlowLogsCommand({ Filter: [{ Name: 'resource-id', Values: [vpcId] }] }), options),
    ),
  ]);
  const subject: Subject = { name, resource: { type: 'AWS::EC2::VPC', id: vpcId } };
  const house = houseRemedy(context);
  const { network: wanted } = context.config;
  const vpc = partOf(vpcs, ({ Vpcs }) => Vpcs?.[0]);
  const checks = assessPresent(subject, 'vpc.present', vpc, [
    {
      id: 'vpc.cidr',
      expected: exactly(wanted.cidr),
      actual: ({ CidrBlock }) => CidrBlock,
      remedy: remedyFor(context, 'network.cidr'),
    },
  ]);
  if (vpc.state === 'missing') return checks;
  const perZone = Object.fromEntries(wanted.availabilityZones.map((zone) => [zone, { public: 1, private: 1 }]));
  return [
    ...checks,
    ...assess(subject, layout, [
      {
        id: 'vpc.subnets',
        expected: exactly(perZone),
        actual: ({ subnets, tables }) => countByZone(subnets, tables),
        remedy: remedyFor(context, 'network.availabilityZones'),
      },
    ]),
    ...assess(subject, gateways, [
      {
        id: 'vpc.nat-gateways',
        expected: exactly(wanted.natGateways),
        actual: ({ NatGateways }) => NatGateways?.filter(({ State }) => State === 'available').length ?? 0,
        remedy: remedyFor(context, 'network.natGateways'),
      },
    ]),
    ...assess(subject, endpoints, [
      {
        id: 'vpc.endpoints',
        expected: sameMembers(['dynamodb', 's3']),
        actual: ({ VpcEndpoints }) =>
          VpcEndpoints?.filter(({ State }) => State?.toLowerCase() === 'available').map(
            ({ ServiceName }) => ServiceName?.split('.').at(-1) ?? '',
          ),
        remedy: house,
      },
    ]),
    ...assess(subject, flowLogs, [
      {
        id: 'vpc.flow-logs',
        expected: exactly([`ALL to /aws/vpc/${name}`]),
        actual: ({ FlowLogs }) =>
          FlowLogs?.filter(({ FlowLogStatus }) => FlowLogStatus === 'ACTIVE').map(
            // By name or by ARN, as it was made.
            ({ TrafficType, LogGroupName, LogDestination }) =>
              `${TrafficType} to ${LogGroupName ?? LogDestination?.replace(/^.*:log-group:/, '').replace(/:\*$/, '')}`,
          ),
        remedy: house,
      },
    ]),
  ];
}

interface SubnetCount {
  readonly public: number;
  readonly private: number;
  /** Neither: a subnet without a way out. Only there when it is not zero. */
  readonly isolated?: number;
}

/** What makes a subnet public is its default route, not its name. */
function countByZone(subnets: readonly Subnet[], tables: readonly RouteTable[]): Record<string, SubnetCount> {
  const zones = new Map<string, Record<'public' | 'private' | 'isolated', number>>();
  for (const { SubnetId, AvailabilityZone = 'unknown zone' } of subnets) {
    const count = zones.get(AvailabilityZone) ?? { public: 0, private: 0, isolated: 0 };
    count[kindOf(SubnetId, tables)] += 1;
    zones.set(AvailabilityZone, count);
  }
  return Object.fromEntries(
    [...zones].map(([zone, { isolated, ...count }]) => [zone, isolated === 0 ? count : { ...count, isolated }]),
  );
}

function kindOf(subnetId: string | undefined, tables: readonly RouteTable[]): 'public' | 'private' | 'isolated' {
  const own = tables.find(({ Associations }) => Associations?.some((each) => each.SubnetId === subnetId));
  const main = tables.find(({ Associations }) => Associations?.some(({ Main }) => Main === true));
  const wayOut = (own ?? main)?.Routes?.find((route) => route.DestinationCidrBlock === '0.0.0.0/0');
  if (wayOut?.GatewayId?.startsWith('igw-')) return 'public';
  return wayOut?.NatGatewayId === undefined ? 'isolated' : 'private';
}
