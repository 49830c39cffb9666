/**
 * Security-group rules that change: widened, narrowed or changed, with a sentence for those open to the world. Pure.
 */
import type { TemplateDiff } from '@aws-cdk/cloudformation-diff';
import { holdsRange, isVast, isWorld } from './address-ranges.ts';
import type { Readers } from './permissions.ts';
import { byText, type Direction, type NetworkChange, type NetworkRule } from './plan.ts';
import { quote } from './sentence.ts';

type SecurityGroupRule = TemplateDiff['securityGroupChanges']['ingress']['additions'][number];

/** A rule with what decides whether it is wider than another. */
interface Rule {
  readonly group: string;
  readonly shown: NetworkRule;
  readonly protocol: string;
  readonly from: number;
  readonly to: number;
}

/** @param created the stack is new: that its functions may call out is no news there */
export function networkChanges(diff: TemplateDiff, readers: Readers, created: boolean): NetworkChange[] {
  const { ingress, egress } = diff.securityGroupChanges;
  return [
    ...changesOf('in', ingress.removals, ingress.additions, readers, created),
    ...changesOf('out', egress.removals, egress.additions, readers, created),
  ].sort((a, b) => byText(sortKey(a), sortKey(b)));
}

const sortKey = (change: NetworkChange): string =>
  `${change.dangers.length > 0 ? 0 : 1}${change.group} ${change.traffic} ${JSON.stringify([change.new, change.old])}`;

function changesOf(
  traffic: 'in' | 'out',
  removals: readonly SecurityGroupRule[],
  additions: readonly SecurityGroupRule[],
  readers: Readers,
  created: boolean,
): NetworkChange[] {
  const text = (reader: Readers['old']) => (value: string) => reader.readText(value);
  const removed = removals.map((rule) => toRule(rule, text(readers.old))).sort(byJson);
  const left = additions.map((rule) => toRule(rule, text(readers.new))).sort(byJson);
  const changes: NetworkChange[] = [];
  const change = (old: Rule | undefined, next: Rule | undefined): NetworkChange => ({
    direction: directionOf(old, next),
    group: (next ?? old)?.group ?? '',
    traffic,
    ...(old && { old: old.shown }),
    ...(next && { new: next.shown }),
    dangers: next === undefined ? [] : dangersOf(traffic, next, created),
  });
  for (const old of removed) {
    const index = left.findIndex((next) => isSameRule(old, next));
    const [next] = index === -1 ? [] : left.splice(index, 1);
    if (next === undefined || JSON.stringify(next) !== JSON.stringify(old)) changes.push(change(old, next));
  }
  return [...changes, ...left.map((next) => change(undefined, next))];
}

const byJson = (a: Rule, b: Rule): number => byText(JSON.stringify(a), JSON.stringify(b));

function toRule(rule: SecurityGroupRule, read: (text: string) => string): Rule {
  const { peer } = rule;
  const address =
    peer === undefined
      ? '?'
      : peer.kind === 'cidr-ip'
        ? peer.ip
        : peer.kind === 'prefix-list'
          ? peer.prefixListId
          : peer.securityGroupId;
  const everything = rule.ipProtocol === '-1';
  return {
    group: read(String(rule.groupId)).replace(/^\$\{(.+?)(\.GroupId)?\}$/, '$1'),
    shown: {
      protocol: everything ? 'everything' : rule.describeProtocol(),
      peer: read(typeof address === 'string' ? address : JSON.stringify(address)),
    },
    protocol: rule.ipProtocol,
    from: everything ? 0 : (rule.fromPort ?? 0),
    to: everything ? 65_535 : (rule.toPort ?? 65_535),
  };
}

/** Two of group, peer and ports alike: one rule that changed. */
const isSameRule = (a: Rule, b: Rule): boolean =>
  a.group === b.group &&
  (a.shown.peer === b.shown.peer || (a.protocol === b.protocol && a.from === b.from && a.to === b.to));

function directionOf(old: Rule | undefined, next: Rule | undefined): Direction {
  if (old === undefined) return 'widened';
  if (next === undefined) return 'narrowed';
  if (holds(next, old)) return 'widened';
  return holds(old, next) ? 'narrowed' : 'changed';
}

const holds = (outer: Rule, inner: Rule): boolean =>
  (outer.protocol === '-1' || outer.protocol === inner.protocol) &&
  outer.from <= inner.from &&
  outer.to >= inner.to &&
  holdsRange(outer.shown.peer, inner.shown.peer);

function dangersOf(traffic: 'in' | 'out', rule: Rule, created: boolean): string[] {
  const { protocol, peer } = rule.shown;
  if (!isVast(peer)) return [];
  const ports = rule.protocol === '-1' ? 'on every port' : `on ${quote(protocol)}`;
  if (traffic === 'in') {
    const who = isWorld(peer) ? 'Anyone on the internet' : 'A great part of the internet';
    return [`${who} reaches ${quote(rule.group)} ${ports}: ${quote(peer)}.`];
  }
  if (created && rule.protocol !== '-1') return [];
  const where = isWorld(peer) ? 'any address' : 'a great part of the internet';
  return [`${quote(rule.group)} may now send to ${where} ${ports}: ${quote(peer)}.`];
}
