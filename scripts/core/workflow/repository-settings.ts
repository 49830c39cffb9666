/**
 * What the workflows expect of the repository they run in: the one list of variables, secrets and required checks. A test
 * holds the workflows to it, and the repository's set-up makes what is on it. Pure.
 */
import type { EnvironmentConfig } from '../../../environments/environment-config.ts';
import { accountVariable } from '../../../environments/naming.ts';

/** Variables that switch something on, by the text `true`. */
export const SWITCHES = {
  ATTEST_RELEASES: 'Attest every release. In a private repository it needs GitHub Enterprise Cloud.',
} as const;

/** None: OIDC stands for keys of AWS, and a job's own token for one of GitHub. */
export const SECRETS: readonly string[] = [];

/** Checks that must pass before a merge, by the names of their jobs. */
export const REQUIRED_CHECKS = ['Verdict'] as const;

/** Every variable a repository with these environments may have; an absent one is as the environment's file says. */
export function repositoryVariables(environments: readonly Pick<EnvironmentConfig, 'name'>[]): readonly string[] {
  return [...environments.map(({ name }) => accountVariable(name)), ...Object.keys(SWITCHES)];
}
