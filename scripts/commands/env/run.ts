/**
 * `env`: what another tool needs to know to reach one environment, as shell commands and as JSON.
 */
import type { EnvironmentConfig } from '../../../environments/environment-config.ts';
import type { CommandResult } from '../../adapters/cli/command.ts';
import type { Target } from '../../adapters/target.ts';
import { EXIT, UsageError } from '../../core/errors.ts';

export interface EnvInput {
  readonly environments: readonly EnvironmentConfig[];
  /** The emulated account instead of AWS. */
  readonly local: boolean;
}

export interface Dependencies {
  readonly createLocalTarget: (environment: EnvironmentConfig) => Promise<Target>;
  /** Path of the AWS command line that came with the emulated accounts. */
  readonly aws: string;
}

/** What a shell or a tool is to have. */
interface Aim {
  readonly variables: Readonly<Record<string, string>>;
  /** Left over from elsewhere they would win, or mix in. */
  readonly unset: readonly string[];
  /** The AWS command line for it; undefined: the one installed. */
  readonly aws?: string;
}

/**
 * @throws UsageError unless exactly one environment is named; EmulatedAccountDownError
 */
export async function run({ environments, local }: EnvInput, deps: Dependencies): Promise<CommandResult> {
  const [environment, ...more] = environments;
  if (environment === undefined || more.length > 0) {
    throw new UsageError('A shell can be aimed at one environment at a time: name one with --env.');
  }
  const { name, account, region } = environment;
  const aim = local ? aimAtEmulator(await deps.createLocalTarget(environment), deps.aws) : aimAtAws(region);
  const flags = local ? ' --local' : '';
  return {
    exitCode: EXIT.done,
    document: { environment: name, account, region, ...aim },
    text: [`# eval "$(npm run -s env -- --env ${name}${flags})"`, ...toShell(aim)].join('\n'),
  };
}

const inRegion = (region: string): Record<string, string> => ({ AWS_REGION: region, AWS_DEFAULT_REGION: region });

/** Credentials are the caller's own. */
function aimAtAws(region: string): Aim {
  return { variables: inRegion(region), unset: ['AWS_ENDPOINT_URL'] };
}

function aimAtEmulator({ region, emulator }: Target, aws: string): Aim {
  if (emulator === undefined) throw new TypeError('not an emulated target');
  const { endpoint, credentials } = emulator;
  return {
    variables: {
      AWS_ENDPOINT_URL: endpoint,
      AWS_ACCESS_KEY_ID: credentials.accessKeyId,
      AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
      ...(credentials.sessionToken && { AWS_SESSION_TOKEN: credentials.sessionToken }),
      ...inRegion(region),
    },
    unset: [...(credentials.sessionToken ? [] : ['AWS_SESSION_TOKEN']), 'AWS_PROFILE'],
    aws,
  };
}

function toShell({ variables, unset, aws }: Aim): string[] {
  return [
    ...Object.entries(variables).map(([name, value]) => `export ${name}=${quote(value)}`),
    `unset ${unset.join(' ')}`,
    // The option too: for SQS this version of the command line does not heed AWS_ENDPOINT_URL.
    ...(aws === undefined ? [] : [`aws() { ${quote(aws)} --endpoint-url "$AWS_ENDPOINT_URL" "$@"; }`]),
  ];
}

const quote = (value: string): string => `'${value.replaceAll("'", "'\\''")}'`;
