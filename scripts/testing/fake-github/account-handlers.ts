/**
 * Who owns a repository, with the plan only owners see, who owns its code, and GitHub Actions as an app. In this world each
 * person owns the organization, and no bot does.
 *
 * Source: https://docs.github.com/en/rest/orgs/orgs, …/rest/repos/repos#list-codeowners-errors and …/rest/apps/apps
 */
import { found, type Handlers } from './handlers.ts';
import { reads } from './permissions.ts';
import { isOrganization, nodeId, renderUser } from './render-repository.ts';
import type { Schema } from './routes.ts';
import type { World } from './world.ts';

/** On github.com. */
export const ACTIONS_APP = 15_368;

const EPOCH = '2026-01-01T00:00:00Z';

function renderOrganization(world: World, login: string, plan: string | undefined): Schema<'organization-full'> {
  const { id } = world.user(login);
  const url = `${world.endpoint}/orgs/${login}`;
  return {
    login,
    id,
    node_id: nodeId('Organization', id),
    url,
    repos_url: `${url}/repos`,
    events_url: `${url}/events`,
    hooks_url: `${url}/hooks`,
    issues_url: `${url}/issues`,
    members_url: `${url}/members{/member}`,
    public_members_url: `${url}/public_members{/member}`,
    avatar_url: '',
    description: null,
    has_organization_projects: true,
    has_repository_projects: true,
    public_repos: 0,
    public_gists: 0,
    followers: 0,
    following: 0,
    html_url: `https://github.com/${login}`,
    type: 'Organization',
    created_at: EPOCH,
    updated_at: EPOCH,
    archived_at: null,
    ...(plan !== undefined && { plan: { name: plan, space: 0, private_repos: 0 } }),
  };
}

export const accountHandlers = {
  'get /repos/{owner}/{repo}/codeowners/errors': {
    needs: reads('contents'),
    answer: ({ repository }) => ({ status: 200, body: { errors: repository.ownerErrors } }),
  },
  'get /orgs/{org}': {
    needs: 'none',
    answer({ world, path, caller }) {
      const repository = found(world.repositories.find(({ owner }) => owner === path.org));
      found(isOrganization(world, path.org) || undefined);
      const plan = caller.type === 'User' ? repository.plan : undefined;
      return { status: 200, body: renderOrganization(world, path.org, plan) };
    },
  },
  'get /apps/{app_slug}': {
    needs: 'none',
    answer({ world, path }) {
      found(path.app_slug === 'github-actions' || undefined);
      return {
        status: 200,
        body: {
          id: ACTIONS_APP,
          slug: 'github-actions',
          node_id: nodeId('App', ACTIONS_APP),
          owner: renderUser(world, world.user('github')),
          name: 'GitHub Actions',
          description: null,
          external_url: 'https://help.github.com/en/actions',
          html_url: 'https://github.com/apps/github-actions',
          created_at: EPOCH,
          updated_at: EPOCH,
          permissions: {},
          events: [],
        },
      };
    },
  },
} as const satisfies Handlers;
