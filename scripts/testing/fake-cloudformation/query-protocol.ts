/**
 * The AWS Query protocol, seen from the service: reads a form-encoded request into the operation's typed input, and
 * writes typed output and errors as the XML the SDK expects.
 *
 * Why by the SDK's own schemas: names, lists, numbers and dates are then encoded exactly as the client decodes them.
 * Source: https://smithy.io/2.0/aws/protocols/aws-query-protocol.html.
 */
import { NormalizedSchema } from '@smithy/core/schema';
import { type Input, isOperationName, OPERATION_SCHEMAS, type OperationName, type Output } from './operations.ts';
import { ServiceError } from './service-error.ts';

const NAMESPACE = 'http://cloudformation.amazonaws.com/doc/2010-05-15/';

/** `Tags.member.1.Key=a` as a tree of names; leaves are strings. */
interface Branch {
  readonly [name: string]: Branch | string;
}

/** A request as it came in: the operation and its typed input. */
export type Request = {
  [Name in OperationName]: { readonly operation: Name; readonly input: Input<Name> };
}[OperationName];

/** @throws ServiceError `InvalidAction` for an operation the fake does not speak */
export function readRequest(body: string): Request {
  const form = new URLSearchParams(body);
  const action = form.get('Action') ?? '';
  if (!isOperationName(action)) {
    throw new ServiceError('InvalidAction', `Could not find operation ${action} for version ${form.get('Version')}`);
  }
  const input = decode(NormalizedSchema.of(OPERATION_SCHEMAS[action][4]), treeOf(form));
  // The schema is the operation's own, so the decoded value has the type the SDK gives that input.
  return { operation: action, input: input ?? {} } as Request;
}

function treeOf(form: URLSearchParams): Branch {
  const root: Record<string, Branch | string> = {};
  for (const [key, value] of form) {
    const path = key.split('.');
    const leaf = path.pop() ?? key;
    let at: Record<string, Branch | string> = root;
    for (const name of path) {
      const next = at[name];
      const branch: Record<string, Branch | string> = typeof next === 'object' ? { ...next } : {};
      at[name] = branch;
      at = branch;
    }
    at[leaf] = value;
  }
  return root;
}

function decode(schema: NormalizedSchema, value: Branch | string | undefined): unknown {
  if (value === undefined) return undefined;
  if (schema.isStructSchema()) {
    if (typeof value === 'string') return {};
    const members = [...schema.structIterator()].map(([name, member]) => [name, decode(member, value[name])] as const);
    return Object.fromEntries(members.filter(([, decoded]) => decoded !== undefined));
  }
  if (schema.isListSchema()) {
    // An empty list travels as an empty string.
    const items = typeof value === 'string' ? undefined : value['member'];
    if (items === undefined || typeof items === 'string') return [];
    return Object.keys(items)
      .sort((a, b) => Number(a) - Number(b))
      .map((index) => decode(schema.getValueSchema(), items[index]));
  }
  if (typeof value !== 'string')
    throw new ServiceError('MalformedQueryString', `Unexpected structure for ${schema.getName()}`);
  if (schema.isBooleanSchema()) return value === 'true';
  if (schema.isNumericSchema()) return Number(value);
  return value;
}

/** The whole answer to a call that went well. */
export function writeResponse<Name extends OperationName>(
  operation: Name,
  output: Output<Name>,
  requestId: string,
): string {
  const schema = NormalizedSchema.of(OPERATION_SCHEMAS[operation][5]);
  const result = schema.isUnitSchema() ? '' : element(`${operation}Result`, encode(schema, output));
  const metadata = element('ResponseMetadata', element('RequestId', escapeText(requestId)));
  return `<${operation}Response xmlns="${NAMESPACE}">${result}${metadata}</${operation}Response>`;
}

/** The whole answer to a call that was refused. */
export function writeError(error: ServiceError, requestId: string): string {
  const facts = [
    element('Type', error.status < 500 ? 'Sender' : 'Receiver'),
    element('Code', escapeText(error.code)),
    element('Message', escapeText(error.message)),
  ].join('');
  return `<ErrorResponse xmlns="${NAMESPACE}">${element('Error', facts)}${element('RequestId', escapeText(requestId))}</ErrorResponse>`;
}

function encode(schema: NormalizedSchema, value: unknown): string {
  if (schema.isStructSchema()) {
    const fields = new Map(Object.entries(value as object));
    return [...schema.structIterator()]
      .filter(([name]) => fields.get(name) !== undefined)
      .map(([name, member]) => element(name, encode(member, fields.get(name))))
      .join('');
  }
  if (schema.isListSchema()) {
    const items = value as readonly unknown[];
    return items.map((item) => element('member', encode(schema.getValueSchema(), item))).join('');
  }
  return escapeText(value instanceof Date ? value.toISOString() : String(value));
}

const element = (name: string, content: string): string => `<${name}>${content}</${name}>`;

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\r': '&#13;',
};
const escapeText = (text: string): string =>
  text.replaceAll(/[&<>"\r]/g, (character) => ENTITIES[character] ?? character);
