/** Issues, comments, pull requests and commits as GitHub's answers show them. */
import { nodeId, renderRepository, renderUser, repositoryUrl } from './render-repository.ts';
import type { Schema } from './routes.ts';
import type { FakeComment, FakeCommit, FakeFile, FakeIssue, FakePull, FakeRepository, World } from './world.ts';

const page = ({ owner, name }: FakeRepository): string => `https://github.com/${owner}/${name}`;

export function renderComment(world: World, repository: FakeRepository, comment: FakeComment): Schema<'issue-comment'> {
  const url = repositoryUrl(world, repository);
  return {
    id: comment.id,
    node_id: nodeId('IssueComment', comment.id),
    url: `${url}/issues/comments/${comment.id}`,
    html_url: `${page(repository)}/issues/${comment.issue}#issuecomment-${comment.id}`,
    issue_url: `${url}/issues/${comment.issue}`,
    body: comment.body,
    user: renderUser(world, comment.author),
    created_at: comment.createdAt,
    updated_at: comment.updatedAt,
    author_association: 'NONE',
  };
}

export function renderLabel(
  world: World,
  repository: FakeRepository,
  name: string,
): Schema<'label'> & { readonly description: string } {
  return {
    id: 1,
    node_id: nodeId('Label', 1),
    url: `${repositoryUrl(world, repository)}/labels/${encodeURIComponent(name)}`,
    name,
    description: '',
    color: 'ededed',
    default: false,
  };
}

export function renderIssue(world: World, repository: FakeRepository, issue: FakeIssue): Schema<'issue'> {
  const [api, html] = [repositoryUrl(world, repository), page(repository)];
  const url = `${api}/issues/${issue.number}`;
  const html_url = `${html}/${issue.pull ? 'pull' : 'issues'}/${issue.number}`;
  return {
    id: issue.id,
    node_id: nodeId('Issue', issue.id),
    url,
    repository_url: api,
    labels_url: `${url}/labels{/name}`,
    comments_url: `${url}/comments`,
    events_url: `${url}/events`,
    html_url,
    number: issue.number,
    state: issue.state,
    state_reason: issue.stateReason,
    title: issue.title,
    body: issue.body,
    user: renderUser(world, issue.author),
    labels: issue.labels.map((name) => renderLabel(world, repository, name)),
    assignee: null,
    milestone: null,
    locked: false,
    comments: repository.comments.filter((comment) => comment.issue === issue.number).length,
    closed_at: issue.closedAt,
    created_at: issue.createdAt,
    updated_at: issue.updatedAt,
    author_association: 'NONE',
    ...(issue.pull && {
      pull_request: {
        url: `${api}/pulls/${issue.number}`,
        html_url,
        diff_url: `${html_url}.diff`,
        patch_url: `${html_url}.patch`,
        merged_at: issue.pull.mergedAt,
      },
    }),
  };
}

export type FakePullRequest = FakeIssue & { readonly pull: FakePull };
export const isPullRequest = (issue: FakeIssue): issue is FakePullRequest => issue.pull !== undefined;

/** A fork that is deleted is null, although the description promises a repository. */
function renderHead(world: World, base: FakeRepository, fullName: string | null): Schema<'repository'> {
  if (fullName === null) return null as unknown as Schema<'repository'>;
  const [owner = '', name = ''] = fullName.split('/');
  const fork = { ...base, owner, name, id: base.id + 1 };
  return renderRepository(world, world.repository(fullName) ?? fork);
}

