/**
 * Who owns a repository, with the plan only owners see, who owns its code, and GitHub Actions as an app. In this world each
 * person owns the organization, and no bot does.
 *
 * Source: https://docs.github.com/en/rest/orgs/orgs, …/rest/repos/repos#list-codeowners-errors and …/rest/apps/apps
 */
import { found, type Handlers } from './handlers.ts';
import { reads } from './permissions.ts';
import { isOrganization, nodeId, renderOrganization, renderUser } from './render-repository.ts';

/** On github.com. */
export const ACTIONS_APP = 15_368;

const EPOCH = '2026-01-01T00:00:00Z';

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
      const plan = caller.type === 'User' && { plan: { name: repository.plan, space: 0, private_repos: 0 } };
      return { status: 200, body: { ...renderOrganization(world, path.org), ...plan } };
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
