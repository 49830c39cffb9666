/** Pull requests, their files and commits, the commits between two commits, and who calls. */
import { found, type Handlers, issueOf, page } from './handlers.ts';
import { METADATA, reads } from './permissions.ts';
import {
  type FakePullRequest,
  isPullRequest,
  renderCommit,
  renderFile,
  renderPull,
  renderPullSimple,
} from './render-issues.ts';
import { renderRepository, repositoryUrl } from './render-repository.ts';
import type { FakeCommit, FakeRepository } from './world.ts';

/** GitHub lists no more: https://docs.github.com/en/rest/pulls/pulls#list-commits-on-a-pull-request */
const MOST_COMMITS = 250;
const MOST_FILES = 3_000;

function pullOf(repository: FakeRepository, number: number): FakePullRequest {
  const issue = issueOf(repository, number);
  return found(isPullRequest(issue) ? issue : undefined);
}

/** A branch is the default one; everything else is a commit, whole or shortened. */
function commitOf({ commits, defaultBranch }: FakeRepository, ref: string): FakeCommit {
  return found(
    ref === defaultBranch ? commits.at(-1) : commits.find(({ sha }) => ref.length >= 7 && sha.startsWith(ref)),
  );
}

/** The commit and all before it. */
function history({ commits }: FakeRepository, from: FakeCommit): Set<string> {
  const seen = new Set<string>();
  const waiting = [from.sha];
  for (let sha = waiting.pop(); sha !== undefined; sha = waiting.pop()) {
    if (seen.has(sha)) continue;
    seen.add(sha);
    waiting.push(...(commits.find((commit) => commit.sha === sha)?.parents ?? []));
  }
  return seen;
}

const STATES = { true: 'diverged', false: 'ahead' } as const;

export const pullHandlers = {
  'get /repos/{owner}/{repo}': {
    needs: METADATA,
    answer: ({ world, repository }) => ({ status: 200, body: renderRepository(world, repository) }),
  },
  'get /repos/{owner}/{repo}/pulls/{pull_number}': {
    needs: reads('pull_requests'),
    answer: ({ world, repository, path }) => ({
      status: 200,
      body: renderPull(world, repository, pullOf(repository, path.pull_number)),
    }),
  },
  'get /repos/{owner}/{repo}/pulls/{pull_number}/files': {
    needs: reads('pull_requests'),
    answer(call) {
      const { files } = pullOf(call.repository, call.path.pull_number).pull;
      const { items, link } = page(files.slice(0, MOST_FILES), call);
      return { status: 200, body: items.map((file) => renderFile(call.world, call.repository, file)), link };
    },
  },
  'get /repos/{owner}/{repo}/pulls/{pull_number}/commits': {
    needs: reads('pull_requests'),
    answer(call) {
      const { commits } = pullOf(call.repository, call.path.pull_number).pull;
      const { items, link } = page(commits.slice(0, MOST_COMMITS), call);
      return { status: 200, body: items.map((commit) => renderCommit(call.world, call.repository, commit)), link };
    },
  },
  'get /repos/{owner}/{repo}/commits/{commit_sha}/pulls': {
    needs: reads('pull_requests', 'contents'),
    answer(call) {
      const { world, repository, path } = call;
      const { pulls } = commitOf(repository, path.commit_sha);
      const { items, link } = page(
        pulls.map((number) => pullOf(repository, number)),
        call,
      );
      return { status: 200, body: items.map((request) => renderPullSimple(world, repository, request)), link };
    },
  },
  'get /repos/{owner}/{repo}/compare/{basehead}': {
    needs: reads('contents'),
    answer(call) {
      const { world, repository, path } = call;
      const [base = '', head = ''] = path.basehead.split('...');
      const [from, to] = [commitOf(repository, base), commitOf(repository, head)];
      const [before, after] = [history(repository, from), history(repository, to)];
      const ahead = repository.commits.filter(({ sha }) => after.has(sha) && !before.has(sha));
      const behind = repository.commits.filter(({ sha }) => before.has(sha) && !after.has(sha));
      const common = repository.commits.findLast(({ sha }) => before.has(sha) && after.has(sha)) ?? from;
      const { items, link } = page(ahead, call, 250);
      const html = `https://github.com/${repository.owner}/${repository.name}/compare/${path.basehead}`;
      return {
        status: 200,
        body: {
          url: `${repositoryUrl(world, repository)}/compare/${path.basehead}`,
          html_url: html,
          permalink_url: html,
          diff_url: `${html}.diff`,
          patch_url: `${html}.patch`,
          base_commit: renderCommit(world, repository, from),
          merge_base_commit: renderCommit(world, repository, common),
          status: ahead.length === 0 ? (behind.length === 0 ? 'identical' : 'behind') : STATES[`${behind.length > 0}`],
          ahead_by: ahead.length,
          behind_by: behind.length,
          total_commits: ahead.length,
          commits: items.map((commit) => renderCommit(world, repository, commit)),
          files: [],
        },
        link,
      };
    },
  },
} as const satisfies Handlers;
