/**
 * Writes one change into the repository. An environment is protected in the call that makes it: it never stands open,
 * not for a second.
 */
import type { Write } from '../../../core/github-settings/changes.ts';
import { PLAN_REMEDY } from '../../../core/github-settings/prerequisites.ts';
import type { GitHub } from '../client.ts';
import { createOnce } from '../create-once.ts';
import { GitHubCallError } from '../failure.ts';
import type { ReviewerIds } from './reviewers.ts';

/** What of a change GitHub did not take, with what to do; empty when it took all. */
export type Refusals = readonly string[];

/** @throws GitHubCallError when GitHub took nothing of it */
export async function writeSetting(github: GitHub, write: Write, reviewers: ReviewerIds): Promise<Refusals> {
  const { octokit, place } = github;
  switch (write.kind) {
    case 'actions': {
      const { enabled, allowed, pinnedByCommit } = write.settings;
      await octokit.rest.actions.setGithubActionsPermissionsRepository({
        ...place,
        enabled,
        allowed_actions: allowed,
        sha_pinning_required: pinnedByCommit,
      });
      return [];
    }
    case 'selected-actions': {
      const { ofGitHub, ofVerifiedCreators, patterns } = write.settings;
      await octokit.rest.actions.setAllowedActionsRepository({
        ...place,
        github_owned_allowed: ofGitHub,
        verified_allowed: ofVerifiedCreators,
        patterns_allowed: [...patterns],
      });
      return [];
    }
    case 'job-token': {
      const { permissions, approvesPullRequests } = write.settings;
      await octokit.rest.actions.setGithubActionsDefaultWorkflowPermissionsRepository({
        ...place,
        default_workflow_permissions: permissions,
        can_approve_pull_request_reviews: approvesPullRequests,
      });
      return [];
    }
    case 'ruleset':
      return await writeRuleset(github, write);
    case 'environment':
      return await writeEnvironment(github, write, reviewers);
    case 'subject':
      await octokit.request('PUT /repos/{owner}/{repo}/actions/oidc/customization/sub', {
        ...place,
        use_default: true,
        // Which form the default has is the owner's choice, or GitHub's: it is sent back as it was.
        ...(write.withIds !== undefined && { use_immutable_subject: write.withIds }),
      });
      return [];
    case 'variable':
      await createOnce({
        create: async () =>
          (await octokit.rest.actions.createRepoVariable({ ...place, name: write.name, value: write.value }))
            .data as unknown,
        find: () =>
          unlessMissing(async () => (await octokit.rest.actions.getRepoVariable({ ...place, name: write.name })).data),
        clock: github.clock,
      });
      return [];
  }
}

type Of<K extends Write['kind']> = Extract<Write, { kind: K }>;

async function writeRuleset(github: GitHub, { id, name, branches, rules }: Of<'ruleset'>): Promise<Refusals> {
  const { octokit, place } = github;
  type Rules = NonNullable<Parameters<typeof octokit.rest.repos.createRepoRuleset>[0]>['rules'];
  const body = {
    ...place,
    name,
    target: 'branch' as const,
    enforcement: 'active' as const,
    bypass_actors: [],
    conditions: { ref_name: { include: [...branches], exclude: [] } },
    rules: [...rules] as Rules,
  };
  if (id !== undefined) {
    await octokit.rest.repos.updateRepoRuleset({ ...body, ruleset_id: id });
    return [];
  }
  await createOnce({
    create: async () => (await octokit.rest.repos.createRepoRuleset(body)).data,
    find: async () => {
      const all = await octokit.paginate(octokit.rest.repos.getRepoRulesets, { ...place, includes_parents: false });
      return all.find((ruleset) => ruleset.name === name);
    },
    clock: github.clock,
  });
  return [];
}

