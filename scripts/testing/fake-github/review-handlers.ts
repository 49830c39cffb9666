/**
 * Jobs that wait for a person: which environment lets a job begin, who may let it, and the two calls reviews are made by.
 *
 * Sources: https://docs.github.com/en/actions/reference/workflows-and-actions/deployments-and-environments and
 * https://docs.github.com/en/rest/actions/workflow-runs#review-pending-deployments-for-a-workflow-run
 */
import { renderDeployment } from './deployment-handlers.ts';
import { found, type Handlers, required } from './handlers.ts';
import { reads, writes } from './permissions.ts';
import { refuse } from './refusals.ts';
import { nodeId, renderTeam, renderUser, repositoryUrl } from './render-repository.ts';
import { ServiceError } from './service-error.ts';
import type { FakeEnvironment, FakeRepository, FakeReview, FakeRun, FakeUser, World } from './world.ts';

/** What an environment answers to a job that wants to begin. */
export type Admission = 'open' | 'waits' | 'branch-refused' | 'no-such-environment';

/** @param run whose job it is; a job that waits is remembered in it */
export function admit(world: World, repository: FakeRepository, run: FakeRun, name: string): Admission {
  const environment = repository.environments.get(name.toLowerCase());
  if (environment === undefined) return 'no-such-environment';
  if (!branchMayDeploy(environment, run.ref)) return 'branch-refused';
  if (environment.reviewers.length === 0) return 'open';
  run.waiting.set(environment.name, { since: world.now(), review: undefined });
  return 'waits';
}

/** `protected_branches` is taken for the default branch, which the set-up protects. */
function branchMayDeploy({ branchPolicy, policies }: FakeEnvironment, ref: string): boolean {
  if (branchPolicy === null) return true;
  const branch = /^refs\/heads\/(.+)$/.exec(ref)?.[1];
  if (branch === undefined) return false;
  if (branchPolicy.protected_branches) return branch === 'main';
  return policies.some((policy) => policy.type === 'branch' && policy.name === branch);
}

/** One of the reviewers; not who began the run, where self-review is off. */
function mayReview(world: World, environment: FakeEnvironment, run: FakeRun, who: FakeUser): boolean {
  if (environment.preventSelfReview && run.actor.id === who.id) return false;
  return environment.reviewers.some(({ type, id }) => {
    if (type === 'User') return id === who.id;
    return world.teams.find((team) => team.id === id)?.members?.includes(who.login) ?? false;
  });
}

const runOf = ({ runs }: FakeRepository, id: number): FakeRun => found(runs.find((run) => run.id === id));

/** Names of the environments a run still waits for. */
export const waitingFor = (run: FakeRun): readonly string[] =>
  [...run.waiting].filter(([, { review }]) => review === undefined).map(([name]) => name);

export const reviewHandlers = {
  'get /repos/{owner}/{repo}/actions/runs/{run_id}/pending_deployments': {
    needs: reads('actions'),
    answer({ world, repository, path, caller }) {
      const run = runOf(repository, path.run_id);
      const body = waitingFor(run).map((name) => {
        const environment = found(repository.environments.get(name.toLowerCase()));
        return {
          environment: {
            id: environment.id,
            node_id: nodeId('Environment', environment.id),
            name,
            url: `${repositoryUrl(world, repository)}/environments/${name}`,
            html_url: `https://github.com/${repository.owner}/${repository.name}/deployments/activity_log?environments_filter=${name}`,
          },
          wait_timer: environment.waitTimer,
          wait_timer_started_at: null,
          current_user_can_approve: mayReview(world, environment, run, caller),
          reviewers: environment.reviewers.map(({ type, id }) =>
            type === 'User'
              ? { type, reviewer: renderUser(world, found(world.users.find((user) => user.id === id))) }
              : { type, reviewer: renderTeam(world, found(world.teams.find((team) => team.id === id))) },
          ),
        };
      });
      return { status: 200, body };
    },
  },
  'post /repos/{owner}/{repo}/actions/runs/{run_id}/pending_deployments': {
    needs: writes('deployments'),
    answer({ world, repository, path, caller, body }) {
      const run = runOf(repository, path.run_id);
      const ids = required(body.environment_ids, 'Deployment', 'environment_ids');
      const state = required(body.state, 'Deployment', 'state');
      const comment = required(body.comment, 'Deployment', 'comment');
      if (state !== 'approved' && state !== 'rejected') throw refuse.invalidField('Deployment', 'state');
      const waiting = ids.map((id) => {
        const environment = [...repository.environments.values()].find((each) => each.id === id);
        const entry = environment && run.waiting.get(environment.name);
        if (environment === undefined || entry === undefined || entry.review !== undefined) {
          throw refuse.unprocessable(`Environment ${id} has no pending deployment request in this run.`);
        }
        // That it refuses is documented, with which status and words is not.
        if (!mayReview(world, environment, run, caller)) {
          throw new ServiceError(403, `${caller.login} may not review deployments to ${environment.name}.`);
        }
        return { environment, entry };
      });
      const review: FakeReview = { state, by: caller, comment };
      for (const { entry } of waiting) entry.review = review;
      const deployments = waiting.map(({ environment }) => {
        const made = {
          id: world.newId(),
          sha: run.headSha,
          ref: run.ref,
          environment: environment.name,
          description: null,
          creator: run.actor,
          createdAt: world.now(),
          statuses: [],
        };
        if (state === 'approved') repository.deployments.push(made);
        return renderDeployment(world, repository, made);
      });
      return { status: 200, body: deployments };
    },
  },
} as const satisfies Handlers;
