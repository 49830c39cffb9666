/**
 * Where GitHub is, which repository is meant and who asks, from the variables a job of Actions has.
 *
 * Source: https://docs.github.com/en/actions/reference/workflows-and-actions/variables
 */
import { UsageError } from '../../core/errors.ts';
import { readVariables, requireVariables, type Variables } from '../variables.ts';

export interface GitHubSettings {
  readonly token: string;
  /** `https://api.github.com`, or a GitHub Enterprise Server's. */
  readonly baseUrl: string;
  /** `OWNER/NAME` */
  readonly repository: string;
}

/** What of a run of Actions a comment tells; all of it is absent elsewhere. */
export interface RunFacts {
  /** Of the pull request the run is for. */
  readonly pullRequest?: number;
  /** Grows with every run of a workflow: a later run knows more. */
  readonly runNumber?: number;
  /** The run's page. */
  readonly runUrl?: string;
}

/**
 * @param repository goes before GITHUB_REPOSITORY
 * @throws MissingVariablesError; UsageError when the repository is no `OWNER/NAME`
 */
export function readGitHubSettings(variables: Variables = readVariables(), repository?: string): GitHubSettings {
  const { GITHUB_TOKEN, GITHUB_REPOSITORY } = requireVariables(['GITHUB_TOKEN', 'GITHUB_REPOSITORY'], {
    ...variables,
    ...(repository !== undefined && { GITHUB_REPOSITORY: repository }),
  });
  if (!/^[\w.-]+\/[\w.-]+$/.test(GITHUB_REPOSITORY)) {
    throw new UsageError(`GITHUB_REPOSITORY must be OWNER/NAME, not ${JSON.stringify(GITHUB_REPOSITORY)}.`);
  }
  const baseUrl = (variables['GITHUB_API_URL'] || 'https://api.github.com').replace(/\/+$/, '');
  return { token: GITHUB_TOKEN, baseUrl, repository: GITHUB_REPOSITORY };
}

export function readRunFacts(variables: Variables = readVariables()): RunFacts {
  const { GITHUB_REF, GITHUB_RUN_NUMBER, GITHUB_RUN_ID, GITHUB_SERVER_URL, GITHUB_REPOSITORY } = variables;
  const pullRequest = /^refs\/pull\/(\d+)\//.exec(GITHUB_REF ?? '')?.[1];
  return {
    ...(pullRequest && { pullRequest: Number(pullRequest) }),
    ...(GITHUB_RUN_NUMBER && { runNumber: Number(GITHUB_RUN_NUMBER) }),
    ...(GITHUB_RUN_ID &&
      GITHUB_SERVER_URL && { runUrl: `${GITHUB_SERVER_URL}/${GITHUB_REPOSITORY}/actions/runs/${GITHUB_RUN_ID}` }),
  };
}
