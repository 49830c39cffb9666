/**
 * Environments as the jobs of a workflow take them: waves of legs, each with all a job must know before it may read the
 * settings of its GitHub environment. Pure.
 */
import type { EnvironmentConfig } from '../../../environments/environment-config.ts';
import { type GitOpsRole, gitOpsRoleName, rollbackGitHubEnvironment } from '../../../environments/naming.ts';
import { waves } from '../../../environments/waves.ts';
import { EXIT, GitOpsError } from '../errors.ts';

/** Jobs wave-1 to wave-5 of promote.yml: the job graph of GitHub Actions is fixed before a run begins. */
export const WAVE_JOBS = 5;

/** Thrown when the order of promotion is longer than the job graph. */
export class TooManyWavesError extends GitOpsError {
  constructor(chain: readonly string[]) {
    super(
      `The order of promotion has ${chain.length} waves (${chain.join(' → ')}), and promote.yml has the jobs wave-1 to ` +
        `wave-${WAVE_JOBS}. Give an environment an earlier promotion.after, or add jobs to promote.yml and raise WAVE_JOBS.`,
      { code: 'TOO_MANY_WAVES', source: 'user', exitCode: EXIT.usage },
    );
  }
}

/** What the jobs of one environment need. The keys are the inputs of deploy.yml where it has them. */
export interface Leg {
  readonly environment: string;
  readonly account: string;
  readonly region: string;
  /** Approval is asked, and the plan is shown before. */
  readonly production: boolean;
  readonly 'read-role': string;
  readonly 'deploy-role': string;
  readonly 'destroy-role': string;
  readonly 'rollback-environment': string;
}

/** @param environment with the account it really is in */
export function legOf({ name, account, region, stage }: EnvironmentConfig): Leg {
  const role = (kind: GitOpsRole): string =>
    `arn:${partitionOf(region)}:iam::${account}:role/${gitOpsRoleName(kind, name)}`;
  return {
    environment: name,
    account,
    region,
    production: stage === 'production',
    'read-role': role('read'),
    'deploy-role': role('deploy'),
    'destroy-role': role('destroy'),
    'rollback-environment': rollbackGitHubEnvironment(name),
  };
}

/**
 * One list of legs per job, the last ones empty: an empty wave's job is skipped.
 * @throws TooManyWavesError
 */
export function wavesOfJobs(environments: readonly EnvironmentConfig[]): readonly (readonly Leg[])[] {
  const found = waves(environments);
  if (found.length > WAVE_JOBS) {
    throw new TooManyWavesError(found.map((wave) => wave.map(({ name }) => name).join(', ')));
  }
  return Array.from({ length: WAVE_JOBS }, (_, index) => (found[index] ?? []).map(legOf));
}

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html#arns-syntax */
function partitionOf(region: string): string {
  if (region.startsWith('cn-')) return 'aws-cn';
  return region.startsWith('us-gov-') ? 'aws-us-gov' : 'aws';
}
