/**
 * A change of an environment's configuration in words: what, from what to what, in which unit, by which factor. Pure.
 *
 * Labels and units come from the names of the keys and from the schema's descriptions, so a field added later has words.
 */
import { environmentJsonSchema } from '../../../../environments/json-schema.ts';
import type { Json } from '../plan.ts';
import { quote } from '../sentence.ts';
import type { ConfigChange } from './config-change.ts';
import { factorInWords } from './factor.ts';

interface SchemaNode {
  readonly description?: string;
  readonly properties?: Readonly<Record<string, SchemaNode>>;
  readonly anyOf?: readonly SchemaNode[];
}

/** Without the environment's name. Values are quoted: they may be anything. */
export function configInWords({ path, old, new: next }: ConfigChange): string {
  if (path === '')
    return old === undefined
      ? `new environment, ${summary(next)}`
      : `environment removed: its stacks stay until they are destroyed`;
  const description = describe(path);
  const { label, unit } = nameOf(path, description);
  const show = (value: Json | undefined): string => showValue(value, description);
  if (Array.isArray(old) && Array.isArray(next)) return `${label}: ${listChange(old, next)}`;
  const both = typeof old === 'number' && typeof next === 'number';
  const shownUnit = typeof next === 'number' || (both && unit !== '') ? unit : '';
  const oldUnit = typeof old === 'number' && typeof next !== 'number' ? withSpace(unit) : '';
  const change = `${label} ${show(old)}${oldUnit} → ${show(next)}${withSpace(shownUnit)}`;
  return both ? `${change}, ${factorInWords(old, next)}` : change;
}

const withSpace = (unit: string): string => (unit === '' ? '' : ` ${unit}`);

function summary(value: Json | undefined): string {
  const { stage, region } = (value ?? {}) as { stage?: Json; region?: Json };
  return `${quote(String(stage ?? 'unknown stage'))} in ${quote(String(region ?? 'unknown region'))}`;
}

/** Units by the end of a key. The end is not part of the label. */
const UNITS: readonly (readonly [end: RegExp, unit: string])[] = [
  [/Mb$/, 'MB'],
  [/TimeoutSeconds$/, 's'],
  [/Seconds$/, 's'],
  [/Minutes$/, 'min'],
  [/Days$/, 'days'],
  [/Percent$/, '%'],
  [/^requestsPerSecond$/, 'requests/s'],
];
/** Where the key has no unit, the description may: `Provisioned read capacity units`. */
const DESCRIBED_UNITS: readonly (readonly [description: RegExp, unit: string])[] = [
  [/capacity units/i, 'units'],
  [/^Requests at once/, 'requests'],
];

function nameOf(path: string, description: string): { label: string; unit: string } {
  const keys = path.split('.');
  const last = keys.at(-1) ?? '';
  const byKey = UNITS.find(([end]) => end.test(last));
  const unit = byKey?.[1] ?? DESCRIBED_UNITS.find(([pattern]) => pattern.test(description))?.[1] ?? '';
  const bare =
    byKey === undefined ? last : last.replace(byKey[0], byKey[1] === 's' && /Timeout/.test(last) ? 'Timeout' : '');
  const words = [...keys.slice(0, -1), bare].filter((key) => key !== '').map(toWords);
  return { label: words.join(' '), unit };
}

const ACRONYMS: Readonly<Record<string, string>> = { api: 'API', cidr: 'CIDR', nat: 'NAT', sqs: 'SQS' };
const SINGULAR: Readonly<Record<string, string>> = { functions: 'function', logs: 'log' };

/** `visibilityTimeout` → `visibility timeout`; `api` → `API` */
const toWords = (key: string): string =>
  (SINGULAR[key] ?? key)
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(' ')
    .map((word) => ACRONYMS[word] ?? word)
    .join(' ');

/** The schema's description of a key, and with it what null means there: `null: kept for ever`. */
function describe(path: string): string {
  let node: SchemaNode | undefined = environmentJsonSchema() as SchemaNode;
  for (const key of path.split('.')) {
    const options: readonly SchemaNode[] = node === undefined ? [] : [node, ...(node.anyOf ?? [])];
    node = options.map(({ properties }) => properties?.[key]).find((found) => found !== undefined);
  }
  return node?.description ?? '';
}

const MOST_KEYS = 6;

function showValue(value: Json | undefined, description: string): string {
  if (value === undefined) return 'nothing';
  if (value === null) return /null: ([^.;,]+)/.exec(description)?.[1]?.trim() ?? 'none';
  if (typeof value === 'boolean') return value ? 'on' : 'off';
  if (typeof value === 'number') return String(value);
  if (typeof value === 'string') return quote(value);
  const entries = Object.entries(value);
  const shown = entries.slice(0, MOST_KEYS).map(([key, inner]) => `${toWords(key)} ${inlined(inner as Json)}`);
  return entries.length > MOST_KEYS ? `${shown.join(', ')} and ${entries.length - MOST_KEYS} more` : shown.join(', ');
}

function inlined(value: Json): string {
  if (typeof value === 'string') return quote(value);
  if (Array.isArray(value)) return `(${value.length} ${value.length === 1 ? 'entry' : 'entries'})`;
  return typeof value === 'object' && value !== null ? quote(JSON.stringify(value)) : String(value);
}

function listChange(old: readonly Json[], next: readonly Json[]): string {
  const [before, after] = [old.map((item) => JSON.stringify(item)), next.map((item) => JSON.stringify(item))];
  const added = after.filter((item) => !before.includes(item)).map((item) => `+ ${quote(bare(item))}`);
  const removed = before.filter((item) => !after.includes(item)).map((item) => `− ${quote(bare(item))}`);
  return [...added, ...removed].join(', ') || 'another order';
}

const bare = (json: string): string => json.replace(/^"(.*)"$/, '$1');
