/**
 * A Plan: the typed difference between a release and what is deployed, of one environment. Comment, summary, table and
 * JSON are renderings of it. Everything in it is JSON, sorted, and free of time: the same facts give the same bytes.
 */
import type { Stage } from './facts.ts';

/** Raised when an older reader would misread a newer plan. */
export const PLAN_FORMAT = 1;

export interface Plan {
  readonly format: typeof PLAN_FORMAT;
  readonly environment: string;
  readonly account: string;
  readonly region: string;
  readonly stage: Stage;
  /** Of the release: id, and the digest of this environment's files. */
  readonly release: { readonly id: string; readonly digest: string; readonly commit: string; readonly dirty: boolean };
  /** By name. */
  readonly stacks: readonly StackPlan[];
  readonly counts: Counts;
  readonly warnings: readonly Warning[];
  readonly verdict: PlanVerdict;
}

export type StackAction = 'create' | 'update' | 'unchanged' | 'orphan';

/** What a stack's changes are known from. `template`: no change set could be made, so replacements are foretold only. */
export type Basis = 'equal' | 'absent' | 'change-set' | 'template' | 'tags';

export interface StackPlan {
  readonly name: string;
  /** The name without the environment: what lines the stacks of several environments up. */
  readonly component: string;
  readonly action: StackAction;
  readonly basis: Basis;
  /** Why there is no change set, or what state the stack is in. Empty for none. */
  readonly note: string;
  readonly resources: readonly ResourceChange[];
  /** Outputs, exports, parameters, tags, conditions, mappings. */
  readonly settings: readonly SettingChange[];
  readonly permissions: readonly PermissionChange[];
  readonly network: readonly NetworkChange[];
  /** What was left out as following from other changes or from nothing: ids of versions, API deployments, metadata. */
  readonly bookkeeping: readonly string[];
}

export type ResourceAction = 'create' | 'update' | 'replace' | 'may-replace' | 'delete';

export interface ResourceChange {
  readonly logicalId: string;
  /** `OrderIntake/Function`, from the construct tree; the logical id where there is none. */
  readonly path: string;
  /** `AWS::Lambda::Function` */
  readonly type: string;
  readonly action: ResourceAction;
  /** Holds data: replaced or deleted, the data is gone or left behind. */
  readonly stateful: boolean;
  /** The code of a function, or the content of an asset, changes. */
  readonly code: boolean;
  /** For updates and replacements, by path. */
  readonly properties: readonly PropertyChange[];
  /** Set when its physical name is fixed and would be taken while the replacement is made. */
  readonly fixedName?: { readonly property: string; readonly value: string };
  /** What becomes of the resource that is deleted or replaced. */
  readonly afterwards?: 'deleted' | 'retained' | 'snapshot';
  readonly undo: Undo;
}

export interface PropertyChange {
  /** `Throttle.RateLimit`, `Tags[owner]`, `Subnets[2].Cidr` */
  readonly path: string;
  /** Absent: it was not there. */
  readonly old?: Json;
  readonly new?: Json;
  readonly replacement: 'never' | 'maybe' | 'always';
}

export interface SettingChange {
  readonly kind: 'output' | 'export' | 'parameter' | 'tag' | 'condition' | 'mapping' | 'description' | 'other';
  readonly name: string;
  readonly action: 'add' | 'change' | 'remove';
  readonly old?: Json;
  readonly new?: Json;
  readonly undo: Undo;
}

export type Direction = 'widened' | 'narrowed' | 'changed';

/** One IAM statement, or the attachment of one managed policy. */
export interface PermissionChange {
  readonly direction: Direction;
  readonly old?: Statement;
  readonly new?: Statement;
  /** A plain sentence for each thing in it a reviewer must not miss. */
  readonly dangers: readonly string[];
}

export interface Statement {
  readonly effect: string;
  readonly principals: readonly string[];
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  /** Rendered; empty for none. */
  readonly condition: string;
}

export interface NetworkChange {
  readonly direction: Direction;
  /** The group's construct path. */
  readonly group: string;
  readonly traffic: 'in' | 'out';
  readonly old?: NetworkRule;
  readonly new?: NetworkRule;
  readonly dangers: readonly string[];
}

export interface NetworkRule {
  /** `TCP 443`, `everything` */
  readonly protocol: string;
  /** `0.0.0.0/0`, a group, a prefix list. */
  readonly peer: string;
}

export interface Undo {
  readonly answer: 'yes' | 'with-care' | 'no';
  /** Empty for a plain yes. */
  readonly why: readonly string[];
}

export interface Warning {
  /** Stable kind: `orphan`, `no-change-set`, `stateful`, `fixed-name`, `permission`, `network`, `upstream`, `undo`. */
  readonly code: string;
  readonly stack: string;
  readonly text: string;
}

export interface PlanVerdict {
  readonly ok: boolean;
  /** What fails it, most serious first. */
  readonly failures: readonly Failure[];
  /** What would have failed it, were it not allowed. */
  readonly allowed: readonly Failure[];
}

export interface Failure {
  readonly code: 'fixed-name' | 'destructive';
  readonly stack: string;
  /** The resource's path in the stack. */
  readonly path: string;
  readonly type: string;
  readonly text: string;
}

export interface Counts {
  readonly stacks: Readonly<Record<StackAction, number>>;
  readonly resources: Readonly<Record<ResourceAction, number>>;
}

export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

/** True when a deploy would change nothing of the environment. Orphans are no change: nothing touches them. */
export const isEmpty = ({ stacks }: Pick<Plan, 'stacks'>): boolean =>
  stacks.every(({ action }) => action === 'unchanged' || action === 'orphan');

/** Code units, not a locale: the order must not depend on the machine. */
export const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
