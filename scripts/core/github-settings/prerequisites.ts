/**
 * What has to fit a repository and no call of set-up can mend: which repository the roles in AWS trust, the branch, the plan,
 * variables somebody wrote. As checks. Pure.
 */
import { accountVariable } from '../../../environments/naming.ts';
import type { Check, CheckStatus } from '../check.ts';
import { RELEASE_BRANCH } from './desired.ts';
import { type CurrentSettings, type DesiredSettings, isTold } from './settings.ts';

/** Of cdk.json: what the roles in AWS trust. */
export interface TrustedRepository {
  /** `owner/name` */
  readonly name: string;
  readonly ids: { readonly owner: string; readonly repository: string } | undefined;
}

export interface PrerequisitesInput {
  readonly current: CurrentSettings;
  readonly desired: DesiredSettings;
  readonly trusted: TrustedRepository;
  /** Names of all environments, and their accounts as the files say. */
  readonly accounts: Readonly<Record<string, string>>;
}

/** What a plan without reviewers means, and what to do. */
export const PLAN_REMEDY =
  'Required reviewers of a private repository need GitHub Enterprise: change the plan or make the repository public. ' +
  'Until then GitHub asks nobody before a release enters; keep production shut with ' +
  '`npm run hold -- --env NAME --reason …`, and let a release in with `npm run resume`.';

/** After cdk.json has changed, an administrator of each account makes the roles anew. */
const MAKE_ROLES = 'then npm run bootstrap for each account.';

export const prerequisites = (input: PrerequisitesInput): readonly Check[] => [
  trustedRepository(input),
  subjectIds(input),
  defaultBranch(input),
  plan(input),
  codeOwners(input),
  ...attestation(input),
  ...accountVariables(input),
];

type Found = Omit<Check, 'status' | 'detail'>;

/** The detail says what to do, so a check that passes has none. */
const as = (status: CheckStatus, found: Found, detail = ''): Check => ({ ...found, status, detail });

function trustedRepository({ current, trusted }: PrerequisitesInput): Check {
  const { name } = current.repository;
  const found = { id: 'github.trusted-repository', subject: 'cdk.json', expected: name, actual: trusted.name };
  if (name.toLowerCase() === trusted.name.toLowerCase()) return as('pass', found);
  const text =
    `cdk.json says "repository": "${trusted.name}", and the roles in AWS trust that one alone. Set it to "${name}", ` +
    MAKE_ROLES;
  return as('fail', found, text);
}

/** Repositories made or renamed since 2026-07-15 send ids: https://docs.github.com/en/actions/reference/security/oidc */
function subjectIds({ current, trusted: { ids } }: PrerequisitesInput): Check {
  const { id, ownerId } = current.repository;
  const withIds = isTold(current.subject) ? current.subject.withIds : undefined;
  const known = ids?.owner === String(ownerId) && ids.repository === String(id);
  const toAdd = `"repositoryOwnerId": "${ownerId}", "repositoryId": "${id}"`;
  const found = {
    id: 'github.subject-ids',
    subject: 'OIDC subject',
    expected: withIds === false ? 'names; the ids in cdk.json right or absent' : `in cdk.json: ${toAdd}`,
    actual: ids === undefined ? 'absent' : `"repositoryOwnerId": "${ids.owner}", "repositoryId": "${ids.repository}"`,
  };
  if (known || (withIds === false && ids === undefined)) return as('pass', found);
  if (ids !== undefined)
    return as('fail', found, `The ids in cdk.json are not this repository's. They are ${toAdd}; ${MAKE_ROLES}`);
  return withIds === true
    ? as(
        'fail',
        found,
        'This repository sends its ids in the subject of its tokens, which AWS refuses until cdk.json has, under "context": ' +
          `${toAdd}; ${MAKE_ROLES}`,
      )
    : as(
        'unknown',
        found,
        'GitHub does not say whether this repository sends its ids in the subject of its tokens; newer ones do. To be on the ' +
          `safe side add to cdk.json, under "context": ${toAdd}; ${MAKE_ROLES}`,
      );
}

function defaultBranch({ current }: PrerequisitesInput): Check {
  const { defaultBranch: actual } = current.repository;
  const found = { id: 'github.default-branch', subject: 'default branch', expected: RELEASE_BRANCH, actual };
  if (actual === RELEASE_BRANCH) return as('pass', found);
  const text = `It is ${actual}: schedules run there, and the roles trust ${RELEASE_BRANCH} alone. Rename it to ${RELEASE_BRANCH}.`;
  return as('fail', found, text);
}

function plan({ current, desired }: PrerequisitesInput): Check {
  const { private: hidden, hasReviewers } = current.repository;
  const asked = desired.environments.filter(({ reviewers }) => reviewers.length > 0).map(({ name }) => name);
  const found = {
    id: 'github.plan',
    subject: `reviewers of ${asked.join(', ')}`,
    expected: 'a public repository, or a plan with required reviewers',
    actual: hidden ? `private, ${PLANS[String(hasReviewers) as keyof typeof PLANS]}` : 'public',
  };
  if (!hidden || hasReviewers === true) return as('pass', found);
  if (hasReviewers === false) return as('fail', found, PLAN_REMEDY);
  const text = `The repository is private, and this token can't see its plan: GitHub may refuse reviewers. ${PLAN_REMEDY}`;
  return as('unknown', found, text);
}

const PLANS = { true: 'with reviewers', false: 'without reviewers', undefined: 'of a plan nobody told' } as const;

function codeOwners({ current: { ownerErrors } }: PrerequisitesInput): Check {
  const found = { id: 'github.code-owners', subject: '.github/CODEOWNERS', expected: 'owners who may review' };
  if (!isTold(ownerErrors)) return as('unknown', { ...found, actual: null }, ownerErrors.untold);
  if (ownerErrors.length === 0) return as('pass', { ...found, actual: found.expected });
  const text =
    'GitHub asks nobody for a review in their place: name users or teams with write access to the repository.';
  return as('fail', { ...found, actual: ownerErrors }, text);
}

/** Switched on by somebody: it ends a promotion where the plan has no attestations. */
function attestation({ current: { variables, repository } }: PrerequisitesInput): Check[] {
  if (!isTold(variables) || variables['ATTEST_RELEASES'] !== 'true') return [];
  const known = !repository.private || repository.hasReviewers;
  const found = {
    id: 'github.attestation',
    subject: 'variable ATTEST_RELEASES',
    expected: 'a plan with attestations',
    actual: 'true',
  };
  const text =
    'Attestations of a private repository need GitHub Enterprise Cloud: set ATTEST_RELEASES to false, or each promotion has a failed job.';
  return [known === true ? as('pass', found) : as(known === false ? 'fail' : 'unknown', found, text)];
}

/** Accounts somebody set: a workflow that reads another thing than an account ends at once. */
function accountVariables({ current, accounts }: PrerequisitesInput): Check[] {
  const { variables } = current;
  if (!isTold(variables)) return [];
  return Object.keys(accounts).flatMap((environment): Check[] => {
    const actual = variables[accountVariable(environment)];
    if (actual === undefined) return [];
    const subject = `variable ${accountVariable(environment)}`;
    const found = { id: 'github.account-variable', subject, expected: '12 digits', actual };
    if (/^\d{12}$/.test(actual)) return [as('pass', found)];
    return [as('fail', found, `"${actual}" is no account: workflows refuse it. 12 digits, or delete it.`)];
  });
}
