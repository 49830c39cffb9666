/** Examines the files of this working tree: can they be used, and has everything become one's own? */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { EnvironmentConfig } from '../../../environments/environment-config.ts';
import { loadEnvironments } from '../../../environments/load.ts';
import { loadReviewers } from '../../../environments/load-reviewers.ts';
import { loadDriftWaivers } from '../../../environments/load-waivers.ts';
import type { Check } from '../../core/check.ts';
import { findPlaceholders } from '../../core/doctor/placeholders.ts';
import { wavesOfJobs } from '../../core/workflow/waves-of-jobs.ts';

export interface ConfigurationInput {
  /** The repository's root. */
  readonly root: string;
  /** An emulated account and no GitHub are aimed at: placeholders are as good as anything. */
  readonly local: boolean;
  readonly today: Date;
}

export interface ExaminedConfiguration {
  readonly checks: readonly Check[];
  /** In the order of promotion; undefined where the files can't be used. */
  readonly environments: readonly EnvironmentConfig[] | undefined;
}

/** Files that name the organization of the repository. */
const NAMING = ['cdk.json', '.github/CODEOWNERS', 'environments/reviewers/github.json'];

export async function examineConfiguration({ root, local, today }: ConfigurationInput): Promise<ExaminedConfiguration> {
  const folder = join(root, 'environments');
  const loaded = attempt('environments/*.json', 'configuration.environments', () => loadEnvironments({ folder }));
  const environments = loaded.value;
  if (environments === undefined) return { checks: [loaded.check], environments };
  const names = environments.map(({ name }) => name);
  const others = [
    attempt('promotion.after', 'configuration.waves', () => wavesOfJobs(environments)),
    attempt('environments/reviewers/github.json', 'configuration.reviewers', () =>
      loadReviewers({ file: join(root, 'environments/reviewers/github.json'), environments: names }),
    ),
    attempt('environments/waivers/drift.json', 'configuration.waivers', () =>
      loadDriftWaivers({ file: join(root, 'environments/waivers/drift.json'), environments: names, today }),
    ),
  ];
  const files = local
    ? []
    : await Promise.all(NAMING.map(async (name) => [name, await readText(join(root, name))] as const));
  const placeholders = local
    ? [localPlaceholders]
    : findPlaceholders({ files: Object.fromEntries(files), environments });
  return { checks: [loaded.check, ...others.map(({ check }) => check), ...placeholders], environments };
}

/** What a loader throws says what is wrong and what is allowed. */
function attempt<T>(
  subject: string,
  id: string,
  load: () => T,
): { readonly check: Check; readonly value: T | undefined } {
  const base = { id, subject, expected: 'usable' };
  try {
    const value = load();
    return { check: { ...base, status: 'pass', actual: 'usable', detail: '' }, value };
  } catch (error) {
    if ((error as { source?: unknown }).source !== 'user') throw error;
    return { check: { ...base, status: 'fail', actual: 'wrong', detail: (error as Error).message }, value: undefined };
  }
}

const localPlaceholders: Check = {
  id: 'configuration.placeholder',
  subject: 'accounts, repository, reviewers',
  status: 'unknown',
  expected: 'no placeholder',
  actual: null,
  detail: '--local: emulated accounts take any id, and no GitHub is asked',
};

/** A file that is absent names nobody. */
async function readText(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return '';
    throw error;
  }
}
