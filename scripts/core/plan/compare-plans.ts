/** Is the plan that was approved still the plan? The difference of two plans of one environment. Pure. */
import { createHash } from 'node:crypto';
import { byText, type Plan, type StackPlan } from './plan.ts';
import { quote } from './sentence.ts';

/**
 * What a plan does, as a digest: stacks with their changes and the release, without where the knowledge came from.
 * A plan made again gives the same one unless something changed.
 */
export const planDigest = (plan: Plan): string =>
  createHash('sha256')
    .update(JSON.stringify([plan.environment, plan.release.digest, plan.stacks.map(essence)]))
    .digest('hex');

/** What would happen to a stack. How it is known, and notes on its state, may differ between two looks. */
const essence = ({ name, action, resources, settings, permissions, network }: StackPlan): unknown => [
  name,
  action,
  resources,
  settings,
  permissions,
  network,
];

/** What is not as it was, in sentences; empty when the plans do the same. */
export function comparePlans(approved: Plan, now: Plan): string[] {
  const differences: string[] = [];
  if (approved.environment !== now.environment) {
    differences.push(`The plan is of ${quote(approved.environment)}, not of ${quote(now.environment)}.`);
  }
  if (approved.release.digest !== now.release.digest) {
    const [was, is] = [approved, now].map(({ release }) => quote(release.digest.slice(0, 12)));
    differences.push(`Another release: ${was} was approved, ${is} is about to be deployed.`);
  }
  const names = [...new Set([...approved.stacks, ...now.stacks].map(({ name }) => name))].sort(byText);
  for (const name of names) {
    const [was, is] = [approved, now].map(({ stacks }) => stacks.find((stack) => stack.name === name));
    differences.push(...compareStacks(name, was, is));
  }
  return differences;
}

function compareStacks(name: string, was: StackPlan | undefined, is: StackPlan | undefined): string[] {
  if (was === undefined || is === undefined) {
    return [
      `${quote(name)} was ${was === undefined ? 'not in the approved plan' : 'in the approved plan and is gone'}.`,
    ];
  }
  if (JSON.stringify(essence(was)) === JSON.stringify(essence(is))) return [];
  const said: string[] = [];
  if (was.action !== is.action) said.push(`${quote(name)}: ${was.action} was approved, now it is ${is.action}.`);
  const ids = [...new Set([...was.resources, ...is.resources].map(({ logicalId }) => logicalId))].sort(byText);
  for (const id of ids) {
    const [before, after] = [was, is].map(({ resources }) => resources.find(({ logicalId }) => logicalId === id));
    if (JSON.stringify(before) === JSON.stringify(after)) continue;
    const path = quote((after ?? before)?.path ?? id);
    if (before === undefined) said.push(`${quote(name)}: ${path} now changes too (${after?.action}).`);
    else if (after === undefined) said.push(`${quote(name)}: ${path} no longer changes (${before.action}).`);
    else said.push(`${quote(name)}: ${path} changes otherwise (${before.action}, now ${after.action}).`);
  }
  return said.length > 0 ? said : [`${quote(name)}: permissions, network rules or settings change otherwise.`];
}
