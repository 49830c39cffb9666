/** Plans for a terminal: a table of stacks, then what changes. Pure; the same words as the comment's. */
import { renderTable } from '../../render/table.ts';
import type { ConfigInWords } from '../config/config-change.ts';
import { isEmpty, type Plan, type ResourceAction, type ResourceChange, type StackPlan } from '../plan.ts';
import { principalName } from '../principals.ts';
import { enumerate } from '../sentence.ts';
import { cut, visible } from './safe-text.ts';
import { totals } from './totals.ts';
import { changePlain } from './values.ts';

/** Characters of a value on a terminal. */
const VALUE = 80;
const SIGNS: Readonly<Record<ResourceAction, string>> = {
  create: '+',
  update: '~',
  replace: '±',
  'may-replace': '±?',
  delete: '−',
};

export interface PlainInput {
  readonly plans: readonly Plan[];
  readonly configChanges: readonly ConfigInWords[];
}

/** @returns text and numbers, without a trailing newline */
export function renderPlain(input: PlainInput): { text: string; counts: ReturnType<typeof totals> } {
  const { plans, configChanges } = input;
  const config = configChanges.map(({ environment, words, carriedBy }) => {
    const carriers = carriedBy.map(({ resource, property }) => `${resource} ${property}`);
    return `  ${visible(environment)}: ${plain(words)}${carriers.length > 0 ? ` (${visible(enumerate(carriers))})` : ''}`;
  });
  const parts = [
    ...plans.map(planText),
    ...(config.length > 0 ? [['Configuration', ...config].join('\n')] : []),
    verdict(plans),
  ];
  return { text: parts.join('\n\n'), counts: totals(input, []) };
}

function planText(plan: Plan): string {
  const title = `${visible(plan.environment)} (${visible(plan.account)}, ${visible(plan.region)})`;
  if (isEmpty(plan) && plan.warnings.length === 0) return `${title}: no changes in ${plan.stacks.length} stacks`;
  const table = renderTable({
    head: ['stack', 'action', '+', '~', '±', '−', 'known from'],
    rows: plan.stacks.map((stack) => [
      visible(stack.name),
      stack.action,
      ...[['create'], ['update'], ['replace', 'may-replace'], ['delete']].map((actions) => countOf(stack, actions)),
      stack.basis,
    ]),
  });
  const failures = plan.verdict.failures.map(({ stack, text }) => `  ✗ ${visible(stack)}: ${plain(text)}`);
  const allowed = plan.verdict.allowed.map(({ stack, text }) => `  ! ${visible(stack)}: ${plain(text)} Allowed.`);
  const warnings = plan.warnings.map(({ stack, text }) => `  ! ${visible(stack)}: ${plain(text)}`);
  const stacks = plan.stacks.map(stackText).filter((text) => text !== '');
  return [title, table, ...failures, ...allowed, ...warnings, ...stacks].join('\n');
}

const countOf = ({ resources }: StackPlan, actions: readonly string[]): string => {
  const count = resources.filter(({ action }) => actions.includes(action)).length;
  return count === 0 ? '' : String(count);
};

function stackText(stack: StackPlan): string {
  if (stack.action === 'unchanged' || stack.action === 'orphan') return '';
  const settings = stack.settings.map(
    (setting) => `    ${setting.kind} ${visible(setting.name)} ${changePlain(setting, VALUE)}`,
  );
  const permissions = stack.permissions.map(({ direction, old, new: next }) => {
    const statement = next ?? old;
    const what = statement === undefined ? '' : [statement.effect, ...statement.actions].join(' ');
    return `    permission ${direction}: ${visible(cut(`${statement?.principals.map(principalName).join(' ') ?? ''} ${what} on ${statement?.resources.join(' ') ?? ''}`, VALUE * 3))}`;
  });
  const network = stack.network.map(({ direction, group, traffic, old, new: next }) => {
    const rule = (each: typeof next): string => (each === undefined ? 'nothing' : `${each.protocol} ${each.peer}`);
    return `    traffic ${direction}: ${visible(`${group} ${traffic}, ${rule(old)} → ${rule(next)}`)}`;
  });
  const lines = [...stack.resources.flatMap(resourceText), ...settings, ...permissions, ...network];
  return lines.length === 0 ? '' : [`  ${visible(stack.name)}`, ...lines].join('\n');
}

function resourceText({ action, path, type, stateful, code, properties, undo }: ResourceChange): string[] {
  const loud = stateful && action !== 'create' && action !== 'update' ? ' HOLDS DATA' : '';
  const undone =
    undo.answer === 'yes' ? '' : ` [undo: ${undo.answer === 'no' ? 'no' : 'with care'}, ${plain(undo.why.join('; '))}]`;
  return [
    `    ${SIGNS[action]} ${visible(path)} (${visible(type)})${code ? ' new code' : ''}${loud}${undone}`,
    ...properties.map((change) => `        ${visible(change.path)} ${changePlain(change, VALUE)}`),
  ];
}

/** Sentences quote with backticks, which read well in a terminal too. */
const plain = (text: string): string => visible(cut(text, VALUE * 10));

function verdict(plans: readonly Plan[]): string {
  const { ok, failures } = totals({ plans, configChanges: [] }, []);
  if (plans.every(isEmpty) && ok) return 'Nothing to do.';
  return ok
    ? 'Nothing stands against this plan.'
    : `${failures} ${failures === 1 ? 'reason stands' : 'reasons stand'} against this plan.`;
}
