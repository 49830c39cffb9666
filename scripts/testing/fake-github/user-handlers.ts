/** Who calls, who somebody is, and teams. */
import { found, type Handlers } from './handlers.ts';
import { refuse } from './refusals.ts';
import { renderTeam, renderUser } from './render-repository.ts';
import type { Schema } from './routes.ts';
import type { FakeUser, World } from './world.ts';

function renderPublicUser(world: World, user: FakeUser): Schema<'public-user'> {
  const epoch = '2026-01-01T00:00:00Z';
  return {
    ...renderUser(world, user),
    name: user.login,
    company: null,
    blog: null,
    location: null,
    email: null,
    hireable: null,
    bio: null,
    public_repos: 0,
    public_gists: 0,
    followers: 0,
    following: 0,
    created_at: epoch,
    updated_at: epoch,
  };
}

export const userHandlers = {
  'get /user': {
    needs: 'none',
    answer({ world, caller }) {
      // A job's token is nobody: https://docs.github.com/en/rest/users/users#get-the-authenticated-user
      if (caller.type === 'Bot') throw refuse.notAccessible('integration', '');
      return { status: 200, body: renderPublicUser(world, caller) };
    },
  },
  'get /users/{username}': {
    needs: 'none',
    answer({ world, path }) {
      const wanted = path.username.toLowerCase();
      const user = found(world.users.find(({ login }) => login.toLowerCase() === wanted));
      return { status: 200, body: renderPublicUser(world, user) };
    },
  },
  'get /orgs/{org}/teams/{team_slug}': {
    needs: 'none',
    answer({ world, path }) {
      const team = world.teams.find(({ slug, organization }) => slug === path.team_slug && organization === path.org);
      return { status: 200, body: renderTeam(world, found(team)) };
    },
  },
} as const satisfies Handlers;
