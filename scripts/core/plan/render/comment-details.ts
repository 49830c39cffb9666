/** The folded details of a comment: per stack, what changes where, what is the same said once. Pure. */
import type { NetworkChange, PermissionChange, Plan, ResourceAction, SettingChange, Statement } from '../plan.ts';
import { principalName } from '../principals.ts';
import type { Detail } from './detail.ts';
import {
  type Neutral,
  type PropertyGroup,
  type ResourceGroup,
  resourceGroups,
  type Shared,
  type StackRow,
  share,
} from './groups.ts';
import { code, htmlCode, words } from './safe-text.ts';
import { changeMarkdown } from './values.ts';

/** A group of environments as it is written: nothing where it is all of them. */
type Where = (environments: readonly string[]) => string;

/** What one component's details are written from, however much of it: gathered once. */
export interface PreparedDetails {
  readonly component: string;
  /** Environments in which it changes. */
  readonly changed: readonly string[];
  readonly groups: readonly ResourceGroup[];
  readonly settings: readonly Shared<SettingChange>[];
  readonly permissions: readonly Shared<PermissionChange>[];
  readonly network: readonly Shared<NetworkChange>[];
}

/** Components that change, with the changes of all environments gathered. */
export function prepareDetails(rows: readonly StackRow[], neutral: Neutral): readonly PreparedDetails[] {
  return rows.flatMap((row) => {
    const changing = [...row.stacks].filter(([, { action }]) => action === 'create' || action === 'update');
    if (changing.length === 0) return [];
    return {
      component: row.component,
      changed: changing.map(([environment]) => environment),
      groups: resourceGroups(row, neutral),
      settings: gather(row, neutral, ({ settings }) => settings),
      permissions: gather(row, neutral, ({ permissions }) => permissions),
      network: gather(row, neutral, ({ network }) => network),
    };
  });
}

/** @param environments how many there are in all */
export function detailsOf(prepared: readonly PreparedDetails[], environments: number, detail: Detail): string {
  const blocks = prepared.map((row) => blockOf(row, environments, detail)).filter((block) => block !== '');
  return blocks.length === 0 ? '' : `**Details**\n\n${blocks.join('\n\n')}`;
}

function blockOf(row: PreparedDetails, all: number, detail: Detail): string {
  const where: Where = (environments) =>
    environments.length === all ? '' : ` · ${environments.map((name) => code(name, 40)).join(', ')}`;
  const parts = [
    resourceLines(row.groups, where, detail),
    settingLines(row.settings, where, detail),
    permissionTable(row.permissions, where, detail),
    networkTable(row.network, where, detail),
  ].filter((part) => part !== '');
  if (parts.length === 0) return '';
  const names = row.changed.map((environment) => htmlCode(environment, 40)).join(', ');
  const summary = `${htmlCode(row.component, detail.values)}: ${headline(row.groups)} in ${names}`;
  return `<details><summary>${summary}</summary>\n\n${parts.join('\n\n')}\n\n</details>`;
}

function headline(groups: readonly ResourceGroup[]): string {
  const counts = (['delete', 'replace', 'may-replace', 'update', 'create'] as const).flatMap((action) => {
    const count = groups.filter(({ change }) => change.action === action).length;
    return count === 0 ? [] : [`${count} ${WORDS[action]}`];
  });
  return counts.length === 0 ? 'settings' : counts.join(', ');
}

const WORDS: Readonly<Record<ResourceAction, string>> = {
  create: 'to create',
  update: 'to update',
  replace: 'to replace',
  'may-replace': 'that may be replaced',
  delete: 'to delete',
};
/** In words: a plus at the beginning of an item would begin another list. */
const ACTIONS: Readonly<Record<ResourceAction, string>> = {
  create: 'create',
  update: 'update',
  replace: '**replace**',
  'may-replace': '**may replace**',
  delete: '**delete**',
};

function resourceLines(groups: readonly ResourceGroup[], where: Where, detail: Detail): string {
  const created = groups.filter(({ change }) => change.action === 'create');
  const listed = detail.created ? groups : groups.filter(({ change }) => change.action !== 'create');
  const lines = listed.slice(0, detail.resources).map((group) => resourceLine(group, where, detail));
  const more = listed.length - detail.resources;
  if (more > 0) lines.push(`- and ${more} more`);
  if (!detail.created && created.length > 0) lines.push(`- create ${created.length}, not listed`);
  return lines.join('\n');
}

function resourceLine({ change, environments, properties }: ResourceGroup, where: Where, detail: Detail): string {
  const { action, path, logicalId, type, stateful, undo } = change;
  const alarm = stateful && action !== 'create' && action !== 'update' ? '🛑 ' : '';
  const id = path === logicalId ? '' : ` ${code(logicalId, detail.values)}`;
  const newCode = change.code ? ' · new code' : '';
  const undone =
    action === 'create' && undo.answer === 'yes' ? '' : ` · undo: ${undoText(change.undo.answer, undo.why)}`;
  const head = `- ${alarm}${ACTIONS[action]} ${code(path, detail.values)}${id} ${code(type, 80)}${newCode}${where(environments)}${undone}`;
  const shown = properties.slice(0, detail.properties).map((property) => propertyLine(property, environments, detail));
  const more = properties.length - detail.properties;
  return [head, ...shown, ...(more > 0 ? [`  - and ${more} more properties`] : [])].join('\n');
}

