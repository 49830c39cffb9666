/**
 * Facts of an environment → its Plan. Pure: the order of the facts does not matter, and nothing else goes in.
 */
import { fullDiff, type TemplateDiff } from '@aws-cdk/cloudformation-diff';
import type { EnvironmentFacts, StackFacts, Template } from './facts.ts';
import { maskEverything } from './mask-plan.ts';
import { networkChanges } from './network.ts';
import { permissionChanges, type Readers } from './permissions.ts';
import {
  byText,
  type Counts,
  PLAN_FORMAT,
  type Plan,
  type ResourceAction,
  type StackAction,
  type StackPlan,
} from './plan.ts';
import { Reader } from './references.ts';
import { resourceChanges } from './resource-changes.ts';
import { settingChanges } from './setting-changes.ts';
import { settleChangeSet } from './settle-change-set.ts';
import { judgePlan } from './verdict.ts';
import { warningsOf } from './warnings.ts';

export interface PlanOptions {
  /** The pull request carries the label `allow-destructive`, or `--allow-destructive` was given. */
  readonly allowDestructive: boolean;
}

export function makePlan(facts: EnvironmentFacts, { allowDestructive }: PlanOptions): Plan {
  const sorted = [...facts.stacks].sort((a, b) => byText(a.name, b.name));
  const stacks = sorted.map((stack) => planStack(stack, facts));
  const { environment, account, region, stage, release } = facts;
  return maskEverything({
    format: PLAN_FORMAT,
    environment,
    account,
    region,
    stage,
    release: { id: release.id, digest: release.digest, commit: release.commit, dirty: release.dirty },
    stacks,
    counts: count(stacks),
    warnings: warningsOf(stacks, sorted),
    verdict: judgePlan(stacks, allowDestructive),
  });
}

const EMPTY: Template = { Resources: {} };

function planStack(
  facts: StackFacts,
  { environment, account }: Pick<EnvironmentFacts, 'environment' | 'account'>,
): StackPlan {
  const { name, deployed, released, changeSet, note = '' } = facts;
  const nothing = { resources: [], settings: [], permissions: [], network: [], bookkeeping: [] };
  const common = { name, component: componentOf(name, environment), note };
  if (released === undefined) return { ...common, action: 'orphan', basis: 'tags', ...nothing };
  const readers: Readers = {
    old: new Reader(name, deployed?.template ?? EMPTY),
    new: new Reader(name, released.template),
  };
  const diff = differenceOf(facts);
  const created = deployed === undefined;
  const { shown, bookkeeping } = resourceChanges(facts, diff, readers);
  const settings = settingChanges(facts, readers);
  const changed = shown.length > 0 || settings.length > 0;
  return {
    ...common,
    action: created ? 'create' : changed ? 'update' : 'unchanged',
    basis: created ? 'absent' : changeSet !== undefined ? 'change-set' : isSame(diff, settings) ? 'equal' : 'template',
    resources: shown,
    settings,
    permissions: permissionChanges(diff, readers, { account, created }),
    network: networkChanges(diff, readers, created),
    bookkeeping,
  };
}

const isSame = (diff: TemplateDiff, settings: readonly unknown[]): boolean => diff.isEmpty && settings.length === 0;

/** The library's reckoning; it knows CloudFormation's own where there is a change set. */
function differenceOf({ deployed, released, changeSet }: StackFacts): TemplateDiff {
  return fullDiff(
    { ...(deployed?.template ?? EMPTY) },
    { ...(released?.template ?? EMPTY) },
    changeSet && settleChangeSet(changeSet),
  );
}

/** `trading-vpc-dev` → `trading-vpc` */
const componentOf = (name: string, environment: string): string =>
  name.endsWith(`-${environment}`) ? name.slice(0, -environment.length - 1) : name;

function count(stacks: readonly StackPlan[]): Counts {
  const by = (action: StackAction): number => stacks.filter((stack) => stack.action === action).length;
  const resources = stacks.flatMap((stack) => stack.resources);
  const of = (action: ResourceAction): number => resources.filter((resource) => resource.action === action).length;
  return {
    stacks: { create: by('create'), update: by('update'), unchanged: by('unchanged'), orphan: by('orphan') },
    resources: {
      create: of('create'),
      update: of('update'),
      replace: of('replace'),
      'may-replace': of('may-replace'),
      delete: of('delete'),
    },
  };
}
