/**
 * Differences that are none: another spelling of the same value, and capacity that auto-scaling moved within its bounds. Pure.
 */
import type { EnvironmentConfig } from '../../../environments/environment-config.ts';
import { canonical } from '../validation/matchers.ts';

export interface PropertyDifference {
  readonly resourceType: string;
  /** As CloudFormation gives it: `/ProvisionedThroughput/ReadCapacityUnits`. */
  readonly path: string;
  /** As CloudFormation gives them: text that may hold JSON. Undefined where there is none. */
  readonly expected: string | undefined;
  readonly actual: string | undefined;
}

/** True for a difference that nobody made. */
export const isFalseDrift = (difference: PropertyDifference, table: EnvironmentConfig['table']): boolean =>
  isSameValue(difference) || isAutoScaled(difference, table);

/** The text, or what it holds if that is JSON. */
export function parsedValue(text: string | undefined): unknown {
  if (text === undefined) return null;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}

function isSameValue({ path, expected, actual }: PropertyDifference): boolean {
  if (expected === undefined || actual === undefined) return false;
  const isTags = /\/Tags$/.test(path);
  return spelling(parsedValue(expected), isTags) === spelling(parsedValue(actual), isTags);
}

/** Keys sorted, scalars as text (`"10"` is 10 in a template); for tags also the order of the list. */
function spelling(value: unknown, anyOrder: boolean): string {
  const unquoted: unknown = JSON.parse(
    JSON.stringify(value ?? null, (_key, member: unknown) =>
      typeof member === 'number' || typeof member === 'boolean' ? String(member) : member,
    ),
  );
  return canonical(anyOrder && Array.isArray(unquoted) ? unquoted.map(canonical).sort() : unquoted);
}

const CAPACITY = /\/ProvisionedThroughput\/(Read|Write)CapacityUnits$/;

/** The table's index scales by the same bounds: infra gives it the table's. */
function isAutoScaled({ resourceType, path, actual }: PropertyDifference, table: EnvironmentConfig['table']): boolean {
  const kind = CAPACITY.exec(path)?.[1];
  if (resourceType !== 'AWS::DynamoDB::Table' || kind === undefined || table.autoScaling === null) return false;
  const [low, high] =
    kind === 'Read'
      ? [table.readCapacity, table.autoScaling.maxReadCapacity]
      : [table.writeCapacity, table.autoScaling.maxWriteCapacity];
  const units = Number(actual);
  return actual !== undefined && units >= low && units <= high;
}
