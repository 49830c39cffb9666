/** Rules of the VPC: its range, its zones, its NAT gateways, and that ranges of environments do not overlap. Pure. */
import ipaddr from 'ipaddr.js';
import { type Finding, show } from '../problem.ts';
import type { EnvironmentDraft } from '../shape.ts';
import { repeatedAt } from './values.ts';

/**
 * The largest VPC AWS allows, and the smallest that holds two subnets for each of six zones: 16 subnets of /28, which is
 * the smallest subnet. https://docs.aws.amazon.com/vpc/latest/userguide/vpc-cidr-blocks.html
 */
export const VPC_PREFIX = { largest: 16, smallest: 24 };

export function checkNetwork({ network, region }: EnvironmentDraft): Finding[] {
  if (network === undefined) return [];
  const { cidr, availabilityZones: zones = [], natGateways } = network;
  return [
    ...(cidr === undefined ? [] : checkRange(cidr)),
    ...(region === undefined ? [] : zones.flatMap((zone, index) => checkZone(zone, index, region))),
    ...repeatedAt(zones, (zone) => zone).map((index) => ({
      path: ['network', 'availabilityZones', index],
      found: `${show(zones[index])} more than once`,
      allowed: 'each zone once',
    })),
    ...(natGateways !== undefined && zones.length > 0 && natGateways > zones.length
      ? [
          {
            path: ['network', 'natGateways'],
            found: show(natGateways),
            allowed: `at most one per availability zone, of which there are ${zones.length}: lower it, or add zones`,
          },
        ]
      : []),
  ];
}

function checkZone(zone: string | undefined, index: number, region: string): Finding[] {
  if (zone === undefined || zone.slice(0, -1) === region) return [];
  const allowed = `a zone of the region ${region}: ${region}a, ${region}b, …`;
  return [{ path: ['network', 'availabilityZones', index], found: show(zone), allowed }];
}

function checkRange(cidr: string): Finding[] {
  const [address, prefix] = ipaddr.IPv4.parseCIDR(cidr);
  const network = ipaddr.IPv4.networkAddressFromCIDR(cidr);
  const wrong = (allowed: string): Finding => ({ path: ['network', 'cidr'], found: show(cidr), allowed });
  const { largest, smallest } = VPC_PREFIX;
  return [
    ...(prefix < largest || prefix > smallest
      ? [wrong(`a prefix from /${largest} to /${smallest}, which has room for two subnets in each zone`)]
      : []),
    ...(network.range() === 'private'
      ? []
      : [wrong('a private range (RFC 1918): inside 10.0.0.0/8, 172.16.0.0/12 or 192.168.0.0/16')]),
    ...(address.toString() === network.toString()
      ? []
      : [wrong(`the first address of the range: ${network.toString()}/${prefix}`)]),
  ];
}

/** True when an address is in both ranges. Each is a valid IPv4 CIDR. */
export function rangesOverlap(one: string, other: string): boolean {
  const [oneAddress, onePrefix] = ipaddr.IPv4.parseCIDR(one);
  const [otherAddress, otherPrefix] = ipaddr.IPv4.parseCIDR(other);
  // Of two ranges that meet, the shorter prefix contains the other: they meet when they agree in its bits.
  return oneAddress.match(otherAddress, Math.min(onePrefix, otherPrefix));
}
