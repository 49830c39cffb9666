/**
 * Environments: reviewers, wait timer, which branches may deploy.
 *
 * Source: https://docs.github.com/en/rest/deployments/environments and …/deployments/branch-policies
 */
import { found, type Handlers, page, required } from './handlers.ts';
import { reads, writes } from './permissions.ts';
import { refuse } from './refusals.ts';
import { nodeId, renderTeam, renderUser, repositoryUrl } from './render-repository.ts';
import type { BodyOf, Schema } from './routes.ts';
import type { FakeEnvironment, FakeRepository, World } from './world.ts';

const MOST_REVIEWERS = 6;
const LONGEST_WAIT_MINUTES = 43_200;

export const environmentOf = ({ environments }: FakeRepository, name: string): FakeEnvironment =>
  found(environments.get(name.toLowerCase()));

type Rule = NonNullable<Schema<'environment'>['protection_rules']>[number];

function renderReviewer(world: World, { type, id }: FakeEnvironment['reviewers'][number]) {
  return type === 'User'
    ? { type, reviewer: renderUser(world, found(world.users.find((user) => user.id === id))) }
    : { type, reviewer: renderTeam(world, found(world.teams.find((team) => team.id === id))) };
}

/** GitHub answers `can_admins_bypass` too, which its description does not name. */
export type EnvironmentAnswer = Schema<'environment'> & { readonly can_admins_bypass: boolean };

function renderEnvironment(world: World, repository: FakeRepository, environment: FakeEnvironment): EnvironmentAnswer {
  const { id, name, waitTimer, reviewers, branchPolicy } = environment;
  const rule = (type: string): { id: number; node_id: string; type: string } => ({
    id,
    node_id: nodeId('Gate', id),
    type,
  });
  const rules: Rule[] = [
    ...(waitTimer > 0 ? [{ ...rule('wait_timer'), wait_timer: waitTimer }] : []),
    ...(reviewers.length > 0
      ? [
          {
            ...rule('required_reviewers'),
            prevent_self_review: environment.preventSelfReview,
            reviewers: reviewers.map((reviewer) => renderReviewer(world, reviewer)),
          },
        ]
      : []),
    ...(branchPolicy === null ? [] : [rule('branch_policy')]),
  ];
  return {
    id,
    node_id: nodeId('Environment', id),
    name,
    url: `${repositoryUrl(world, repository)}/environments/${encodeURIComponent(name)}`,
    html_url: `https://github.com/${repository.owner}/${repository.name}/deployments/activity_log?environments_filter=${name}`,
    created_at: environment.createdAt,
    updated_at: environment.updatedAt,
    can_admins_bypass: environment.adminsBypass,
    protection_rules: rules,
    deployment_branch_policy: branchPolicy,
  };
}

/** What `PUT` takes; `can_admins_bypass` is taken although the description does not name it. */
type Settings = NonNullable<BodyOf<'put /repos/{owner}/{repo}/environments/{environment_name}'>> & {
  readonly can_admins_bypass?: boolean;
};

function checkSettings(world: World, repository: FakeRepository, settings: Partial<Settings>): void {
  const { reviewers, wait_timer = 0, deployment_branch_policy: policy } = settings;
  if (!repository.knowsAdminBypass && settings.can_admins_bypass !== undefined) {
    throw refuse.keyNotPermitted('can_admins_bypass');
  }
  const planAllows = !repository.private || repository.plan === 'enterprise';
  // Refused for being named at all, even when empty.
  if (!planAllows && (reviewers !== undefined || settings.prevent_self_review !== undefined)) {
    throw refuse.planLacks('required reviewers');
  }
  if (!planAllows && settings.wait_timer !== undefined) throw refuse.planLacks('wait timer');
  if (wait_timer < 0 || wait_timer > LONGEST_WAIT_MINUTES) throw refuse.invalidField('Environment', 'wait_timer');
  if ((reviewers ?? []).length > MOST_REVIEWERS) {
    throw refuse.unprocessable(`Environment can have at most ${MOST_REVIEWERS} reviewers.`);
  }
  for (const { type, id } of reviewers ?? []) {
    const known: readonly { readonly id: number }[] = type === 'Team' ? world.teams : world.users;
    if (!known.some((each) => each.id === id)) throw refuse.invalidField('Environment', 'reviewers');
  }
  if (policy && policy.protected_branches === policy.custom_branch_policies) {
    throw refuse.unprocessable('protected_branches and custom_branch_policies cannot have the same value');
  }
}

