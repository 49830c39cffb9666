/** Does any security group of the environment's VPC let more in or out than it should? */
import { DescribeSecurityGroupsCommand, type IpPermission, type SecurityGroup } from '@aws-sdk/client-ec2';
import { stackName } from '../../../environments/naming.ts';
import type { Check } from '../../core/check.ts';
import { assess, type Expectation, type Subject } from '../../core/validation/assess.ts';
import { EGRESS_PORT } from '../../core/validation/house-rules.ts';
import { none, sameMembers } from '../../core/validation/matchers.ts';
import { mapObservation, observed } from '../../core/validation/observation.ts';
import { observe } from './observe.ts';
import { houseRemedy, type Probe, type ProbeContext } from './probe.ts';

export const securityGroups: Probe = {
  name: 'security groups',
  observe: async (context) => {
    const vpcId = context.inventory.idOf('vpc', 'AWS::EC2::VPC');
    // The VPC's own check says that it is missing.
    if (vpcId.state === 'missing') return [];
    const name = stackName('vpc', context.config.name);
    if (vpcId.state === 'unanswered') return assess({ name }, vpcId, [knownGroups([], context)]);
    const groups = mapObservation(
      await observe((options) =>
        context.clients.ec2.send(
          new DescribeSecurityGroupsCommand({ Filters: [{ Name: 'vpc-id', Values: [vpcId.value] }] }),
          options,
        ),
      ),
      ({ SecurityGroups }) => SecurityGroups ?? [],
    );
    const ours = context.inventory.idsOf('lambda', 'AWS::EC2::SecurityGroup');
    const known = ours.state === 'observed' ? ours.value : [];
    const subject: Subject = { name, resource: { type: 'AWS::EC2::VPC', id: vpcId.value } };
    return [
      ...assess(subject, context.inventory.given('lambda', groups), [knownGroups(known, context)]),
      ...(groups.state === 'observed' ? groups.value.flatMap((group) => lookAt(group, known, context)) : []),
    ];
  },
};

/** A group made by hand is a hole nobody watches. */
const knownGroups = (known: readonly string[], context: ProbeContext): Expectation<readonly SecurityGroup[]> => ({
  id: 'vpc.security-groups',
  expected: sameMembers([...known, 'default']),
  actual: (groups) => groups.map(({ GroupName, GroupId }) => (GroupName === 'default' ? 'default' : GroupId)),
  remedy: houseRemedy(context),
});

function lookAt(group: SecurityGroup, known: readonly string[], context: ProbeContext): Check[] {
  const id = group.GroupId ?? '';
  const resource = { type: 'AWS::EC2::SecurityGroup', id };
  if (group.GroupName === 'default') {
    // Not a resource of any stack: CloudFormation's drift detection can't see it.
    return assess(
      { name: `default security group of ${stackName('vpc', context.config.name)}`, resource },
      observed(group),
      [
        {
          id: 'security-group.default-closed',
          expected: none('rules'),
          actual: ({ IpPermissions, IpPermissionsEgress }) => [
            ...describe('in', IpPermissions),
            ...describe('out', IpPermissionsEgress),
          ],
          remedy: houseRemedy(context),
        },
      ],
    );
  }
  // Unknown groups are found by `vpc.security-groups`.
  if (!known.includes(id)) return [];
  return assess({ name: group.GroupName ?? id, resource }, observed(group), [
    {
      id: 'security-group.ingress',
      expected: none('rules'),
      actual: ({ IpPermissions }) => describe('in', IpPermissions),
      remedy: houseRemedy(context),
    },
    {
      id: 'security-group.egress',
      expected: sameMembers([`out tcp ${EGRESS_PORT} 0.0.0.0/0`]),
      actual: ({ IpPermissionsEgress }) => describe('out', IpPermissionsEgress),
      remedy: houseRemedy(context),
    },
  ]);
}

/** One line per rule: `out tcp 443 0.0.0.0/0`. */
function describe(direction: 'in' | 'out', permissions: readonly IpPermission[] | undefined): string[] {
  return (permissions ?? []).flatMap((permission) => {
    const { IpProtocol, FromPort, ToPort } = permission;
    const protocol = IpProtocol === '-1' ? 'all' : IpProtocol;
    const ports =
      FromPort === undefined || IpProtocol === '-1'
        ? ''
        : FromPort === ToPort
          ? ` ${FromPort}`
          : ` ${FromPort}-${ToPort}`;
    return peersOf(permission).map((peer) => `${direction} ${protocol}${ports} ${peer}`);
  });
}

function peersOf({ IpRanges, Ipv6Ranges, UserIdGroupPairs, PrefixListIds }: IpPermission): string[] {
  return [
    ...(IpRanges ?? []).map(({ CidrIp }) => CidrIp ?? ''),
    ...(Ipv6Ranges ?? []).map(({ CidrIpv6 }) => CidrIpv6 ?? ''),
    ...(UserIdGroupPairs ?? []).map(({ GroupId }) => GroupId ?? ''),
    ...(PrefixListIds ?? []).map(({ PrefixListId }) => PrefixListId ?? ''),
  ];
}
