/** Is the plan that was approved still the plan? The difference of two plans of one environment. Pure. */
import { byText, type Plan, type StackPlan } from './plan.ts';
import { cut, visible } from './render/safe-text.ts';
import { effect, lineOf, type Writer } from './render/single-change.ts';
import { changePlain } from './render/values.ts';
import { quote } from './sentence.ts';
import { byKey, differencesOf, singleChanges } from './single-changes.ts';

/** What would happen to a stack. How it is known, and notes on its state, may differ between two looks. */
const essence = ({ name, action, resources, settings, permissions, network }: StackPlan): string =>
  JSON.stringify([name, action, resources, settings, permissions, network]);

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
  if (essence(was) === essence(is)) return [];
  const [before, after] = [was, is].map((stack) => byKey(singleChanges({ stacks: [stack] })));
  const { added, gone, changed } = differencesOf(before ?? new Map(), after ?? new Map());
  const said = [
    ...(was.action === is.action ? [] : [`${quote(name)}: ${was.action} was approved, now it is ${is.action}.`]),
    ...added.map((change) => `${lineOf(change, QUOTED)}: it was not approved.`),
    ...gone.map((change) => `${lineOf(change, QUOTED)}: it was approved, and no longer happens.`),
    ...changed.map((change) => `${lineOf(change.now, QUOTED)}: approved was ${effect(change.before, QUOTED)}.`),
  ];
  return said.length > 0 ? said : [`${quote(name)}: what was said of its changes is another: undoing, names, dangers.`];
}

/** In sentences, where backticks are ours. */
const QUOTED: Writer = {
  text: (text) => quote(visible(cut(text, 160))),
  values: (change) => changePlain(change, 80).replaceAll('`', 'ˋ'),
};
