/** Users, teams and repositories as GitHub's answers show them. */
import type { Schema } from './routes.ts';
import type { FakeRepository, FakeTeam, FakeUser, World } from './world.ts';

export const nodeId = (kind: string, id: number): string => Buffer.from(`${kind}:${id}`).toString('base64url');

export function renderUser(world: World, { login, id, type }: FakeUser): Schema<'simple-user'> {
  const url = `${world.endpoint}/users/${encodeURIComponent(login)}`;
  return {
    login,
    id,
    node_id: nodeId('User', id),
    avatar_url: '',
    gravatar_id: '',
    url,
    html_url: `https://github.com/${login}`,
    followers_url: `${url}/followers`,
    following_url: `${url}/following{/other_user}`,
    gists_url: `${url}/gists{/gist_id}`,
    starred_url: `${url}/starred{/owner}{/repo}`,
    subscriptions_url: `${url}/subscriptions`,
    organizations_url: `${url}/orgs`,
    repos_url: `${url}/repos`,
    events_url: `${url}/events{/privacy}`,
    received_events_url: `${url}/received_events`,
    type,
    site_admin: false,
  };
}

export function renderTeam(world: World, { slug, id, organization }: FakeTeam): Schema<'team-full'> & Schema<'team'> {
  const url = `${world.endpoint}/orgs/${organization}/teams/${slug}`;
  const epoch = '2026-01-01T00:00:00Z';
  return {
    id,
    node_id: nodeId('Team', id),
    url,
    html_url: `https://github.com/orgs/${organization}/teams/${slug}`,
    name: slug,
    slug,
    description: null,
    privacy: 'closed',
    permission: 'pull',
    members_url: `${url}/members{/member}`,
    repositories_url: `${url}/repos`,
    parent: null,
    members_count: 1,
    repos_count: 1,
    created_at: epoch,
    updated_at: epoch,
    type: 'organization',
    organization: renderOrganization(world, organization),
  };
}

export function renderOrganization(world: World, login: string): Schema<'team-organization'> {
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
    created_at: '2026-01-01T00:00:00Z',
    type: 'Organization',
    updated_at: '2026-01-01T00:00:00Z',
    archived_at: null,
  };
}

/** Organizations have plans of their own; the others here belong to people. */
export const isOrganization = ({ repositories }: World, login: string): boolean =>
  repositories.some(({ owner, plan }) => owner === login && (plan === 'team' || plan === 'enterprise'));

/** The address of a repository in the API. */
export const repositoryUrl = (world: World, { owner, name }: FakeRepository): string =>
  `${world.endpoint}/repos/${owner}/${name}`;

export function renderRepository(
  world: World,
  repository: FakeRepository,
): Schema<'full-repository'> & Schema<'repository'> {
  const { id, owner, name, defaultBranch, archived, hasIssues } = repository;
  const [url, page] = [repositoryUrl(world, repository), `https://github.com/${owner}/${name}`];
  const epoch = '2026-01-01T00:00:00Z';
  const open = repository.issues.filter(({ state }) => state === 'open').length;
  return {
    id,
    node_id: nodeId('Repository', id),
    name,
    full_name: `${owner}/${name}`,
    owner: { ...renderUser(world, world.user(owner)), type: isOrganization(world, owner) ? 'Organization' : 'User' },
    private: repository.private,
    html_url: page,
    description: null,
    fork: false,
    url,
    archive_url: `${url}/{archive_format}{/ref}`,
    assignees_url: `${url}/assignees{/user}`,
    blobs_url: `${url}/git/blobs{/sha}`,
    branches_url: `${url}/branches{/branch}`,
    collaborators_url: `${url}/collaborators{/collaborator}`,
    comments_url: `${url}/comments{/number}`,
    commits_url: `${url}/commits{/sha}`,
    compare_url: `${url}/compare/{base}...{head}`,
    contents_url: `${url}/contents/{+path}`,
    contributors_url: `${url}/contributors`,
    deployments_url: `${url}/deployments`,
    downloads_url: `${url}/downloads`,
    events_url: `${url}/events`,
    forks_url: `${url}/forks`,
    git_commits_url: `${url}/git/commits{/sha}`,
    git_refs_url: `${url}/git/refs{/sha}`,
    git_tags_url: `${url}/git/tags{/sha}`,
    git_url: `git://github.com/${owner}/${name}.git`,
    issue_comment_url: `${url}/issues/comments{/number}`,
    issue_events_url: `${url}/issues/events{/number}`,
    issues_url: `${url}/issues{/number}`,
    keys_url: `${url}/keys{/key_id}`,
    labels_url: `${url}/labels{/name}`,
    languages_url: `${url}/languages`,
    merges_url: `${url}/merges`,
    milestones_url: `${url}/milestones{/number}`,
    notifications_url: `${url}/notifications{?since,all,participating}`,
    pulls_url: `${url}/pulls{/number}`,
    releases_url: `${url}/releases{/id}`,
    ssh_url: `git@github.com:${owner}/${name}.git`,
    stargazers_url: `${url}/stargazers`,
    statuses_url: `${url}/statuses/{sha}`,
    subscribers_url: `${url}/subscribers`,
    subscription_url: `${url}/subscription`,
    tags_url: `${url}/tags`,
    teams_url: `${url}/teams`,
    trees_url: `${url}/git/trees{/sha}`,
    clone_url: `${page}.git`,
    mirror_url: null,
    hooks_url: `${url}/hooks`,
    svn_url: page,
    homepage: null,
    language: 'TypeScript',
    forks_count: 0,
    stargazers_count: 0,
    watchers_count: 0,
    size: 1,
    default_branch: defaultBranch,
    open_issues_count: open,
    has_issues: hasIssues,
    has_projects: false,
    has_wiki: false,
    has_pages: false,
    has_downloads: true,
    has_discussions: false,
    archived,
    disabled: false,
    visibility: repository.private ? 'private' : 'public',
    pushed_at: epoch,
    created_at: epoch,
    updated_at: epoch,
    subscribers_count: 0,
    network_count: 0,
    license: null,
    forks: 0,
    open_issues: open,
    watchers: 0,
  };
}
