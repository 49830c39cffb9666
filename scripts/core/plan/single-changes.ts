/**
 * A plan taken apart into single changes, each with a key by which the same thing is found in another plan of the same
 * environment; and how two plans differ in them. Pure.
 */
import type { Json, Plan, ResourceChange, StackPlan } from './plan.ts';
import { principalName } from './principals.ts';

export interface SingleChange {
  /** Of what changes, not of how: two plans that change one thing differently have one key. */
  readonly key: string;
  readonly stack: string;
  readonly part: 'resource' | 'code' | 'property' | 'setting' | 'permission' | 'traffic';
  /** The resource's construct path, the setting's name, the security group; whom a permission is for. */
  readonly subject: string;
  /** Of a property: its path. Of a resource, a setting, a permission or traffic: what happens to it. */
  readonly what: string;
  readonly old?: Json;
  readonly new?: Json;
}

/** In the plan's order. An update is its properties; anything more is a change of its own. */
export const singleChanges = ({ stacks }: Pick<Plan, 'stacks'>): SingleChange[] => stacks.flatMap(changesOfStack);

/** By key; of two of one key the later counts. */
export const byKey = (changes: readonly SingleChange[]): ReadonlyMap<string, SingleChange> =>
  new Map(changes.map((change) => [change.key, change]));

export interface Differences {
  /** Now, and not before. */
  readonly added: readonly SingleChange[];
  /** Before, and not now. */
  readonly gone: readonly SingleChange[];
  /** Of one thing another change. */
  readonly changed: readonly { readonly before: SingleChange; readonly now: SingleChange }[];
}

export function differencesOf(
  before: ReadonlyMap<string, SingleChange>,
  now: ReadonlyMap<string, SingleChange>,
): Differences {
  return {
    added: [...now.values()].filter(({ key }) => !before.has(key)),
    gone: [...before.values()].filter(({ key }) => !now.has(key)),
    changed: [...now.values()].flatMap((change) => {
      const other = before.get(change.key);
      return other === undefined || essence(other) === essence(change) ? [] : [{ before: other, now: change }];
    }),
  };
}

/** How it changes. The name a construct has is no part of it. */
const essence = ({ what, old, new: next }: SingleChange): string => JSON.stringify([what, old, next]);

type Draft = Omit<SingleChange, 'key' | 'stack'> & { readonly id: readonly (string | undefined)[] };

function changesOfStack(stack: StackPlan): SingleChange[] {
  const drafts: Draft[] = [
    ...stack.resources.flatMap(ofResource),
    ...stack.settings.map(({ kind, name, action, old, new: next }) => ({
      id: [kind, name],
      part: 'setting' as const,
      subject: name,
      what: `${kind}: ${action}`,
      ...values(old, next),
    })),
    // A statement is known by what it was: that it becomes something else than was reviewed is one change, not two.
    ...stack.permissions.map(({ direction, old, new: next }) => ({
      id: [JSON.stringify(old ?? next)],
      part: 'permission' as const,
      subject: [...new Set([...(old?.principals ?? []), ...(next?.principals ?? [])])].map(principalName).join(' '),
      what: direction,
      ...values(old && { ...old }, next && { ...next }),
    })),
    ...stack.network.map(({ direction, group, traffic, old, new: next }) => ({
      id: [group, traffic, JSON.stringify(old ?? next)],
      part: 'traffic' as const,
      subject: group,
      what: `${traffic}: ${direction}`,
      ...values(old && { ...old }, next && { ...next }),
    })),
  ];
  return drafts.map(({ id, ...draft }) => ({
    key: JSON.stringify([stack.name, draft.part, ...id]),
    stack: stack.name,
    ...draft,
  }));
}

function ofResource({ logicalId, path, action, code, afterwards, properties }: ResourceChange): Draft[] {
  const changed: Draft[] = properties.map((property) => ({
    id: [logicalId, property.path],
    part: 'property',
    subject: path,
    what: property.path,
    ...values(property.old, property.new),
  }));
  // Which code it is a plan does not say: two changes of one function's code look the same.
  if (code) changed.push({ id: [logicalId], part: 'code', subject: path, what: 'new code' });
  if (action === 'update' && changed.length > 0) return changed;
  const what = afterwards === undefined ? action : `${action}, the old one is ${afterwards}`;
  return [{ id: [logicalId], part: 'resource', subject: path, what }, ...changed];
}

const values = (old: Json | undefined, next: Json | undefined): Pick<SingleChange, 'old' | 'new'> => ({
  ...(old !== undefined && { old }),
  ...(next !== undefined && { new: next }),
});
