/** Everything in this working tree that says how its GitHub repository shall be set up. */
import { join, relative } from 'node:path';
import { type LoadOptions, loadEnvironments } from '../../environments/load.ts';
import { loadReviewers, REVIEWERS_FILE } from '../../environments/load-reviewers.ts';
import { readTrustedRepository } from '../adapters/github/repository-settings/read-trusted.ts';
import { readUsedActions } from '../adapters/github/repository-settings/used-actions.ts';
import { REPOSITORY_ROOT } from '../adapters/repository-root.ts';
import type { WantedInput } from './set-up-repository.ts';

export interface ReadWantedOptions extends LoadOptions {
  /** By default environments/reviewers/github.json. */
  readonly reviewersFile?: string;
}

/** @throws ConfigurationError, CdkJsonUnreadableError */
export function readWanted({ reviewersFile = REVIEWERS_FILE, ...options }: ReadWantedOptions = {}): WantedInput {
  const environments = loadEnvironments({ ...options, variables: {} });
  return {
    environments,
    overridden: loadEnvironments(options),
    reviewers: loadReviewers({ file: reviewersFile, environments: environments.map(({ name }) => name) }),
    reviewersFile: relative(REPOSITORY_ROOT, reviewersFile),
    usedActions: readUsedActions(join(REPOSITORY_ROOT, '.github')),
    trusted: readTrustedRepository(join(REPOSITORY_ROOT, 'cdk.json')),
  };
}
