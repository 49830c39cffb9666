/**
 * What a token may do: permissions by name, as `permissions:` of a workflow and fine-grained tokens give them.
 *
 * Source: https://docs.github.com/en/rest/authentication/permissions-required-for-github-apps
 */
import { refuse } from './refusals.ts';
import type { FakeRepository, FakeToken } from './world.ts';

export type Permission =
  | 'actions'
  | 'administration'
  | 'contents'
  | 'deployments'
  | 'environments'
  | 'issues'
  | 'metadata'
  | 'pull_requests'
  | 'variables';
export type AccessLevel = 'read' | 'write';

/** One of these is enough. */
export type Needs = readonly Need[];
export interface Need {
  readonly permission: Permission;
  readonly level: AccessLevel;
}

export const reads = (...permissions: Permission[]): Needs =>
  permissions.map((permission) => ({ permission, level: 'read' }));
export const writes = (...permissions: Permission[]): Needs =>
  permissions.map((permission) => ({ permission, level: 'write' }));

/** Anybody who may see the repository. */
export const METADATA: Needs = reads('metadata');

/**
 * @throws ServiceError 401 without a token, 404 where the repository is hidden from it, 403 where it lacks a permission;
 * the 403 names what would do, as GitHub's does.
 */
export function authorize(token: FakeToken | undefined, repository: FakeRepository | undefined, needs: Needs): void {
  const readsOnly = needs.every(({ level }) => level === 'read');
  if (repository === undefined) throw refuse.notFound();
  const named = `${repository.owner}/${repository.name}`;
  const covers = token?.repositories.includes(named) ?? false;
  if (repository.private && !covers) throw refuse.notFound();
  if (!repository.private && readsOnly && !needs.some(({ permission }) => SETTINGS.has(permission))) return;
  if (token === undefined) throw refuse.authenticationNeeded();
  if (!covers || !needs.some((need) => holds(token, need))) {
    const accepted = needs.map(({ permission, level }) => `${permission}=${level}`).join('; ');
    throw refuse.notAccessible(token.kind, accepted);
  }
}

/** Not public even where the repository is. */
const SETTINGS: ReadonlySet<Permission> = new Set(['administration', 'environments', 'variables']);

function holds({ permissions }: FakeToken, { permission, level }: Need): boolean {
  const held = permission === 'metadata' ? 'read' : permissions[permission];
  return held === 'write' || held === level;
}
