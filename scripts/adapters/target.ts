/**
 * Where an environment's calls go: an AWS account, or an emulated one. Made once per command and environment.
 */
import type { EnvironmentConfig } from '../../environments/environment-config.ts';
import type { Unanswerable } from '../core/check.ts';

export interface Target {
  readonly environment: EnvironmentConfig;
  /** Account and region to talk to: the config's, after `CDK_{NAME}_ACCOUNT`. */
  readonly account: string;
  readonly region: string;
  /** Set for an emulated account only. */
  readonly emulator?: {
    /** `http://127.0.0.1:4566` */
    readonly endpoint: string;
    readonly credentials: {
      readonly accessKeyId: string;
      readonly secretAccessKey: string;
      readonly sessionToken?: string;
    };
    /**
     * `environment`: these are credentials of the environment, of a session of one of the account's roles, and the
     * account takes no others. Left out: the account's own, which may do anything.
     */
    readonly signedBy?: 'environment';
  };
  /** Checks this target can't answer; empty for AWS. */
  readonly unanswerable: readonly Unanswerable[];
}

/**
 * Whether the calls of `target` may go to another environment's account too. Credentials of the environment are those of
 * one account; an emulated one's own need no asking.
 */
export const reaches = (
  { account, emulator }: Pick<Target, 'account' | 'emulator'>,
  other: Pick<EnvironmentConfig, 'account'>,
): boolean => other.account === account || (emulator !== undefined && emulator.signedBy === undefined);
