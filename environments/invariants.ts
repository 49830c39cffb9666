/**
 * Rules across the fields of an environment and across environments: what no type can say. Every violation is found in
 * one go; a part that is missing or wrong in itself (see `shape.ts`) silences only the rules that need it. Pure.
 */
import { type Finding, show } from './problem.ts';
import { checkCapacity } from './rules/capacity.ts';
import { checkFreeze } from './rules/freeze.ts';
import { checkNetwork, rangesOverlap } from './rules/network.ts';
import { checkProduction } from './rules/production.ts';
import { checkName, checkOrder, type Neighbour } from './rules/promotion.ts';
import type { EnvironmentDraft } from './shape.ts';

/** An environment as far as it could be read, and the file it comes from. */
export interface Candidate extends Neighbour {
  /** As messages name it: `environments/dev.json`. */
  readonly file: string;
}

/** What is wrong in one environment, whatever the others are. */
export const checkEnvironment = (draft: EnvironmentDraft): Finding[] => [
  ...checkNetwork(draft),
  ...checkCapacity(draft),
  ...checkProduction(draft),
  ...checkFreeze(draft),
];

/**
 * What is wrong with one environment among all (which include it). Names are unique because each equals the name of
 * its file.
 */
export const checkAmong = (one: Candidate, all: readonly Candidate[]): Finding[] => [
  ...checkName(one.draft.name, one.fileName),
  ...checkOrder(one, all),
  ...checkOverlaps(one, all),
];

/** Ranges that overlap can never be peered or routed to from one place, whichever accounts they are in. */
function checkOverlaps(one: Candidate, all: readonly Candidate[]): Finding[] {
  const cidr = one.draft.network?.cidr;
  if (cidr === undefined) return [];
  return all.flatMap(({ file, draft }) => {
    const other = draft.network?.cidr;
    if (file === one.file || other === undefined || !rangesOverlap(cidr, other)) return [];
    const found = `${show(cidr)}, which overlaps ${show(other)} of ${file}`;
    return [{ path: ['network', 'cidr'], found, allowed: 'a range that shares no address with another environment' }];
  });
}
