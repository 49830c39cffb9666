/** The numbers of several plans together. Pure. */
import type { ConfigInWords } from '../config/config-change.ts';
import type { Counts, Plan } from '../plan.ts';

export interface RenderedCounts {
  readonly ok: boolean;
  readonly environments: number;
  readonly stacks: Counts['stacks'];
  readonly resources: Counts['resources'];
  readonly failures: number;
  readonly warnings: number;
  readonly configChanges: number;
  /** What gave way for the limit, in order; empty when everything is there. */
  readonly cut: readonly string[];
}

interface Content {
  readonly plans: readonly Plan[];
  readonly configChanges: readonly ConfigInWords[];
  readonly unplanned?: readonly unknown[];
}

export function totals({ plans, configChanges, unplanned = [] }: Content, cut: readonly string[]): RenderedCounts {
  const sum = (read: (plan: Plan) => number): number => plans.reduce((total, plan) => total + read(plan), 0);
  const stack = (action: keyof Counts['stacks']): number => sum(({ counts }) => counts.stacks[action]);
  const resource = (action: keyof Counts['resources']): number => sum(({ counts }) => counts.resources[action]);
  return {
    ok: unplanned.length === 0 && plans.every(({ verdict }) => verdict.ok),
    environments: plans.length,
    stacks: {
      create: stack('create'),
      update: stack('update'),
      unchanged: stack('unchanged'),
      orphan: stack('orphan'),
    },
    resources: {
      create: resource('create'),
      update: resource('update'),
      replace: resource('replace'),
      'may-replace': resource('may-replace'),
      delete: resource('delete'),
    },
    failures: sum(({ verdict }) => verdict.failures.length),
    warnings: sum(({ warnings }) => warnings.length),
    configChanges: configChanges.length,
    cut,
  };
}