/** What a call for an environment can do without, in the order it is tried: the refusal that says so, and the remedy. */
const SPARED = [
  {
    fields: ['can_admins_bypass'],
    when: /can_admins_bypass/,
    remedy:
      'This GitHub does not take the switch by its API: under Settings → Environments, in each of these, take the tick from ' +
      '"Allow administrators to bypass configured protection rules".',
  },
  { fields: ['reviewers', 'prevent_self_review'], when: /billing plan/, remedy: PLAN_REMEDY },
] as const;

type Body = Record<string, unknown>;

async function writeEnvironment(github: GitHub, write: Of<'environment'>, ids: ReviewerIds): Promise<Refusals> {
  const { name } = write.settings;
  const refusals = await putEnvironment(github, write, bodyOf(write, ids));
  const { octokit, place } = github;
  const at = { ...place, environment_name: name };
  // What may no longer deploy goes first.
  for (const { id } of write.removeBranches) {
    await unlessMissing(() => octokit.rest.repos.deleteDeploymentBranchPolicy({ ...at, branch_policy_id: id }));
  }
  for (const branch of write.addBranches) {
    await createOnce({
      create: async () => (await octokit.rest.repos.createDeploymentBranchPolicy({ ...at, name: branch })).data,
      // The same one twice is one: https://docs.github.com/en/rest/deployments/branch-policies
      find: async () => undefined,
      clock: github.clock,
    });
  }
  return refusals;
}

/** The call replaces: what is the owner's own, the timer, is sent back as it was. */
function bodyOf({ settings, current }: Of<'environment'>, ids: ReviewerIds): Body {
  const asked = settings.reviewers.map((name) => ids.get(name));
  // Named at all, even as nobody, GitHub refuses reviewers where the plan has none.
  const names = asked.length > 0 || (current?.reviewers.length ?? 0) > 0;
  return {
    ...((current?.waitTimer ?? 0) > 0 && { wait_timer: current?.waitTimer }),
    ...(names && { reviewers: asked, prevent_self_review: asked.length > 0 && !settings.selfReview }),
    deployment_branch_policy: { protected_branches: false, custom_branch_policies: true },
    can_admins_bypass: settings.adminsBypass,
  };
}

async function putEnvironment(github: GitHub, write: Of<'environment'>, body: Body): Promise<Refusals> {
  const { octokit, place } = github;
  const { name, reviewers } = write.settings;
  try {
    await octokit.request('PUT /repos/{owner}/{repo}/environments/{environment_name}', {
      ...place,
      environment_name: name,
      ...body,
    });
    return [];
  } catch (error) {
    if (!(error instanceof GitHubCallError && error.kind === 'invalid')) throw error;
    const said = saidBy(error);
    const spared = SPARED.find(({ when, fields }) => when.test(said) && fields.some((field) => field in body));
    // Leaving reviewers out would take away those that are there.
    if (spared !== undefined && !(spared.fields[0] === 'reviewers' && (write.current?.reviewers.length ?? 0) > 0)) {
      const left = Object.entries(body).filter(([key]) => !spared.fields.some((field) => field === key));
      const more = await putEnvironment(github, write, Object.fromEntries(left));
      return [`${said} ${spared.remedy}`, ...more];
    }
    if (spared === undefined && !/reviewer/i.test(said)) throw error;
    const text =
      spared?.remedy ??
      `GitHub refuses the reviewers ${reviewers.join(', ')}: each must be able to read the repository. Give them access, ` +
        'or correct environments/reviewers/github.json.';
    throw new GitHubCallError(text, { kind: 'refused', status: error.status, cause: error });
  }
}

/** GitHub's own words, all of them: our error quotes the first line. Octokit ends them with an address. */
function saidBy({ cause, message }: GitHubCallError): string {
  const words = cause instanceof Error ? cause.message : message;
  return words
    .replace(/\s+- https:\S+$/, '')
    .replaceAll(/\s+/g, ' ')
    .trim();
}

async function unlessMissing<T>(call: () => Promise<T>): Promise<T | undefined> {
  try {
    return await call();
  } catch (error) {
    if (error instanceof GitHubCallError && error.kind === 'not-found') return undefined;
    throw error;
  }
}
