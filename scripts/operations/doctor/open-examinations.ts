/** The examinations of a set-up with everything they look through: clients, credentials, tokens. */
import { join } from 'node:path';
import type { EnvironmentConfig } from '../../../environments/environment-config.ts';
import { AwsClientPool } from '../../adapters/aws-clients.ts';
import { synthesize } from '../../adapters/cdk-app/synthesize.ts';
import { selectEnvironments } from '../../adapters/cli/select-environments.ts';
import { readMachine } from '../../adapters/doctor/machine.ts';
import { createGitHub, type GitHub } from '../../adapters/github/client.ts';
import { readTrustedRepository } from '../../adapters/github/repository-settings/read-trusted.ts';
import { readGitHubSettings } from '../../adapters/github/settings.ts';
import { REPOSITORY_ROOT } from '../../adapters/repository-root.ts';
import { resolveTargets } from '../../adapters/resolve-targets.ts';
import type { Target } from '../../adapters/target.ts';
import { readVariables } from '../../adapters/variables.ts';
import type { Reporter } from '../../core/progress.ts';
import { readWanted } from '../read-wanted.ts';
import { examineAccounts } from './examine-accounts.ts';
import { examineConfiguration } from './examine-configuration.ts';
import { examineGitHub, examineWithoutToken, unseenGitHub } from './examine-github.ts';

export interface ExaminationOptions {
  readonly local: boolean;
  /** What `--env` names. */
  readonly names: readonly string[];
  /** What `--repo` names: without a token for it, what was asked for fails. */
  readonly repository: string | undefined;
  readonly reporter: Reporter;
  readonly signal: AbortSignal;
}

export function openExaminations({ local, names, repository, reporter, signal }: ExaminationOptions) {
  const root = REPOSITORY_ROOT;
  const clients = new AwsClientPool();
  const resolveTarget = async (environment: EnvironmentConfig): Promise<Target> =>
    (await resolveTargets([environment], { local }))[0] as Target;
  return {
    readMachine: () => readMachine({ root, emulator: local }),
    examineConfiguration: () => examineConfiguration({ root, local, today: new Date() }),
    choose: (all: readonly EnvironmentConfig[]) => selectEnvironments(names, all, 'all'),
    examineAccounts: (environments: readonly EnvironmentConfig[], chosen: readonly EnvironmentConfig[]) =>
      examineAccounts(
        { root, environments, chosen, named: names.length > 0, signal },
        { resolveTarget, synthesize, clients },
      ),
    examineGitHub: async (chosen: readonly EnvironmentConfig[]) => {
      const named =
        repository ?? (readVariables()['GITHUB_REPOSITORY'] || readTrustedRepository(join(root, 'cdk.json')).name);
      if (local) return unseenGitHub(named, '--local: no GitHub is asked');
      const github = openGitHub(named, reporter, signal);
      return github === undefined
        ? examineWithoutToken(named, repository !== undefined)
        : examineGitHub({ repository: named, chosen, wanted: readWanted(), github });
    },
  };
}

/** Undefined without a token. */
function openGitHub(repository: string, reporter: Reporter, signal: AbortSignal): GitHub | undefined {
  const variables = readVariables();
  if (!variables['GITHUB_TOKEN']) return undefined;
  return createGitHub({ ...readGitHubSettings(variables, repository), warn: (text) => reporter.warn(text), signal });
}
