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
  constructor(who: string, reason: string, remedy: string, cause: unknown) {
    super(`${who} takes no call from here: ${reason}\n${remedy}`, {
      code: 'NO_CREDENTIALS',
      source: 'user',
      exitCode: EXIT.failed,
      cause,
    });
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
  /** A client for AWS in `region`, or for an emulated account. */
  readonly stsFor: (destination: Pick<Target, 'region' | 'emulator'>) => Pick<STSClient, 'send'>;
  readonly createLocalTarget: (environment: EnvironmentConfig) => Promise<Target>;
}

const defaultDependencies: Dependencies = {
  stsFor: (destination) => createAwsClients(destination).sts,
  createLocalTarget,
};

/**
 * One Target per environment, in the same order.
 * @throws NoCredentialsError, WrongAccountError, EmulatedAccountDownError, UnsignedCallsError
 */
export async function resolveTargets(
  environments: readonly EnvironmentConfig[],
  { local }: { readonly local: boolean },
  deps: Dependencies = defaultDependencies,
): Promise<readonly Target[]> {
  if (local) return await resolveLocalTargets(environments, deps);
  const [first] = environments;
  if (first === undefined) return [];
  const caller = await identifyCaller(deps.stsFor({ region: first.region }), refusedByAws);
  const wrong = environments.filter(({ account }) => account !== caller.account);
  if (wrong.length > 0) throw new WrongAccountError(wrong, caller);
  return environments.map((environment) => ({
    environment,
    account: environment.account,
    region: environment.region,
    unanswerable: [],
  }));
}

async function resolveLocalTargets(
  environments: readonly EnvironmentConfig[],
  deps: Dependencies,
): Promise<readonly Target[]> {
  const targets = await Promise.all(environments.map((environment) => deps.createLocalTarget(environment)));
  const guarded = targets.filter(({ emulator }) => emulator?.signedBy === 'environment');
  const accounts = new Map(guarded.map((target) => [target.account, target]));
  await Promise.all([...accounts.values()].map((target) => identifyCaller(deps.stsFor(target), refusedBy(target))));
  return targets;
}

type Refusal = (error: Error) => NoCredentialsError;

const refusedByAws: Refusal = (error) =>
  new NoCredentialsError(
    'AWS',
    error.message,
    'Sign in (AWS_PROFILE, `aws sso login`, or OIDC in a workflow), or aim at the emulated accounts with --local.',
    error,
  );

const refusedBy =
  ({ account, environment }: Target): Refusal =>
  (error) =>
    new NoCredentialsError(
      `The emulated account ${account} of ${environment.name}`,
      error.message,
      'It takes only sessions of its roles: set AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN to one.',
      error,
    );

/** Error names by which AWS and the SDK say that credentials are absent, expired or wrong. */
const REFUSED =
  /^(CredentialsProviderError|TokenProviderError|ExpiredToken(Exception)?|InvalidClientTokenId|SignatureDoesNotMatch|UnrecognizedClientException|AccessDenied(Exception)?)$/;

async function identifyCaller(sts: Pick<STSClient, 'send'>, refusal: Refusal): Promise<Caller> {
  // Loaded here: --local does not need it.
  const { GetCallerIdentityCommand } = await import('@aws-sdk/client-sts');
  try {
    const { Account: account = 'unknown', Arn: arn = 'unknown' } = await sts.send(new GetCallerIdentityCommand({}));
    return { account, arn };
  } catch (error) {
    if (error instanceof Error && REFUSED.test(error.name)) throw refusal(error);
    throw error;
  }
}
