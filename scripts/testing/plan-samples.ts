/** Plans and templates for tests: short to write, valid in every field. */
import type { ChangeSet, EnvironmentFacts, StackFacts, Template } from '../core/plan/facts.ts';
import { makePlan } from '../core/plan/make-plan.ts';
import type { Plan, ResourceChange, StackPlan } from '../core/plan/plan.ts';

export interface Resource {
  readonly Type: string;
  readonly Properties?: Readonly<Record<string, unknown>>;
  readonly [attribute: string]: unknown;
}

/** A template of resources, each at the construct path of its logical id. */
export const template = (resources: Readonly<Record<string, Resource>>, more: Record<string, unknown> = {}): Template =>
  ({
    Resources: Object.fromEntries(
      Object.entries(resources).map(([id, resource]) => [
        id,
        { Metadata: { 'aws:cdk:path': `stack-dev/${id}/Resource` }, ...resource },
      ]),
    ),
    ...more,
  }) as Template;

/** A stack that goes from one template to another; nothing stands for absent. */
export const stack = (
  old: Template | undefined,
  next: Template | undefined,
  more: Partial<StackFacts> & { readonly changeSet?: ChangeSet } = {},
): StackFacts => ({
  name: 'stack-dev',
  ...(old && { deployed: { template: old, tags: {} } }),
  ...(next && { released: { template: next, tags: {} } }),
  ...more,
});

export const environment = (stacks: readonly StackFacts[], more: Partial<EnvironmentFacts> = {}): EnvironmentFacts => ({
  environment: 'dev',
  account: '123456789012',
  region: 'us-east-1',
  stage: 'development',
  release: { id: 'a'.repeat(64), digest: 'd'.repeat(64), commit: 'c'.repeat(40), dirty: false },
  stacks,
  ...more,
});

/** The plan of one stack, and the stack in it. */
export function planOne(
  old: Template | undefined,
  next: Template | undefined,
  { allowDestructive = false, ...more }: Partial<StackFacts> & { allowDestructive?: boolean } = {},
): { plan: Plan; stack: StackPlan } {
  const plan = makePlan(environment([stack(old, next, more)]), { allowDestructive });
  const [only] = plan.stacks;
  if (only === undefined) throw new Error('a plan of one stack has one stack');
  return { plan, stack: only };
}

/** A plan of `stacks` with `each` resources that change, of every kind: for limits and speed. */
export function largePlan(name: string, stacks: number, each: number, value = 'v'): Plan {
  const one = (index: number): StackPlan => ({
    name: `trading-part${index}-${name}`,
    component: `trading-part${index}`,
    action: 'update',
    basis: 'change-set',
    note: '',
    resources: Array.from({ length: each }, (_, number) => changeOf(number, `${value}${name}`)),
    settings: [],
    permissions: [],
    network: [],
    bookkeeping: [],
  });
  const all = Array.from({ length: stacks }, (_, index) => one(index));
  const created = stacks * Math.floor(each / 4);
  return {
    ...makePlan(environment([], { environment: name }), { allowDestructive: false }),
    stacks: all,
    counts: {
      stacks: { create: 0, update: stacks, unchanged: 0, orphan: 0 },
      resources: { create: created, update: stacks * each - created, replace: 0, 'may-replace': 0, delete: 0 },
    },
  };
}

const changeOf = (number: number, value: string): ResourceChange => ({
  logicalId: `Resource${number}A1B2C3D4`,
  path: `Group${number % 7}/Resource${number}`,
  type: 'AWS::Lambda::Function',
  action: number % 4 === 3 ? 'create' : 'update',
  stateful: false,
  code: number % 5 === 0,
  properties:
    number % 4 === 3
      ? []
      : [
          { path: 'MemorySize', old: 128 + number, new: 256 + number, replacement: 'never' },
          { path: `Environment.Variables.KEY_${number}`, old: value, new: `${value}${number}`, replacement: 'never' },
        ],
  undo: { answer: 'yes', why: [] },
});
