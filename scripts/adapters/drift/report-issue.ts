/** The one GitHub issue for an environment's drift: opened when it appears, updated in place, closed when it is gone. */
import type { DriftIssue } from '../../core/drift/issue.ts';
import { createGitHub, type GitHubOptions } from '../github/client.ts';
import { type GitHubSettings, readGitHubSettings } from '../github/settings.ts';
import { type UpsertedIssue, upsertIssue } from '../github/upsert-issue.ts';

/** @throws MissingVariablesError, UsageError, GitHubCallError */
export async function reportDriftIssue(
  { environment, wanted }: DriftIssue,
  options: Omit<GitHubOptions, keyof GitHubSettings>,
  settings: GitHubSettings = readGitHubSettings(),
): Promise<UpsertedIssue> {
  return await upsertIssue(createGitHub({ ...settings, ...options }), {
    marker: `<!-- gitops: drift ${environment} -->`,
    labels: ['drift', `environment: ${environment}`],
    wanted,
  });
}