function makeEnvironment(world: World, name: string): FakeEnvironment {
  const now = world.now();
  return {
    id: world.newId(),
    name,
    createdAt: now,
    updatedAt: now,
    waitTimer: 0,
    preventSelfReview: false,
    // As GitHub's own default has it: what nobody switches off is on.
    adminsBypass: true,
    reviewers: [],
    branchPolicy: null,
    policies: [],
    variables: new Map(),
  };
}

/** What the call leaves out goes back to its default: the call replaces, it does not merge. */
function applySettings(world: World, environment: FakeEnvironment, settings: Partial<Settings>): void {
  environment.waitTimer = settings.wait_timer ?? 0;
  environment.preventSelfReview = settings.prevent_self_review ?? false;
  environment.reviewers = (settings.reviewers ?? []).map(({ type = 'User', id = 0 }) => ({ type, id }));
  environment.branchPolicy = settings.deployment_branch_policy ?? null;
  environment.adminsBypass = settings.can_admins_bypass ?? environment.adminsBypass;
  environment.updatedAt = world.now();
  if (environment.branchPolicy?.custom_branch_policies !== true) environment.policies.length = 0;
}

/** Policies exist only where the environment asks for custom ones. */
function needCustomPolicies({ branchPolicy }: FakeEnvironment): void {
  if (branchPolicy?.custom_branch_policies !== true) throw refuse.notFound();
}

const renderPolicy = ({ id, name, type }: FakeEnvironment['policies'][number]): Schema<'deployment-branch-policy'> => ({
  id,
  node_id: nodeId('GateBranchPolicy', id),
  name,
  type,
});

export const environmentHandlers = {
  'get /repos/{owner}/{repo}/environments': {
    needs: reads('actions'),
    answer(call) {
      const { world, repository } = call;
      const all = [...repository.environments.values()];
      const { items, link } = page(all, call);
      const environments = items.map((environment) => renderEnvironment(world, repository, environment));
      return { status: 200, body: { total_count: all.length, environments }, link };
    },
  },
  'get /repos/{owner}/{repo}/environments/{environment_name}': {
    needs: reads('actions'),
    answer: ({ world, repository, path }) => ({
      status: 200,
      body: renderEnvironment(world, repository, environmentOf(repository, path.environment_name)),
    }),
  },
  'put /repos/{owner}/{repo}/environments/{environment_name}': {
    needs: writes('administration'),
    answer({ world, repository, path, body }) {
      const settings: Partial<Settings> = body;
      checkSettings(world, repository, settings);
      const key = path.environment_name.toLowerCase();
      const environment = repository.environments.get(key) ?? makeEnvironment(world, path.environment_name);
      repository.environments.set(key, environment);
      applySettings(world, environment, settings);
      return { status: 200, body: renderEnvironment(world, repository, environment) };
    },
  },
  'delete /repos/{owner}/{repo}/environments/{environment_name}': {
    needs: writes('administration'),
    answer({ repository, path }) {
      environmentOf(repository, path.environment_name);
      repository.environments.delete(path.environment_name.toLowerCase());
      return { status: 204, body: undefined };
    },
  },
  'get /repos/{owner}/{repo}/environments/{environment_name}/deployment-branch-policies': {
    needs: reads('actions'),
    answer(call) {
      const { policies } = environmentOf(call.repository, call.path.environment_name);
      const { items, link } = page(policies, call);
      return {
        status: 200,
        body: { total_count: policies.length, branch_policies: items.map(renderPolicy) },
        link,
      };
    },
  },
  'post /repos/{owner}/{repo}/environments/{environment_name}/deployment-branch-policies': {
    needs: writes('administration'),
    answer({ world, repository, path, body }) {
      const environment = environmentOf(repository, path.environment_name);
      needCustomPolicies(environment);
      const name = required(body.name, 'DeploymentBranchPolicy', 'name');
      const same = environment.policies.find((policy) => policy.name === name);
      if (same !== undefined) return { status: 200, body: renderPolicy(same) };
      const policy = { id: world.newId(), name, type: body.type ?? ('branch' as const) };
      environment.policies.push(policy);
      return { status: 200, body: renderPolicy(policy) };
    },
  },
  'delete /repos/{owner}/{repo}/environments/{environment_name}/deployment-branch-policies/{branch_policy_id}': {
    needs: writes('administration'),
    answer({ repository, path }) {
      const { policies } = environmentOf(repository, path.environment_name);
      const policy = found(policies.find(({ id }) => id === path.branch_policy_id));
      policies.splice(policies.indexOf(policy), 1);
      return { status: 204, body: undefined };
    },
  },
} as const satisfies Handlers;
