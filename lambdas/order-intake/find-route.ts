/**
 * Which use case a request is for. Three routes, so a table; API Gateway has matched the path already. Pure.
 */

export type Action = 'take-order' | 'read-order' | 'report-health';

/** API Gateway resource → method → action. The resource, not the path: a custom domain may put a base path before it. */
const ROUTES: Readonly<Record<string, Readonly<Record<string, Action>>>> = {
  '/orders': { POST: 'take-order' },
  '/orders/{orderId}': { GET: 'read-order' },
  '/health': { GET: 'report-health' },
};

export type Route =
  | { readonly kind: 'found'; readonly action: Action }
  | { readonly kind: 'not-found' }
  | { readonly kind: 'method-not-allowed'; readonly allowed: readonly string[] };

export const findRoute = (method: string, resource: string): Route => {
  const methods = Object.hasOwn(ROUTES, resource) ? ROUTES[resource] : undefined;
  if (!methods) return { kind: 'not-found' };
  const action = Object.hasOwn(methods, method) ? methods[method] : undefined;
  return action ? { kind: 'found', action } : { kind: 'method-not-allowed', allowed: Object.keys(methods) };
};
