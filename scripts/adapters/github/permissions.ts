/**
 * Which permission a call needs, and the two places it is granted. Pure.
 *
 * Source: https://docs.github.com/en/rest/authentication/permissions-required-for-github-apps. GitHub itself says it in
 * the header `x-accepted-github-permissions` of its refusals, which goes before this table.
 */

/** First match decides; by method and the template of the address. */
const NEEDED: readonly (readonly [method: RegExp, address: RegExp, permission: string])[] = [
  [/GET/, /\/issues\/\{issue_number\}\/comments/, 'pull-requests: read'],
  [/./, /\/issues\/(\{issue_number\}\/)?comments/, 'pull-requests: write'],
  [/GET/, /\/issues/, 'issues: read'],
  [/./, /\/issues/, 'issues: write'],
  [/GET/, /\/pulls/, 'pull-requests: read'],
  [/./, /\/pulls/, 'pull-requests: write'],
  [/./, /\/compare\//, 'contents: read'],
  [/GET/, /\/variables/, 'variables: read'],
  [/./, /\/variables/, 'variables: write'],
  [/GET/, /\/environments/, 'actions: read'],
  [/./, /\/environments/, 'administration: write'],
  [/GET/, /\/actions\/(artifacts|runs|workflows)/, 'actions: read'],
  [/GET/, /\/actions\/oidc/, 'actions: read'],
  [/./, /\/actions\/oidc/, 'actions: write'],
  [/./, /\/codeowners\//, 'contents: read'],
  [/./, /\/orgs\/\{org\}\/teams/, 'members: read'],
  [/GET/, /\/actions\/permissions/, 'administration: read'],
  [/./, /\/(actions\/permissions|rulesets)/, 'administration: write'],
  [/GET/, /\/deployments/, 'deployments: read'],
  [/./, /\/deployments/, 'deployments: write'],
];

/**
 * @param accepted the header's value: `issues=write; pull_requests=write`, alternatives.
 * @returns as workflows write it: `issues: write or pull-requests: write`; undefined where nobody knows.
 */
export function neededPermission(method: string, address: string, accepted: string | undefined): string | undefined {
  const named = (accepted ?? '')
    .split(';')
    .map((each) => each.trim().replace('=', ': ').replaceAll('_', '-'))
    .filter(Boolean);
  if (named.length > 0) return named.join(' or ');
  return NEEDED.find(([methods, addresses]) => methods.test(method) && addresses.test(address))?.[2];
}

/** Permissions a workflow can give its own token: https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax#permissions */
const OF_WORKFLOWS = /^(actions|checks|contents|deployments|issues|pull-requests|statuses): /;

/** A sentence that says where to grant it. */
export function howToGrant(permission: string | undefined): string {
  if (permission === undefined) return 'Use a token that may.';
  const ofWorkflow = permission.split(' or ').filter((each) => OF_WORKFLOWS.test(each));
  const job = ofWorkflow[0];
  return job === undefined
    ? `No workflow token can have it: use a fine-grained token or a GitHub App with ${permission}.`
    : `In a workflow add \`${job}\` under \`permissions:\` of the job; a fine-grained token or a GitHub App needs ${permission}.`;
}
