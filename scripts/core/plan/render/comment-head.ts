/** The part of a comment that is read first: verdict, what must be solved, matrix, warnings, configuration. Pure. */
import type { ConfigInWords } from '../config/config-change.ts';
import type { Failure, Plan, StackPlan, Warning } from '../plan.ts';
import { enumerate } from '../sentence.ts';
import type { Detail } from './detail.ts';
import { type Neutral, type Shared, type StackRow, share } from './groups.ts';
import { code, sentence } from './safe-text.ts';
import { totals } from './totals.ts';

interface Content {
  readonly plans: readonly Plan[];
  readonly configChanges: readonly ConfigInWords[];
  readonly unplanned?: readonly { readonly environment: string; readonly reason: string }[];
}

const plural = (count: number, one: string, more = `${one}s`): string => `${count} ${count === 1 ? one : more}`;

/** One line, always the first. */
export function verdictLine(content: Content, neutral: Neutral): string {
  const { ok, resources } = totals(content, []);
  // As they are listed below: what is the same in several environments is one.
  const failures = together(content.plans, neutral, ({ verdict }) => verdict.failures).length;
  const warnings = together(content.plans, neutral, (plan) => plan.warnings).length;
  const missing = (content.unplanned ?? []).length;
  const changes = Object.values(resources).reduce((a, b) => a + b, 0);
  const what =
    content.plans.length === 0
      ? 'No plan was made'
      : changes === 0
        ? 'No resource changes'
        : `${plural(changes, 'resource')} in ${plural(changedEnvironments(content.plans), 'environment')}`;
  const reasons = [
    ...(failures > 0 ? [`${plural(failures, 'reason')} against it`] : []),
    ...(missing > 0 ? [`${plural(missing, 'environment')} without a plan`] : []),
    ...(warnings > 0 ? [plural(warnings, 'warning')] : []),
  ];
  const tail = reasons.length === 0 ? 'nothing stands against it' : reasons.join(', ');
  return `### ${ok ? (warnings > 0 ? '⚠️' : '✅') : '❌'} ${what}: ${tail}`;
}

const changedEnvironments = (plans: readonly Plan[]): number =>
  plans.filter(({ counts }) => Object.values(counts.resources).some((count) => count > 0)).length;

/** What fails the verdict, and what would have, were it not allowed. First and loud. */
export function failuresSection(
  { plans, unplanned = [] }: Content,
  neutral: Neutral,
  { failures: most, values }: Detail,
): string {
  const failures = together(plans, neutral, ({ verdict }) => verdict.failures);
  const allowed = together(plans, neutral, ({ verdict }) => verdict.allowed);
  const line = ({ item, environments }: Shared<Failure>, mark: string): string =>
    `- ${mark} ${names(environments)} ${code(item.stack, values)}: ${sentence(item.text, values)}`;
  const lines = [
    ...unplanned.map(
      ({ environment, reason }) => `- 🛑 ${code(environment, values)} has no plan: ${code(reason, values * 2)}`,
    ),
    ...failures.map((failure) => line(failure, '🛑')),
    ...allowed.map((failure) => `${line(failure, '⚠️')} Allowed by the label \`allow-destructive\`.`),
  ];
  if (lines.length === 0) return '';
  const hint = failures.some(({ item }) => item.code === 'destructive')
    ? '\n\nIf the loss of data is meant, say so with the label `allow-destructive`.'
    : '';
  return `${limited(lines, most)}${hint}`;
}

const CELLS = { create: '+', update: '~', replace: '±', 'may-replace': '±?', delete: '−' } as const;

/** Stacks down, environments across, how many resources change how. */
export function matrixSection({ plans }: Content, rows: readonly StackRow[], { matrix: most, values }: Detail): string {
  const changed = rows.filter(({ stacks }) => [...stacks.values()].some(({ action }) => action !== 'unchanged'));
  const quiet = rows.length - changed.length;
  if (changed.length === 0) return '';
  const environments = plans.map(({ environment }) => environment);
  const lines = changed
    .slice(0, most)
    .map(
      ({ component, stacks }) =>
        `| ${[code(component, values), ...environments.map((name) => cell(stacks.get(name)))].join(' | ')} |`,
    );
  const left = [
    ...(changed.length > most ? [`${plural(changed.length - most, 'stack')} more`] : []),
    ...(quiet > 0 ? [`${plural(quiet, 'stack')} unchanged everywhere`] : []),
  ];
  return [
    `| stack | ${environments.map((name) => code(name, values)).join(' | ')} |`,
    `| --- |${' --- |'.repeat(environments.length)}`,
    ...lines,
    '',
    `<sub>${[...legend(lines), ...left].join(' · ')}</sub>`,
  ].join('\n');
}

