/**
 * The ruleset of the release branch: what it asks for, and what of an existing one is otherwise. Rules and parameters
 * somebody added beyond ours only make it stricter, so they stay. Pure.
 */
import type { Facets } from './differences.ts';
import type { CurrentRuleset, Rule, RulesetSettings } from './settings.ts';

/** The name it is found by. */
export const RULESET_NAME = 'gitops: releases';

/** https://docs.github.com/en/repositories/configuring-branches-and-merges-in-your-repository/managing-rulesets/available-rules-for-rulesets */
export function rulesOf({ approvals, checks }: RulesetSettings): readonly Rule[] {
  return [
    { type: 'deletion' },
    { type: 'non_fast_forward' },
    // A commit on the branch is a release: one parent, so that "the one before" has one meaning.
    { type: 'required_linear_history' },
    {
      type: 'pull_request',
      parameters: {
        required_approving_review_count: approvals,
        require_code_owner_review: true,
        dismiss_stale_reviews_on_push: true,
        require_last_push_approval: true,
      },
    },
    {
      type: 'required_status_checks',
      parameters: {
        // Up to date with the branch: what was planned in review is what a merge deploys.
        strict_required_status_checks_policy: true,
        required_status_checks: checks.map(({ name, app }) => ({
          context: name,
          ...(app !== undefined && { integration_id: app }),
        })),
      },
    },
  ];
}

/** GitHub wants it said; somebody may have switched it on. */
const UNASKED: Readonly<Record<string, Rule['parameters']>> = {
  pull_request: { required_review_thread_resolution: false },
};

/** Ours, over what is there. */
export function mergedRules(current: readonly Rule[], wanted: readonly Rule[]): readonly Rule[] {
  const others = current.filter(({ type }) => !wanted.some((rule) => rule.type === type));
  return [
    ...wanted.map((rule): Rule => {
      const before = current.find(({ type }) => type === rule.type)?.parameters;
      if (rule.parameters === undefined) return rule;
      const checks =
        'required_status_checks' in rule.parameters ? { required_status_checks: allChecks(before, rule) } : {};
      return { type: rule.type, parameters: { ...UNASKED[rule.type], ...before, ...rule.parameters, ...checks } };
    }),
    ...others,
  ];
}

type Checks = readonly { readonly context: string; readonly integration_id?: number }[];
const checksOf = (parameters: Rule['parameters']): Checks =>
  (parameters?.['required_status_checks'] as Checks | undefined) ?? [];

/** Checks somebody added beyond ours stay. */
function allChecks(before: Rule['parameters'], { parameters }: Rule): Checks {
  const ours = checksOf(parameters);
  return [...ours, ...checksOf(before).filter(({ context }) => !ours.some((check) => check.context === context))];
}

/** What we ask of it. */
export function rulesetFacets(wanted: RulesetSettings): Facets {
  return facets({
    target: 'branch',
    enforcement: 'active',
    branches: wanted.branches,
    excluded: [],
    bypass: [],
    rules: rulesOf(wanted),
  });
}

/** The same of one that is there; only what we ask of it. */
export function currentRulesetFacets(current: CurrentRuleset, wanted: RulesetSettings): Facets {
  const ours = rulesOf(wanted);
  const rules = current.rules
    .filter(({ type }) => ours.some((rule) => rule.type === type))
    .map(({ type, parameters }): Rule => {
      const asked = ours.find((rule) => rule.type === type)?.parameters ?? {};
      const entries = Object.entries(parameters ?? {}).filter(([key]) => key in asked);
      const kept = Object.fromEntries(entries);
      if (!('required_status_checks' in kept)) return { type, parameters: kept };
      return { type, parameters: { ...kept, required_status_checks: onlyAsked(checksOf(kept), checksOf(asked)) } };
    });
  return facets({ ...current, rules });
}

/** The checks we ask for; who reports one only where we ask that too. */
const onlyAsked = (checks: Checks, asked: Checks): Checks =>
  asked.flatMap(({ context, integration_id: app }) =>
    checks.filter((check) => check.context === context).map((check) => (app === undefined ? { context } : check)),
  );

type Shown = Pick<CurrentRuleset, 'target' | 'enforcement' | 'branches' | 'excluded' | 'bypass' | 'rules'>;

function facets({ target, enforcement, branches, excluded, bypass, rules }: Shown): Facets {
  const has = (type: string): boolean => rules.some((rule) => rule.type === type);
  const parameters = Object.fromEntries(rules.map((rule) => [rule.type, rule.parameters ?? {}]));
  const review = parameters['pull_request'] ?? {};
  const checks = parameters['required_status_checks'];
  return {
    'applies to': target,
    enforcement,
    branches: [...branches].sort(),
    'branches left out': [...excluded].sort(),
    ...(bypass !== undefined && { 'who may pass it by': [...bypass].sort() }),
    'pull request required': has('pull_request'),
    approvals: Number(review['required_approving_review_count'] ?? 0),
    'review by code owners': review['require_code_owner_review'] === true,
    'new commits ask for review again': review['dismiss_stale_reviews_on_push'] === true,
    'approval by another than the last author': review['require_last_push_approval'] === true,
    'required checks': checksOf(checks)
      .map(({ context, integration_id: app }) => (app === undefined ? context : `${context} (app ${app})`))
      .sort(),
    'up to date before a merge': checks?.['strict_required_status_checks_policy'] === true,
    'force pushes refused': has('non_fast_forward'),
    'deletion refused': has('deletion'),
    'linear history': has('required_linear_history'),
  };
}
