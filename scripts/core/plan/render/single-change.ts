/** One change of a plan on one line, in Markdown and for a terminal. Pure. */
import type { Json } from '../plan.ts';
import type { SingleChange } from '../single-changes.ts';

/** How a rendering writes texts of others, and values. */
export interface Writer {
  readonly text: (text: string) => string;
  readonly values: (change: Pick<SingleChange, 'old' | 'new'>) => string;
}
/** Where it is, and what happens there. */
export const lineOf = (change: SingleChange, writer: Writer): string =>
  `${writer.text(change.stack)} ${effect(change, writer)}`;

/** What happens there. */
export function effect(change: SingleChange, writer: Writer): string {
  const { part, what, old, new: next } = change;
  const subject = writer.text(change.subject);
  const values = old === undefined && next === undefined ? '' : ` ${writer.values(readable(change))}`;
  switch (part) {
    case 'resource':
      return `${words(what, writer)} ${subject}`;
    case 'code':
      return `${subject} ${words(what, writer)}`;
    case 'property':
      return `${subject} ${writer.text(what)} ${writer.values(change)}`;
    case 'setting':
      return `${words(what, writer)} ${subject}${values}`;
    default:
      return `${part} ${words(what, writer)}: ${subject}${values}`;
  }
}

/** Statements and rules in words, as JSON is nothing to read. */
function readable(change: SingleChange): Pick<SingleChange, 'old' | 'new'> {
  if (change.part !== 'permission' && change.part !== 'traffic') return change;
  const text = (value: Json | undefined): string | undefined => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
    const { effect: allow, actions, resources, condition, protocol, peer } = value as Readonly<Record<string, Json>>;
    if (protocol !== undefined) return `${protocol} ${peer}`;
    return [allow, ...listOf(actions), 'on', ...listOf(resources), ...(condition === '' ? [] : ['if', condition])].join(
      ' ',
    );
  };
  const [old, next] = [text(change.old), text(change.new)];
  return { ...(old !== undefined && { old }), ...(next !== undefined && { new: next }) };
}

const listOf = (value: Json | undefined): readonly Json[] => (Array.isArray(value) ? value : []);

/** Ours by type, yet read from elsewhere. */
const words = (what: string, writer: Writer): string => (/^[a-z:, -]+$/.test(what) ? what : writer.text(what));
