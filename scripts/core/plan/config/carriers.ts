/**
 * Which properties of which resources carry a change of the configuration. Pure.
 *
 * Found by what changed, not by a list: a property carries a change when it went from the same value to the same value,
 * in the same or in a converted unit. So the answer is right for a field added later, and for one that infra ignores.
 */
import { deepEqual } from '@aws-cdk/cloudformation-diff';
import type { Json, Plan, PropertyChange } from '../plan.ts';
import type { Carrier, ConfigChange, ConfigInWords } from './config-change.ts';
import { configInWords } from './config-words.ts';

/** Days and minutes of the configuration are seconds in some templates; shares of a hundred are whole in others. */
const FACTORS = [1, 60, 3_600, 86_400, 1_024, 1_000, 0.01];

/** Each change in words, tied to the plan of its environment where there is one. Values that fit several fields go to the nearest by name.
 * In the order of the plans; environments without one come last. */
export function tieToPlans(changes: readonly ConfigChange[], plans: readonly Plan[]): ConfigInWords[] {
  const order = plans.map(({ environment }) => environment);
  const place = ({ environment }: ConfigChange): number =>
    (order.indexOf(environment) + order.length + 1) % (order.length + 1);
  const sorted = [...changes].sort((a, b) => place(a) - place(b));
  return sorted.map((change) => {
    const plan = plans.find(({ environment }) => environment === change.environment);
    const rivals = changes.filter(({ environment }) => environment === change.environment);
    return {
      ...change,
      words: configInWords(change),
      carriedBy: plan === undefined ? [] : carriersIn(plan, change, rivals),
    };
  });
}

function carriersIn(plan: Plan, change: ConfigChange, rivals: readonly ConfigChange[]): Carrier[] {
  if (change.path === '') return [];
  return plan.stacks.flatMap(({ name, resources }) =>
    resources.flatMap((resource) =>
      resource.properties
        .filter((property) => carries(property, change))
        .filter((property) => {
          const place = `${resource.type} ${resource.path} ${property.path}`;
          const likeness = sharedWords(change.path, place);
          const best = Math.max(
            ...rivals.filter((rival) => carries(property, rival)).map(({ path }) => sharedWords(path, place)),
          );
          return likeness === best && (likeness > 0 || !isCommon(change));
        })
        .map((property) => ({ stack: name, resource: resource.path, property: property.path })),
    ),
  );
}

const carries = ({ old, new: next }: PropertyChange, change: ConfigChange): boolean =>
  (old !== undefined || next !== undefined) &&
  (typeof change.old === 'number' && typeof change.new === 'number' ? FACTORS : [1]).some(
    (factor) => deepEqual(times(change.old, factor), old) && deepEqual(times(change.new, factor), next),
  );

const times = (value: Json | undefined, factor: number): Json | undefined =>
  typeof value === 'number' ? value * factor : value;

/** On and off, or nothing at all, fit too much to mean anything by themselves. */
const isCommon = ({ old, new: next }: ConfigChange): boolean => typeof old !== 'number' || typeof next !== 'number';

/** `table.deletionProtection` and `AWS::DynamoDB::Table … DeletionProtectionEnabled`: table, deletion, protection. */
const sharedWords = (path: string, place: string): number => {
  const there = new Set(wordsOf(place));
  return wordsOf(path).filter((word) => there.has(word)).length;
};

/** Words of names, singular. */
const wordsOf = (text: string): string[] =>
  text
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== '' && word !== 'aws')
    .map((word) => word.replace(/s$/, ''));
