/**
 * Which jobs of which repository a token of GitHub's OIDC issuer stands for, as exact values of its claims. Pure.
 * https://docs.github.com/en/actions/reference/security/oidc
 */

/** The repository jobs have to belong to. */
export interface GitHubRepository {
  /** `owner/name` */
  readonly name: string;
  /**
   * The ids GitHub never gives twice. Repositories made or renamed since 2026-07-15 send them in `sub`; an older one
   * sends the plain form, so both are trusted where they are known.
   */
  readonly ids?: { readonly owner: string; readonly repository: string };
}

/** Jobs that may take a role: each value is one the claim must equal. */
export interface GitHubJobs {
  /** What follows the repository in `sub`: see `inEnvironment`, `onMain`, `onPullRequest`. */
  readonly contexts: readonly string[];
  /**
   * Workflow files on `main` whose jobs may: `deploy.yml`. Left out only where the token can't name one file of `main`: a
   * pull request's jobs name the workflow of their own merge commit.
   */
  readonly workflows?: readonly string[];
}

/** A job with `environment: name`. Its rules about branches and reviewers are GitHub's to enforce. */
export const inEnvironment = (name: string): string => `environment:${name}`;
/** A job on `main` without an environment: push, schedule, dispatch. */
export const onMain = 'ref:refs/heads/main';
/** A job of a pull request from the repository itself; one from a fork gets no token. */
export const onPullRequest = 'pull_request';

/** Values of `sub`, in the plain form, then in the one with ids. */
export function subjectsOf({ name, ids }: GitHubRepository, contexts: readonly string[]): string[] {
  const [owner, repository] = name.split('/');
  const forms = [name, ...(ids ? [`${owner}@${ids.owner}/${repository}@${ids.repository}`] : [])];
  return forms.flatMap((form) => contexts.map((context) => `repo:${form}:${context}`));
}

/** The value of `job_workflow_ref` for a file on `main`; GitHub sends it for reusable workflows and others alike. */
export const workflowRef = ({ name }: GitHubRepository, file: string): string =>
  `${name}/.github/workflows/${file}@refs/heads/main`;
