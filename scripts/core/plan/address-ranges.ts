/** Ranges of addresses: which lies in which, and which are so wide that they might as well be the world. Pure. */
import ipaddr from 'ipaddr.js';

/** `0.0.0.0/0`, `::/0` */
export const isWorld = (range: string): boolean => parse(range)?.[1] === 0;

/** Half the internet is no narrower than all of it: up to a 128th of IPv4, and 2000::/3, where all public IPv6 is. */
export function isVast(range: string): boolean {
  const parsed = parse(range);
  if (parsed === undefined) return false;
  const [address, bits] = parsed;
  return bits < (address.kind() === 'ipv4' ? 8 : 16);
}

/** True when every address of the inner range is in the outer one. What is no range of addresses holds only itself. */
export function holdsRange(outer: string, inner: string): boolean {
  if (outer === inner) return true;
  const [wide, narrow] = [parse(outer), parse(inner)];
  if (wide === undefined || narrow === undefined || wide[0].kind() !== narrow[0].kind()) return false;
  return wide[1] <= narrow[1] && narrow[0].match(wide);
}

function parse(range: string): [ipaddr.IPv4 | ipaddr.IPv6, number] | undefined {
  return ipaddr.isValidCIDR(range) ? ipaddr.parseCIDR(range) : undefined;
}
