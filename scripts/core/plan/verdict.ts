/** May this plan be deployed as it is? Pure. */
import type { Failure, PlanVerdict, ResourceChange, StackPlan } from './plan.ts';
import { quote } from './sentence.ts';

/** What loses data fails unless it is allowed; what CloudFormation would refuse fails whatever is allowed. */
export function judgePlan(stacks: readonly StackPlan[], allowDestructive: boolean): PlanVerdict {
  const each = stacks.flatMap((stack) => stack.resources.map((resource) => ({ stack: stack.name, resource })));
  const names = each.flatMap(({ stack, resource }) => fixedName(stack, resource));
  const losses = each.flatMap(({ stack, resource }) => destructive(stack, resource));
  const failures = allowDestructive ? names : [...losses, ...names];
  return { ok: failures.length === 0, failures, allowed: allowDestructive ? losses : [] };
}

function fixedName(stack: string, resource: ResourceChange): Failure[] {
  const { action, path, type, fixedName: name } = resource;
  // That it might be replaced is a warning: most often it is not.
  if (name === undefined || action === 'may-replace') return [];
  const what = action === 'create' ? 'is made under the name of one that is deleted' : 'is replaced and keeps its name';
  const text =
    `Cannot deploy: ${quote(path)} (${quote(type)}) ${what}, ${quote(`${name.property}: ${name.value}`)}. ` +
    'CloudFormation makes the new one first and refuses: rename first.';
  return [{ code: 'fixed-name', stack, path, type, text }];
}

const VERBS = { delete: 'is deleted', replace: 'is replaced', 'may-replace': 'may be replaced' } as const;
const DATA = {
  deleted: 'its data is lost',
  retained: 'the old one and its data stay in the account, outside the stack',
  snapshot: 'its data is left in a snapshot',
} as const;

function destructive(
  stack: string,
  { action, path, type, stateful, afterwards = 'deleted' }: ResourceChange,
): Failure[] {
  if (!stateful || action === 'create' || action === 'update') return [];
  const text = `${quote(path)} (${quote(type)}) holds data and ${VERBS[action]}: ${DATA[afterwards]}.`;
  return [{ code: 'destructive', stack, path, type, text }];
}
