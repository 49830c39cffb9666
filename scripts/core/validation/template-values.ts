/**
 * A template's value beside a live one: what the template says literally must be so, what only CloudFormation knows
 * (attributes of other resources) may be anything. Pure.
 *
 * Why not the JSON of the environment: role policies and function variables are written by infra alone, and the
 * deployed template is where they stand.
 */

/**
 * What `Ref`, `Fn::GetAtt` and `Fn::Sub` of a deployed stack mean: pseudo parameters, parameters' values, physical ids, and
 * attributes as `LogicalId.Attribute`.
 */
export type References = Readonly<Record<string, string>>;

/** Stands for any run of characters in a resolved value. From Unicode's private use area: in no template. */
const ANYTHING = '\uE000';

/**
 * Replaces `Ref`, `Fn::Join`, `Fn::Sub`, `Fn::Split`, `Fn::Select` and attributes that are known; every other intrinsic
 * function becomes "anything".
 */
export function resolveTemplateValue(value: unknown, references: References): unknown {
  if (Array.isArray(value)) return value.map((member) => resolveTemplateValue(member, references));
  if (value === null || typeof value !== 'object') return value;
  const entries = Object.entries(value);
  const [first] = entries;
  if (entries.length === 1 && first !== undefined) {
    const [name, argument] = first;
    if (name === 'Ref') return references[String(argument)] ?? ANYTHING;
    if (name === 'Fn::Join') return join(argument, references);
    if (name === 'Fn::Sub') return substitute(argument, references);
    if (name === 'Fn::Split') return split(argument, references);
    if (name === 'Fn::Select') return select(argument, references);
    if (name === 'Fn::GetAtt' && Array.isArray(argument)) return references[argument.join('.')] ?? ANYTHING;
    if (name.startsWith('Fn::')) return ANYTHING;
  }
  return Object.fromEntries(entries.map(([key, member]) => [key, resolveTemplateValue(member, references)]));
}

/**
 * True when the live value is what the resolved template says. As IAM does, a list of one equals its member; order in
 * lists of policies is no difference.
 */
export function agreesWithTemplate(resolved: unknown, live: unknown): boolean {
  if (typeof resolved === 'string') {
    const value = Array.isArray(live) && live.length === 1 ? (live[0] as unknown) : live;
    return (typeof value === 'string' && pattern(resolved).test(value)) || String(value) === resolved;
  }
  if (Array.isArray(resolved)) {
    const members: unknown[] = Array.isArray(live) ? live : [live];
    return members.length === resolved.length && pairsUp(resolved, members);
  }
  if (resolved !== null && typeof resolved === 'object') {
    if (live === null || typeof live !== 'object' || Array.isArray(live)) {
      return Array.isArray(live) && live.length === 1 && agreesWithTemplate(resolved, live[0]);
    }
    const expected = definedEntries(resolved);
    const actual = new Map(definedEntries(live));
    return (
      expected.length === actual.size &&
      expected.every(([key, member]) => actual.has(key) && agreesWithTemplate(member, actual.get(key)))
    );
  }
  return String(resolved) === String(live);
}

/** True for a value of which the template tells nothing: there is nothing to compare. */
export const isUnknownValue = (resolved: unknown): boolean => resolved === ANYTHING;

/** A resolved value as people read it: `*` for what only CloudFormation knows. */
export const readable = (resolved: unknown): unknown =>
  JSON.parse(JSON.stringify(resolved ?? null).replaceAll(ANYTHING, '*')) as unknown;

function join(argument: unknown, references: References): unknown {
  if (!Array.isArray(argument) || !Array.isArray(argument[1])) return ANYTHING;
  const [separator, parts] = argument as [string, unknown[]];
  return parts
    .map((part) => resolveTemplateValue(part, references))
    .map((part) => (typeof part === 'string' ? part : ANYTHING))
    .join(separator);
}

function split(argument: unknown, references: References): unknown {
  if (!Array.isArray(argument)) return ANYTHING;
  const [separator, text] = argument as [string, unknown];
  const whole = resolveTemplateValue(text, references);
  return typeof whole === 'string' && !whole.includes(ANYTHING) ? whole.split(separator) : ANYTHING;
}

function select(argument: unknown, references: References): unknown {
  if (!Array.isArray(argument)) return ANYTHING;
  const [index, list] = argument as [number | string, unknown];
  const members = resolveTemplateValue(list, references);
  return Array.isArray(members) ? ((members[Number(index)] as unknown) ?? ANYTHING) : ANYTHING;
}

function substitute(argument: unknown, references: References): string {
  const [text, own] = (Array.isArray(argument) ? argument : [argument, {}]) as [string, Record<string, unknown>];
  const resolvedOwn = resolveTemplateValue(own, references) as Record<string, unknown>;
  return text.replace(/\$\{([^!}][^}]*)\}/g, (_whole, name: string) => {
    const value = resolvedOwn[name] ?? references[name];
    return typeof value === 'string' ? value : ANYTHING;
  });
}

/** Each expected member finds a live one of its own. Lists here are short, so trying all pairs is cheap. */
function pairsUp(expected: readonly unknown[], live: readonly unknown[]): boolean {
  const [first, ...rest] = expected;
  if (first === undefined) return true;
  return live.some(
    (candidate, index) =>
      agreesWithTemplate(first, candidate) && pairsUp(rest, [...live.slice(0, index), ...live.slice(index + 1)]),
  );
}

const pattern = (resolved: string): RegExp =>
  new RegExp(`^${resolved.split(ANYTHING).map(escapeForPattern).join('.*')}$`, 's');

const escapeForPattern = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

const definedEntries = (value: object): [string, unknown][] =>
  Object.entries(value).filter(([, member]) => member !== undefined);