const LEGEND: readonly (readonly [sign: RegExp, meaning: string])[] = [
  [/\+\d/, '+ create'],
  [/~\d/, '~ update'],
  [/±\d/, '± replace'],
  [/±\?\d/, '±? may replace'],
  [/−\d/, '− delete'],
  [/\| = /, '= unchanged'],
  [/🛑/, '🛑 holds data'],
  [/ orphan /, 'orphan: deployed, no longer here'],
];

/** Of the signs that are there, and no others. */
const legend = (lines: readonly string[]): string[] =>
  LEGEND.filter(([sign]) => lines.some((line) => sign.test(line))).map(([, meaning]) => meaning);

function cell(stack: StackPlan | undefined): string {
  if (stack === undefined) return '';
  if (stack.action === 'unchanged') return '=';
  if (stack.action === 'orphan') return 'orphan';
  const counts = Object.entries(CELLS).flatMap(([action, sign]) => {
    const count = stack.resources.filter((resource) => resource.action === action).length;
    return count === 0 ? [] : [`${sign}${count}`];
  });
  const loud = stack.resources.some(({ stateful, action }) => stateful && !['create', 'update'].includes(action));
  const shown = counts.length === 0 ? 'settings' : counts.join(' ');
  return `${loud ? '🛑 ' : ''}${stack.action === 'create' ? 'new: ' : ''}${shown}`;
}

export function warningsSection({ plans }: Content, neutral: Neutral, { warnings: most, values }: Detail): string {
  const lines = together(plans, neutral, ({ warnings }) => warnings).map(
    ({ item, environments }: Shared<Warning>) =>
      `- ⚠️ ${names(environments)} ${code(item.stack, values)}: ${sentence(item.text, values)}`,
  );
  return lines.length === 0 ? '' : `**Warnings**\n\n${limited(lines, most)}`;
}

export function configSection({ configChanges }: Content, { configs: most, values }: Detail): string {
  const items = configChanges.map((change) => ({ item: change, environments: [change.environment] }));
  const shared = share(items, ({ words, path, carriedBy }) => [
    words,
    path === '',
    carriedBy.map(({ resource, property }) => [resource, property]),
  ]);
  const lines = shared.map(({ item: { words, carriedBy, path }, environments }) => {
    const carriers = carriedBy.map(({ resource, property }) => `${code(resource, values)} ${code(property, values)}`);
    const where =
      carriers.length > 0 ? `: ${enumerate(carriers, 4)}` : path === '' ? '' : ': no property of a resource carries it';
    return `- ${listed(environments)} ${sentence(words, values)}${where}`;
  });
  return lines.length === 0 ? '' : `**Configuration**\n\n${limited(lines, most)}`;
}

const listed = (environments: readonly string[]): string => environments.map((name) => code(name, 40)).join(', ');
const names = (environments: readonly string[]): string => `**${listed(environments)}**`;

const limited = (lines: readonly string[], most: number): string =>
  [...lines.slice(0, most), ...(lines.length > most ? [`- and ${lines.length - most} more`] : [])].join('\n');

/** Of all environments, said once where the words are the same but for the environment's name. */
function together<T extends { readonly stack: string; readonly text: string }>(
  plans: readonly Plan[],
  neutral: Neutral,
  read: (plan: Plan) => readonly T[],
): Shared<T>[] {
  const items = plans.flatMap((plan) => read(plan).map((item) => ({ item, environments: [plan.environment] })));
  const shared = share(items, ({ stack, text }, environment) => neutral.value(environment, [stack, text]));
  return shared.map(({ item, environments: [first = '', ...others] }) => ({
    item: others.length > 0 ? neutral.value(first, item) : item,
    environments: [first, ...others],
  }));
}
