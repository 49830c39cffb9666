/**
 * Accounts and the environments in them. PipelineStack is there once per account: this says where. Pure.
 */
import type { EnvironmentConfig } from './environment-config.ts';

/** Where an account's PipelineStack lives, and whom it serves. */
export interface PipelineHome {
  readonly account: string;
  readonly region: string;
  /** In the order of promotion; empty for an account that holds none (yet). */
  readonly environments: readonly EnvironmentConfig[];
}

/** What the CDK CLI says about the credentials in use: https://docs.aws.amazon.com/cdk/v2/guide/environments.html */
export interface DefaultEnvironment {
  readonly CDK_DEFAULT_ACCOUNT?: string | undefined;
  readonly CDK_DEFAULT_REGION?: string | undefined;
}

/**
 * The account of the credentials, or without any that of the first wave; the region of its first environment, or
 * without any `CDK_DEFAULT_REGION`.
 * @param environments all of them, in the order of promotion, at least one
 * @throws RangeError without an environment, which loading refuses
 */
export function pipelineHome(environments: readonly EnvironmentConfig[], defaults: DefaultEnvironment): PipelineHome {
  const [first] = environments;
  if (first === undefined) throw new RangeError('There is no environment');
  const account = defaults.CDK_DEFAULT_ACCOUNT || first.account;
  const inAccount = environments.filter((environment) => environment.account === account);
  const region = inAccount[0]?.region ?? (defaults.CDK_DEFAULT_REGION || first.region);
  return { account, region, environments: inAccount };
}
