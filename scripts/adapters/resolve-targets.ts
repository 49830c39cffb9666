/**
 * Where the environments a command names are: in AWS, after checking whose credentials these are, or emulated.
 */
import type { STSClient } from '@aws-sdk/client-sts';
import type { EnvironmentConfig } from '../../environments/environment-config.ts';
import { accountVariable } from '../../environments/naming.ts';
import { EXIT, GitOpsError } from '../core/errors.ts';
import { createAwsClients } from './aws-clients.ts';
import { createLocalTarget } from './emulator/local-target.ts';
import type { Target } from './target.ts';

/** Thrown when there are no credentials, or AWS does not take them. */
export class NoCredentialsError extends GitOpsError {
  constructor(reason: string, cause: unknown) {
    super(
      `AWS takes no call from here: ${reason}\n` +
        'Sign in (AWS_PROFILE, `aws sso login`, or OIDC in a workflow), or aim at the emulated accounts with --local.',
      { code: 'NO_CREDENTIALS', source: 'user', exitCode: EXIT.failed, cause },
    );
  }
}

/** Thrown when the credentials belong to another account than the environment. */
export class WrongAccountError extends GitOpsError {
  constructor(wrong: readonly EnvironmentConfig[], found: Caller) {
    const lines = wrong.map(
      ({ name, account }) =>
        `  ${name} is in account ${account}. Use credentials of that account, or, if it moved, set ${accountVariable(name)}=${found.account}.`,
    );
    super(`The credentials in use belong to account ${found.account} (${found.arn}):\n${lines.join('\n')}`, {
      code: 'WRONG_ACCOUNT',
      source: 'user',
      exitCode: EXIT.failed,
    });
  }
}

interface Caller {
  readonly account: string;
  readonly arn: string;
}

export interface Dependencies {
  /** A client for AWS in `region`. */
  readonly stsFor: (region: string) => Pick<STSClient, 'send'>;
  readonly createLocalTarget: (environment: EnvironmentConfig) => Promise<Target>;
}

const defaultDependencies: Dependencies = {
  stsFor: (region) => createAwsClients({ region }).sts,
  createLocalTarget,
};

/**
 * One Target per environment, in the same order.
 * @throws NoCredentialsError, WrongAccountError, EmulatedAccountDownError
 */
export async function resolveTargets(
  environments: readonly EnvironmentConfig[],
  { local }: { readonly local: boolean },
  deps: Dependencies = defaultDependencies,
): Promise<readonly Target[]> {
  if (local) return await Promise.all(environments.map((environment) => deps.createLocalTarget(environment)));
  const [first] = environments;
  if (first === undefined) return [];
  const caller = await identifyCaller(deps.stsFor(first.region));
  const wrong = environments.filter(({ account }) => account !== caller.account);
  if (wrong.length > 0) throw new WrongAccountError(wrong, caller);
  return environments.map((environment) => ({
    environment,
    account: environment.account,
    region: environment.region,
    unanswerable: [],
  }));
}

/** Error names by which AWS and the SDK say that credentials are absent, expired or wrong. */
const REFUSED =
  /^(CredentialsProviderError|TokenProviderError|ExpiredToken(Exception)?|InvalidClientTokenId|SignatureDoesNotMatch|UnrecognizedClientException|AccessDenied(Exception)?)$/;

async function identifyCaller(sts: Pick<STSClient, 'send'>): Promise<Caller> {
  // Loaded here: --local does not need it.
  const { GetCallerIdentityCommand } = await import('@aws-sdk/client-sts');
  try {
    const { Account: account = 'unknown', Arn: arn = 'unknown' } = await sts.send(new GetCallerIdentityCommand({}));
    return { account, arn };
  } catch (error) {
    if (error instanceof Error && REFUSED.test(error.name)) throw new NoCredentialsError(error.message, error);
    throw error;
  }
}
