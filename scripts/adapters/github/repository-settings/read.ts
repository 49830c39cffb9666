/**
 * How a repository is set up now. What the token may not read, or the plan does not have, is told as untold, with the
 * reason; a wrong token or a repository that is not there ends it.
 */

import { RULESET_NAME } from '../../../core/github-settings/ruleset.ts';
import type {
  CurrentEnvironment,
  CurrentRuleset,
  CurrentSettings,
  RepositoryFacts,
  Rule,
  SelectedActions,
  SubjectSettings,
  Told,
} from '../../../core/github-settings/settings.ts';
import type { GitHub } from '../client.ts';
import { GitHubCallError } from '../failure.ts';

/** @throws GitHubCallError where the repository or the token is wrong, or GitHub can't be reached */
export async function readRepositorySettings(github: GitHub): Promise<CurrentSettings> {
  const { octokit, place } = github;
  const repository = (await octokit.rest.repos.get(place)).data;
  const [actions, jobToken, environments, subject, variables, ownerErrors, rulesets] = await Promise.all([
    tell(() => readActions(github)),
    tell(() => readJobToken(github)),
    tell(() => readEnvironments(github)),
    tell(() => readSubject(github)),
    tell(() => readVariables(github)),
    tell(() => readOwnerErrors(github)),
    tell(() => octokit.paginate(octokit.rest.repos.getRepoRulesets, { ...place, includes_parents: false })),
  ]);
  const ours = Array.isArray(rulesets) ? rulesets.find(({ name }) => name === RULESET_NAME) : undefined;
  const { full_name: name, id, default_branch: defaultBranch, private: hidden } = repository;
  const selected = 'allowed' in actions && actions.allowed === 'selected';
  const facts = { name, id: Number(id), ownerId: Number(repository.owner.id), private: hidden, defaultBranch };
  return {
    repository: { ...facts, hasReviewers: await hasReviewers(github, repository, environments) },
    actions,
    selectedActions: selected ? await tell(() => readSelectedActions(github)) : undefined,
    jobToken,
    ruleset: Array.isArray(rulesets) ? await readRuleset(github, ours?.id) : (rulesets as { untold: string }),
    otherRulesets: Array.isArray(rulesets)
      ? rulesets.filter(({ name: other }) => other !== RULESET_NAME).map(({ name: other }) => other)
      : [],
    environments,
    subject,
    variables,
    ownerErrors,
  };
}

/** What is forbidden or hidden is untold; everything else that fails ends the reading. */
async function tell<T>(read: () => Promise<T>): Promise<Told<T>> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof GitHubCallError && ['forbidden', 'not-found', 'invalid', 'refused'].includes(error.kind)) {
      return { untold: error.message };
    }
    throw error;
  }
}

async function readActions({ octokit, place }: GitHub) {
  const { data } = await octokit.rest.actions.getGithubActionsPermissionsRepository(place);
  return {
    enabled: data.enabled,
    allowed: data.allowed_actions ?? ('all' as const),
    pinnedByCommit: data.sha_pinning_required ?? false,
  };
}

async function readSelectedActions({ octokit, place }: GitHub): Promise<SelectedActions> {
  const { data } = await octokit.rest.actions.getAllowedActionsRepository(place);
  return {
    ofGitHub: data.github_owned_allowed ?? false,
    ofVerifiedCreators: data.verified_allowed ?? false,
    patterns: data.patterns_allowed ?? [],
  };
}

async function readJobToken({ octokit, place }: GitHub) {
  const { data } = await octokit.rest.actions.getGithubActionsDefaultWorkflowPermissionsRepository(place);
  return {
    permissions: data.default_workflow_permissions,
    approvesPullRequests: data.can_approve_pull_request_reviews,
  };
}

async function readVariables({ octokit, place }: GitHub): Promise<Readonly<Record<string, string>>> {
  const all = await octokit.paginate(octokit.rest.actions.listRepoVariables, { ...place, per_page: 30 });
  return Object.fromEntries(all.map(({ name, value }) => [name, value]));
}

/** Whoever is named there and can't review is not asked, without a word: only this list says so. */
async function readOwnerErrors({ octokit, place }: GitHub): Promise<readonly string[]> {
  const { data } = await octokit.rest.repos.codeownersErrors(place);
  return data.errors.map(({ line, kind, source = '' }) => `line ${line}: ${kind}, ${source.trim()}`);
}

/** GitHub answers more than its description names: the form with ids, new in 2026. */
type Subject = { readonly use_default: boolean; readonly use_immutable_subject?: boolean };

async function readSubject({ octokit, place }: GitHub): Promise<SubjectSettings> {
  const { data } = await octokit.rest.actions.getCustomOidcSubClaimForRepo(place);
  return {
    usesDefault: data.use_default,
    claims: data.include_claim_keys ?? [],
    withIds: (data as Subject).use_immutable_subject,
  };
}