export function renderPullSimple(
  world: World,
  repository: FakeRepository,
  request: FakePullRequest,
): Schema<'pull-request-simple'> {
  const { pull, number } = request;
  const api = repositoryUrl(world, repository);
  const [url, issueUrl] = [`${api}/pulls/${number}`, `${api}/issues/${number}`];
  const html = `${page(repository)}/pull/${number}`;
  const statuses = `${api}/statuses/${pull.head.sha}`;
  const user = renderUser(world, request.author);
  const owner = renderUser(world, world.user(repository.owner));
  const base = renderRepository(world, repository);
  const end = ({ ref, sha }: { readonly ref: string; readonly sha: string }, repo: Schema<'repository'>) => ({
    label: `${repo?.owner.login ?? 'unknown'}:${ref}`,
    ref,
    sha,
    user: owner,
    repo,
  });
  return {
    url,
    id: request.id,
    node_id: nodeId('PullRequest', request.id),
    html_url: html,
    diff_url: `${html}.diff`,
    patch_url: `${html}.patch`,
    issue_url: issueUrl,
    commits_url: `${url}/commits`,
    review_comments_url: `${url}/comments`,
    review_comment_url: `${api}/pulls/comments{/number}`,
    comments_url: `${issueUrl}/comments`,
    statuses_url: statuses,
    number,
    state: request.state,
    locked: false,
    title: request.title,
    user,
    body: request.body,
    labels: request.labels.map((name) => renderLabel(world, repository, name)),
    milestone: null,
    created_at: request.createdAt,
    updated_at: request.updatedAt,
    closed_at: request.closedAt,
    merged_at: pull.mergedAt,
    merge_commit_sha: pull.mergeCommit,
    assignee: null,
    draft: pull.draft,
    head: end(pull.head, renderHead(world, repository, pull.head.repository)),
    base: end(pull.base, base),
    _links: {
      comments: { href: `${issueUrl}/comments` },
      commits: { href: `${url}/commits` },
      statuses: { href: statuses },
      html: { href: html },
      issue: { href: issueUrl },
      review_comments: { href: `${url}/comments` },
      review_comment: { href: `${api}/pulls/comments{/number}` },
      self: { href: url },
    },
    author_association: 'CONTRIBUTOR',
    auto_merge: null,
  };
}

export function renderPull(world: World, repository: FakeRepository, request: FakePullRequest): Schema<'pull-request'> {
  const { pull } = request;
  const simple = renderPullSimple(world, repository, request);
  return {
    ...simple,
    state: request.state,
    user: renderUser(world, request.author),
    labels: request.labels.map((name) => renderLabel(world, repository, name)),
    head: { ...simple.head, user: renderUser(world, request.author) },
    base: { ...simple.base, user: renderUser(world, world.user(repository.owner)) },
    merged: pull.mergedAt !== null,
    mergeable: pull.mergedAt === null ? true : null,
    mergeable_state: 'clean',
    merged_by: null,
    comments: repository.comments.filter(({ issue }) => issue === request.number).length,
    review_comments: 0,
    maintainer_can_modify: false,
    commits: pull.commits.length,
    additions: pull.files.length,
    deletions: 0,
    changed_files: pull.files.length,
  };
}

export function renderFile(world: World, repository: FakeRepository, file: FakeFile): Schema<'diff-entry'> {
  const url = repositoryUrl(world, repository);
  return {
    sha: '0'.repeat(40),
    filename: file.path,
    status: file.status,
    additions: 1,
    deletions: 0,
    changes: 1,
    blob_url: `${page(repository)}/blob/head/${file.path}`,
    raw_url: `${page(repository)}/raw/head/${file.path}`,
    contents_url: `${url}/contents/${file.path}?ref=head`,
    ...(file.previousPath === undefined ? {} : { previous_filename: file.previousPath }),
  };
}

export function renderCommit(world: World, repository: FakeRepository, commit: FakeCommit): Schema<'commit'> {
  const { sha, message, parents } = commit;
  const urlOf = (each: string): string => `${repositoryUrl(world, repository)}/commits/${each}`;
  const htmlOf = (each: string): string => `${page(repository)}/commit/${each}`;
  const who = { name: 'Developer', email: 'developer@example.com', date: '2026-01-01T00:00:00Z' };
  return {
    url: urlOf(sha),
    sha,
    node_id: nodeId('Commit', Number.parseInt(sha.slice(-8), 16)),
    html_url: htmlOf(sha),
    comments_url: `${urlOf(sha)}/comments`,
    commit: {
      url: `${repositoryUrl(world, repository)}/git/commits/${sha}`,
      author: who,
      committer: who,
      message,
      comment_count: 0,
      tree: { sha, url: `${repositoryUrl(world, repository)}/git/trees/${sha}` },
    },
    author: null,
    committer: null,
    parents: parents.map((parent) => ({ sha: parent, url: urlOf(parent), html_url: htmlOf(parent) })),
  };
}
