/**
 * The plans of several environments side by side: what is the same is one entry with the environments it is in. Pure.
 *
 * Names that differ by environment alone are the same: `orders-dev` and `orders-prod` are both `orders-‹env›`.
 */
import type { Json, Plan, ResourceChange, StackPlan } from '../plan.ts';
import { byText } from '../plan.ts';

/** A component over the environments; an environment without it has no entry. */
export interface StackRow {
  readonly component: string;
  readonly stacks: ReadonlyMap<string, StackPlan>;
}

/** Something said once, and where. */
export interface Shared<T> {
  readonly item: T;
  readonly environments: readonly string[];
}

/** What happens to one resource, in the environments in which the same happens. */
export interface ResourceGroup {
  readonly change: ResourceChange;
  readonly environments: readonly string[];
  readonly properties: readonly PropertyGroup[];
}

export interface PropertyGroup {
  readonly path: string;
  readonly variants: readonly Shared<{ readonly old?: Json; readonly new?: Json }>[];
}

export function stackRows(plans: readonly Plan[]): StackRow[] {
  const rows = new Map<string, Map<string, StackPlan>>();
  for (const { environment, stacks } of plans) {
    for (const stack of stacks) {
      const row = rows.get(stack.component) ?? new Map<string, StackPlan>();
      rows.set(stack.component, row.set(environment, stack));
    }
  }
  return [...rows].sort(([a], [b]) => byText(a, b)).map(([component, stacks]) => ({ component, stacks }));
}

/** Makes names of an environment neutral. */
export class Neutral {
  readonly #plans: ReadonlyMap<string, (text: string) => string>;

  constructor(plans: readonly Plan[]) {
    this.#plans = new Map(plans.map((plan) => [plan.environment, neutraliser(plan)]));
  }

  text(environment: string, text: string): string {
    return this.#plans.get(environment)?.(text) ?? text;
  }

  value<T>(environment: string, value: T): T {
    if (typeof value === 'string') return this.text(environment, value) as T;
    if (Array.isArray(value)) return value.map((item: unknown) => this.value(environment, item)) as T;
    if (typeof value !== 'object' || value === null) return value;
    const entries = Object.entries(value).map(([key, inner]) => [
      this.text(environment, key),
      this.value(environment, inner as unknown),
    ]);
    return Object.fromEntries(entries) as T;
  }

  /** For lining resources up only: also without the hashes and run-together names CDK makes of an environment's. */
  key(environment: string, { type, path }: ResourceChange): string {
    const name = environment.replaceAll('-', '');
    return `${type} ${this.text(environment, path)
      .replaceAll(name, '')
      .replace(/[0-9A-F]{8}/g, '')}`;
  }
}

/** Names as rules make them. Others, of a plan from elsewhere, are left as they are. */
const NAMES = { environment: /^[a-z0-9-]{1,32}$/, account: /^\d{12}$/, region: /^[a-z0-9-]{4,32}$/ };

function neutraliser(plan: Plan): (text: string) => string {
  const environment = NAMES.environment.test(plan.environment) ? plan.environment : undefined;
  const name = environment === undefined ? undefined : new RegExp(`(?<![A-Za-z0-9])${environment}(?![A-Za-z0-9])`, 'g');
  return (text) => {
    const account = NAMES.account.test(plan.account) ? text.replaceAll(plan.account, '‹account›') : text;
    const region = NAMES.region.test(plan.region) ? account.replaceAll(plan.region, '‹region›') : account;
    return name === undefined ? region : region.replace(name, '‹env›');
  };
}

/** Items of several environments, equal ones together, in the order in which they first come. */
export function share<T>(items: readonly Shared<T>[], sign: (item: T, environment: string) => unknown): Shared<T>[] {
  const groups = new Map<string, { item: T; environments: string[] }>();
  for (const { item, environments } of items) {
    for (const environment of environments) {
      const signature = JSON.stringify(sign(item, environment));
      const group = groups.get(signature) ?? { item, environments: [] };
      group.environments.push(environment);
      groups.set(signature, group);
    }
  }
  return [...groups.values()];
}

/** The resources of one component over all environments. */
export function resourceGroups({ stacks }: StackRow, neutral: Neutral): ResourceGroup[] {
  const byKey = new Map<string, Shared<ResourceChange>[]>();
  for (const [environment, { resources }] of stacks) {
    for (const change of resources) {
      const key = neutral.key(environment, change);
      byKey.set(key, [...(byKey.get(key) ?? []), { item: change, environments: [environment] }]);
    }
  }
  const groups = [...byKey.values()].flatMap((entries) => groupOne(entries, neutral));
  // The rest keeps the order of the plan, in which the same resources come in the same order in every environment.
  return groups.sort((a, b) => rank(a.change) - rank(b.change));
}

const ACTIONS = ['delete', 'replace', 'may-replace', 'update', 'create'];
const rank = ({ action, stateful }: ResourceChange): number =>
  ACTIONS.indexOf(action) + (stateful && ACTIONS.indexOf(action) < 3 ? 0 : 10);

function groupOne(entries: readonly Shared<ResourceChange>[], neutral: Neutral): ResourceGroup[] {
  const sign = (
    { action, code, afterwards, fixedName, undo, logicalId }: ResourceChange,
    environment: string,
  ): unknown => {
    // Two of one key in one environment must not merge.
    const several = entries.filter(({ environments: [there] }) => there === environment).length > 1;
    return [action, code, afterwards, fixedName?.property, undo, several ? logicalId : ''];
  };
  const signature = ({ item, environments: [environment = ''] }: Shared<ResourceChange>): string =>
    JSON.stringify(sign(item, environment));
  return share(entries, sign)
    .sort((a, b) => b.environments.length - a.environments.length)
    .map((group) => ({
      change: group.environments.length === 1 ? group.item : neutral.value(group.environments[0] ?? '', group.item),
      environments: group.environments,
      properties: propertyGroups(
        entries.filter((entry) => signature(entry) === signature(group)),
        neutral,
      ),
    }));
}

function propertyGroups(members: readonly Shared<ResourceChange>[], neutral: Neutral): PropertyGroup[] {
  const several = members.length > 1;
  const paths = new Map<string, Shared<{ old?: Json; new?: Json }>[]>();
  for (const { item, environments } of members) {
    const [environment = ''] = environments;
    for (const { path, old, new: next } of item.properties) {
      const key = neutral.text(environment, path);
      const values = { ...(old === undefined ? {} : { old }), ...(next === undefined ? {} : { new: next }) };
      paths.set(key, [...(paths.get(key) ?? []), { item: values, environments }]);
    }
  }
  return [...paths].map(([path, values]) => ({
    path,
    variants: share(values, (value, environment) => neutral.value(environment, value)).map((variant) =>
      several && variant.environments.length > 1
        ? { ...variant, item: neutral.value(variant.environments[0] ?? '', variant.item) }
        : variant,
    ),
  }));
}
