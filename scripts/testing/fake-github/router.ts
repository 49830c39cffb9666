/** Which route a call is, of those the fake has handlers for. */
import { accountHandlers } from './account-handlers.ts';
import { actionsHandlers } from './actions-handlers.ts';
import { deploymentHandlers } from './deployment-handlers.ts';
import { environmentHandlers } from './environment-handlers.ts';
import type { Handlers } from './handlers.ts';
import { issueHandlers } from './issue-handlers.ts';
import { pullHandlers } from './pull-handlers.ts';
import { reviewHandlers } from './review-handlers.ts';
import type { Route } from './routes.ts';
import { rulesetHandlers } from './ruleset-handlers.ts';
import { runHandlers } from './run-handlers.ts';
import { userHandlers } from './user-handlers.ts';
import { variableHandlers } from './variable-handlers.ts';

const HANDLERS = {
  ...issueHandlers,
  ...pullHandlers,
  ...userHandlers,
  ...deploymentHandlers,
  ...reviewHandlers,
  ...environmentHandlers,
  ...variableHandlers,
  ...rulesetHandlers,
  ...actionsHandlers,
  ...accountHandlers,
  ...runHandlers,
} as const satisfies Handlers;

/** The routes the fake knows. */
export type FakeRoute = keyof typeof HANDLERS & Route;

export interface Match {
  readonly route: FakeRoute;
  readonly handler: (typeof HANDLERS)[FakeRoute];
  /** The path's parameters; numbers where GitHub's description says so. */
  readonly path: Readonly<Record<string, string | number>>;
}

interface Compiled {
  readonly route: FakeRoute;
  readonly method: string;
  readonly pattern: RegExp;
  readonly names: readonly string[];
}

const COMPILED: readonly Compiled[] = (Object.keys(HANDLERS) as FakeRoute[]).map((route) => {
  const [method = '', template = ''] = route.split(' ');
  const names = [...template.matchAll(/\{(\w+)\}/g)].map((match) => match[1] ?? '');
  const pattern = new RegExp(`^${template.replaceAll(/\{\w+\}/g, '([^/]+)')}$`);
  return { route, method: method.toUpperCase(), pattern, names };
});

export function matchRoute(method: string, pathname: string): Match | undefined {
  for (const { route, method: own, pattern, names } of COMPILED) {
    const match = own === method ? pattern.exec(pathname) : null;
    if (match === null) continue;
    const path = Object.fromEntries(names.map((name, index) => [name, readParameter(name, match[index + 1] ?? '')]));
    // `/issues/comments/7` is no issue of the number "comments".
    if (names.some((name) => isNumeric(name) && typeof path[name] !== 'number')) continue;
    return { route, handler: HANDLERS[route], path };
  }
  return undefined;
}

/** A workflow goes by its file's name too. */
const isNumeric = (name: string): boolean => /_(id|number)$/.test(name) && name !== 'workflow_id';

function readParameter(name: string, text: string): string | number {
  const value = decodeURIComponent(text);
  return isNumeric(name) && /^\d+$/.test(value) ? Number(value) : value;
}