const undoText = (answer: string, why: readonly string[]): string =>
  `${answer === 'with-care' ? 'with care' : answer}${why.length > 0 ? ` (${words(why.join('; '))})` : ''}`;

/** One value for all is written once; what is an outlier says where. */
function propertyLine({ path, variants }: PropertyGroup, environments: readonly string[], detail: Detail): string {
  const shown = variants.map(({ item, environments: there }) => {
    const everywhere = there.length === environments.length;
    const place = everywhere ? '' : `${there.map((name) => code(name, 40)).join(', ')} `;
    return `${place}${changeMarkdown(item, detail.values)}`;
  });
  return `  - ${code(path, detail.values)} ${shown.join(' · ')}`;
}

function settingLines(settings: readonly Shared<SettingChange>[], where: Where, detail: Detail): string {
  const lines = settings.slice(0, detail.properties).map(({ item, environments }) => {
    const undo = item.undo.answer === 'yes' ? '' : ` · undo: ${undoText(item.undo.answer, item.undo.why)}`;
    return `- ${item.kind} ${code(item.name, detail.values)} ${changeMarkdown(item, detail.values)}${where(environments)}${undo}`;
  });
  const more = settings.length - detail.properties;
  return [...lines, ...(more > 0 ? [`- and ${more} more settings`] : [])].join('\n');
}

function permissionTable(changes: readonly Shared<PermissionChange>[], where: Where, { rows, values }: Detail): string {
  const cells = (read: (statement: Statement) => readonly string[]) => (change: PermissionChange) =>
    bothCells(change.old && read(change.old), change.new && read(change.new), values);
  const columns = [
    cells(({ principals }) => principals.map(principalName)),
    cells(({ effect, actions }) => [effect, ...actions]),
    cells(({ resources }) => resources),
    cells(({ condition }) => (condition === '' ? [] : [condition])),
  ];
  const lines = changes.slice(0, rows).map(({ item, environments }) => {
    const first = `${item.dangers.length > 0 ? '⚠️ ' : ''}${item.direction}${where(environments)}`;
    return `| ${[first, ...columns.map((column) => column(item))].join(' | ')} |`;
  });
  return table(['permission', 'who', 'what', 'on', 'condition'], lines, changes.length - rows);
}

function networkTable(changes: readonly Shared<NetworkChange>[], where: Where, { rows, values }: Detail): string {
  const lines = changes.slice(0, rows).map(({ item, environments }) => {
    const { old, new: next } = item;
    const first = `${item.dangers.length > 0 ? '⚠️ ' : ''}${item.direction}${where(environments)}`;
    const cells = [
      code(item.group, values),
      item.traffic,
      bothCells(old && [old.protocol], next && [next.protocol], values),
      bothCells(old && [old.peer], next && [next.peer], values),
    ];
    return `| ${[first, ...cells].join(' | ')} |`;
  });
  return table(['traffic', 'group', 'direction', 'ports', 'peer'], lines, changes.length - rows);
}

function table(head: readonly string[], lines: readonly string[], more: number): string {
  if (lines.length === 0) return '';
  const rest = more > 0 ? [`\nand ${more} more`] : [];
  return [`| ${head.join(' | ')} |`, `|${' --- |'.repeat(head.length)}`, ...lines, ...rest].join('\n');
}

/** What is the same once; otherwise what goes and what comes. */
function bothCells(old: readonly string[] | undefined, next: readonly string[] | undefined, values: number): string {
  const list = (texts: readonly string[]): string => texts.map((text) => code(text, values)).join(' ');
  if (old === undefined || next === undefined) {
    const texts = list(old ?? next ?? []);
    return texts === '' ? '' : `${old === undefined ? '+' : '−'} ${texts}`;
  }
  const gone = old.filter((text) => !next.includes(text));
  const come = next.filter((text) => !old.includes(text));
  if (gone.length === 0 && come.length === 0) return list(next);
  return [gone.length > 0 ? `− ${list(gone)}` : '', come.length > 0 ? `+ ${list(come)}` : '']
    .filter(Boolean)
    .join('<br>');
}

/** The changes of one kind over a component's environments, equal ones together. */
function gather<T>(
  row: StackRow,
  neutral: Neutral,
  read: (stack: Plan['stacks'][number]) => readonly T[],
): Shared<T>[] {
  const items = [...row.stacks].flatMap(([environment, stack]) =>
    read(stack).map((item) => ({ item, environments: [environment] })),
  );
  return share(items, (item, environment) => neutral.value(environment, item)).map(({ item, environments }) => ({
    item: environments.length > 1 ? neutral.value(environments[0] ?? '', item) : item,
    environments,
  }));
}
