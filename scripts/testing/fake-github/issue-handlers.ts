/** Issues, their labels and their comments. Pull requests are issues here, as in GitHub. */
import { found, type Handlers, issueOf, page, required } from './handlers.ts';
import { reads, writes } from './permissions.ts';
import { refuse } from './refusals.ts';
import { renderComment, renderIssue, renderLabel } from './render-issues.ts';
import type { FakeIssue, FakeRepository, World } from './world.ts';

/** https://github.com/orgs/community/discussions/27190 */
const LONGEST_BODY = 65_536;
const LONGEST_TITLE = 256;

function checkBody(resource: 'IssueComment' | 'Issue', body: string | null | undefined): void {
  if ((body ?? '').length > LONGEST_BODY) throw refuse.tooLong(resource, 'body', LONGEST_BODY);
}

function checkTitle(title: string): string {
  if (title.trim() === '') throw refuse.blank('Issue', 'title');
  if (title.length > LONGEST_TITLE) throw refuse.tooLong('Issue', 'title', LONGEST_TITLE);
  return title;
}

function needIssues(repository: FakeRepository): void {
  if (!repository.hasIssues) throw refuse.issuesDisabled();
}

type LabelInput = string | { readonly name?: string };
const labelName = (label: LabelInput): string => (typeof label === 'string' ? label : (label.name ?? ''));

/** Labels nobody made yet come into being by being set. */
function setLabels(repository: FakeRepository, issue: FakeIssue, labels: readonly LabelInput[]): void {
  issue.labels = [...new Set(labels.map(labelName))];
  for (const name of issue.labels) repository.labels.add(name);
}

function changeState(world: World, issue: FakeIssue, state: 'open' | 'closed', reason: FakeIssue['stateReason']): void {
  if (issue.state !== state) {
    issue.state = state;
    issue.closedAt = state === 'closed' ? world.now() : null;
    issue.stateReason = state === 'closed' ? 'completed' : 'reopened';
  }
  if (reason) issue.stateReason = reason;
}

const ORDERS = { created: 'createdAt', updated: 'updatedAt' } as const;

export const issueHandlers = {
  'get /repos/{owner}/{repo}/issues': {
    needs: reads('issues', 'pull_requests'),
    answer(call) {
      const { world, repository, query } = call;
      needIssues(repository);
      const { state = 'open', labels = '', creator, sort = 'created', direction = 'desc' } = query;
      const wanted = labels.split(',').filter(Boolean);
      const key = ORDERS[sort === 'comments' ? 'created' : sort];
      const matching = repository.issues
        .filter((issue) => state === 'all' || issue.state === state)
        .filter((issue) => wanted.every((name) => issue.labels.includes(name)))
        .filter((issue) => creator === undefined || issue.author.login === creator)
        .sort((a, b) => (direction === 'asc' ? 1 : -1) * (a[key] < b[key] ? -1 : 1));
      const { items, link } = page(matching, call);
      return { status: 200, body: items.map((issue) => renderIssue(world, repository, issue)), link };
    },
  },
  'post /repos/{owner}/{repo}/issues': {
    needs: writes('issues'),
    answer({ world, repository, caller, body }) {
      needIssues(repository);
      const title = checkTitle(String(required(body.title, 'Issue', 'title')));
      checkBody('Issue', body.body);
      const now = world.now();
      const issue: FakeIssue = {
        number: repository.issues.length + 1,
        id: world.newId(),
        author: caller,
        title,
        body: body.body ?? null,
        state: 'open',
        stateReason: null,
        labels: [],
        createdAt: now,
        updatedAt: now,
        closedAt: null,
        pull: undefined,
      };
      setLabels(repository, issue, (body.labels ?? []) as LabelInput[]);
      repository.issues.push(issue);
      return { status: 201, body: renderIssue(world, repository, issue) };
    },
  },
  'get /repos/{owner}/{repo}/issues/{issue_number}': {
    needs: reads('issues', 'pull_requests'),
    answer({ world, repository, path }) {
      return { status: 200, body: renderIssue(world, repository, issueOf(repository, path.issue_number)) };
    },
  },
  'patch /repos/{owner}/{repo}/issues/{issue_number}': {
    needs: writes('issues', 'pull_requests'),
    answer({ world, repository, path, body }) {
      const issue = issueOf(repository, path.issue_number);
      if (typeof body.title === 'string' || typeof body.title === 'number')
        issue.title = checkTitle(String(body.title));
      if (body.body !== undefined) {
        checkBody('Issue', body.body);
        issue.body = body.body;
      }
      if (body.labels !== undefined) setLabels(repository, issue, body.labels as LabelInput[]);
      if (body.state !== undefined) changeState(world, issue, body.state, body.state_reason ?? null);
      issue.updatedAt = world.now();
      return { status: 200, body: renderIssue(world, repository, issue) };
    },
  },
  'post /repos/{owner}/{repo}/issues/{issue_number}/labels': {
    needs: writes('issues', 'pull_requests'),
    answer({ world, repository, path, body }) {
      const issue = issueOf(repository, path.issue_number);
      const added = (Array.isArray(body) ? body : ((body as { labels?: LabelInput[] }).labels ?? [])) as LabelInput[];
      setLabels(repository, issue, [...issue.labels, ...added]);
      return { status: 200, body: issue.labels.map((name) => renderLabel(world, repository, name)) };
    },
  },
  'get /repos/{owner}/{repo}/issues/{issue_number}/comments': {
    needs: reads('issues', 'pull_requests'),
    answer(call) {
      const { world, repository, path } = call;
      const issue = issueOf(repository, path.issue_number);
      // Always by id, the oldest first: this list takes no order.
      const all = repository.comments.filter((comment) => comment.issue === issue.number).sort((a, b) => a.id - b.id);
      const { items, link } = page(all, call);
      return { status: 200, body: items.map((comment) => renderComment(world, repository, comment)), link };
    },
  },
  'post /repos/{owner}/{repo}/issues/{issue_number}/comments': {
    needs: writes('issues', 'pull_requests'),
    answer({ world, repository, path, caller, body }) {
      const issue = issueOf(repository, path.issue_number);
      const text = required(body.body, 'IssueComment', 'body');
      if (text.trim() === '') throw refuse.blank('IssueComment', 'body');
      checkBody('IssueComment', text);
      const now = world.now();
      const comment = {
        id: world.newId(),
        issue: issue.number,
        author: caller,
        body: text,
        createdAt: now,
        updatedAt: now,
      };
      repository.comments.push(comment);
      return { status: 201, body: renderComment(world, repository, comment) };
    },
  },
  'patch /repos/{owner}/{repo}/issues/comments/{comment_id}': {
    needs: writes('issues', 'pull_requests'),
    answer({ world, repository, path, body }) {
      const comment = found(repository.comments.find(({ id }) => id === path.comment_id));
      const text = required(body.body, 'IssueComment', 'body');
      checkBody('IssueComment', text);
      Object.assign(comment, { body: text, updatedAt: world.now() });
      return { status: 200, body: renderComment(world, repository, comment) };
    },
  },
  'delete /repos/{owner}/{repo}/issues/comments/{comment_id}': {
    needs: writes('issues', 'pull_requests'),
    answer({ repository, path }) {
      const comment = found(repository.comments.find(({ id }) => id === path.comment_id));
      repository.comments.splice(repository.comments.indexOf(comment), 1);
      return { status: 204, body: undefined };
    },
  },
} as const satisfies Handlers;
