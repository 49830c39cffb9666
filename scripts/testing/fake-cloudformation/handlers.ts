/** What every handler is, and what handlers share: finding stacks, pages, tokens. */
import type { Input, OperationName, Output } from './operations.ts';
import { refuse } from './refusals.ts';
import type { FakeStack, World } from './world.ts';

/** @throws ServiceError when the service would refuse the call */
export type Handler<Name extends OperationName> = (world: World, input: Input<Name>) => Output<Name>;
export type Handlers = { readonly [Name in OperationName]: Handler<Name> };

/** The SDK's types allow undefined where the service demands a value. */
export function required<T>(value: T | undefined, name: string): T {
  if (value === undefined) throw refuse.missingParameter(name);
  return value;
}

/** For operations: `Stack [x] does not exist`. */
export function stackOf(world: World, name: string | undefined): FakeStack {
  const stackName = required(name, 'stackName');
  const stack = world.find(stackName);
  if (stack === undefined) throw refuse.unknownStack(stackName);
  return stack;
}

/** For reads: `Stack with id x does not exist`. */
export function stackToRead(world: World, name: string | undefined): FakeStack {
  const stackName = required(name, 'stackName');
  const stack = world.find(stackName);
  if (stack === undefined) throw refuse.unknownStackOnRead(stackName);
  return stack;
}

const TOKEN = /^page-(\d+)$/;

/** One page of a list, and the token of the next one. */
export function page<T>(
  items: readonly T[],
  token: string | undefined,
  size: number,
): { items: T[]; NextToken?: string } {
  const match = TOKEN.exec(token ?? 'page-0');
  if (match === null) throw refuse.badToken();
  const from = Number(match[1]);
  const next = from + size;
  return { items: items.slice(from, next), ...(next < items.length ? { NextToken: `page-${next}` } : {}) };
}

/**
 * A call repeated under its own ClientRequestToken is the call before, and is not refused for what that one changed.
 * @returns true when the call has been carried out already
 */
export function isRepeated(stack: FakeStack, operation: OperationName, token: string | undefined): boolean {
  if (token === undefined) return false;
  const used = stack.tokens.get(token);
  if (used !== undefined && used !== operation) throw refuse.tokenReused(token);
  stack.tokens.set(token, operation);
  return used !== undefined;
}