async function readRuleset(
  { octokit, place }: GitHub,
  id: number | undefined,
): Promise<Told<CurrentRuleset | undefined>> {
  if (id === undefined) return undefined;
  return await tell(async (): Promise<CurrentRuleset> => {
    const { data } = await octokit.rest.repos.getRepoRuleset({ ...place, ruleset_id: id });
    const refs = data.conditions && 'ref_name' in data.conditions ? data.conditions.ref_name : undefined;
    return {
      id,
      target: data.target ?? 'branch',
      enforcement: data.enforcement,
      branches: refs?.include ?? [],
      excluded: refs?.exclude ?? [],
      // Shown to those who may change it.
      bypass: data.bypass_actors?.map(({ actor_type, actor_id }) => `${actor_type} ${actor_id ?? ''}`.trim()),
      rules: (data.rules ?? []) as readonly Rule[],
    };
  });
}

async function readEnvironments(github: GitHub): Promise<readonly CurrentEnvironment[]> {
  const { octokit, place } = github;
  // The plugin gives the list; its types don't see it in an answer whose every field may be absent.
  const pages: unknown = await octokit.paginate(octokit.rest.repos.getAllEnvironments, place);
  const all = pages as readonly Environment[];
  return await Promise.all(all.map((environment) => readEnvironment(github, environment)));
}

type Environment = NonNullable<
  Awaited<ReturnType<GitHub['octokit']['rest']['repos']['getAllEnvironments']>>['data']['environments']
>[number];

async function readEnvironment(github: GitHub, environment: Environment): Promise<CurrentEnvironment> {
  const { name, deployment_branch_policy: policy, protection_rules: rules = [] } = environment;
  const asked = rules.find((rule) => 'reviewers' in rule && rule.reviewers !== undefined);
  const reviewers = asked !== undefined && 'reviewers' in asked ? (asked.reviewers ?? []) : [];
  const timer = rules.find((rule) => 'wait_timer' in rule && rule.wait_timer !== undefined);
  const policies = policy?.custom_branch_policies ? await readBranches(github, name) : [];
  return {
    name,
    reviewers: reviewers.flatMap(({ reviewer }) => {
      if (reviewer === undefined) return [];
      if ('login' in reviewer) return [`@${reviewer.login}`.toLowerCase()];
      return 'slug' in reviewer ? [`@${github.place.owner}/${reviewer.slug}`.toLowerCase()] : [];
    }),
    selfReview: !(asked !== undefined && 'prevent_self_review' in asked && asked.prevent_self_review === true),
    // Answered, though GitHub's description does not name it.
    adminsBypass: (environment as { readonly can_admins_bypass?: boolean }).can_admins_bypass,
    branches: policy?.custom_branch_policies ? policies.map(([label]) => label) : policy ? 'protected' : 'all',
    policyIds: Object.fromEntries(policies),
    waitTimer: timer !== undefined && 'wait_timer' in timer ? (timer.wait_timer ?? 0) : 0,
  };
}

async function readBranches({ octokit, place }: GitHub, environment: string): Promise<readonly [string, number][]> {
  const all = await octokit.paginate(octokit.rest.repos.listDeploymentBranchPolicies, {
    ...place,
    environment_name: environment,
  });
  return all.map(({ id = 0, name = '', type }) => [type === 'tag' ? `tag:${name}` : name, id]);
}

/** Names of plans, of organizations and people, without required reviewers in private repositories. */
const LACKING = ['free', 'pro', 'team', 'developer'];

/**
 * Whether its plan has required reviewers. Only owners of an organization see its plan.
 * https://docs.github.com/en/actions/reference/workflows-and-actions/deployments-and-environments
 */
async function hasReviewers(
  { octokit }: GitHub,
  { private: hidden, owner }: { readonly private: boolean; readonly owner: { login: string; type: string } },
  environments: Told<readonly CurrentEnvironment[]>,
): Promise<RepositoryFacts['hasReviewers']> {
  if (!hidden) return true;
  if (Array.isArray(environments) && environments.some(({ reviewers }) => reviewers.length > 0)) return true;
  // Enterprise is a plan of organizations.
  if (owner.type === 'User') return false;
  const organization = await tell(async () => (await octokit.rest.orgs.get({ org: owner.login })).data);
  const plan = 'untold' in organization ? undefined : organization.plan?.name;
  if (plan === undefined) return undefined;
  return LACKING.includes(plan) ? false : plan === 'enterprise' || plan === 'business_plus' ? true : undefined;
}

/** The id of GitHub Actions as an app; undefined where GitHub does not tell. */
export async function readActionsApp({ octokit }: GitHub): Promise<number | undefined> {
  const app = await tell(async () => (await octokit.rest.apps.getBySlug({ app_slug: 'github-actions' })).data);
  return app === null || 'untold' in app ? undefined : Number(app.id);
}
